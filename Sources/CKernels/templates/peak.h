// The rate of fused multiply-adds that this core reaches with everything in registers: the measure
// that the other kernels are held against.

static double NAME(peak_flops)(long rounds) {
  vf sum[12];
  volatile float seed = 1.0f;
  for (int i = 0; i < 12; i++) sum[i] = vset(seed + i);
  vf factor = vset(seed * 0.999999f), term = vset(seed * 1e-9f);
  for (long round = 0; round < rounds; round++)
#pragma unroll
    for (int i = 0; i < 12; i++) sum[i] = sum[i] * factor + term;
  vf total = sum[0];
  for (int i = 1; i < 12; i++) total += sum[i];
  volatile float sink = vsum(total);
  (void)sink;
  return 2.0 * LANES * 12 * (double)rounds;
}

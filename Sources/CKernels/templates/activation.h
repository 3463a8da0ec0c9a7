// Activations, their gradients from the output alone, and masks of dropout.

static void NAME(clip)(const float *x_, float *y, float low, float high, long count) {
  // Comparisons with NaN are false, so NaN stays.
  MAP(x_, y, count, vselect(x < low, vset(low), vselect(x > high, vset(high), x)));
}

static void NAME(leaky_relu)(const float *x_, float *y, float slope, long count) {
  MAP(x_, y, count, vselect(x > 0.0f, x, x * slope));
}

/// dx = dy * (expression of the output y), with a scalar rest.
#define GRADIENT_MAP(expression)                             \
  do {                                                       \
    long i_ = 0;                                             \
    for (; i_ + LANES <= count; i_ += LANES) {               \
      vf y = vload(y_ + i_), dy = vload(dy_ + i_);           \
      vstore(dx + i_, (expression));                         \
    }                                                        \
    if (i_ < count) {                                        \
      vf y = vload_part(y_ + i_, count - i_);                \
      vf dy = vload_part(dy_ + i_, count - i_);              \
      vstore_part(dx + i_, (expression), count - i_);        \
    }                                                        \
  } while (0)

static void NAME(clip_gradient)(const float *y_, const float *dy_, float *dx, float low, float high,
                                long count) {
  GRADIENT_MAP(vselect((y > low) & (y < high), dy, vset(0)));
}

static void NAME(leaky_relu_gradient)(const float *y_, const float *dy_, float *dx, float slope,
                                      long count) {
  GRADIENT_MAP(vselect(y > 0.0f, dy, dy * slope));
}

static void NAME(sigmoid_gradient)(const float *y_, const float *dy_, float *dx, long count) {
  GRADIENT_MAP(dy * (y * (1.0f - y)));
}

static void NAME(tanh_gradient)(const float *y_, const float *dy_, float *dx, long count) {
  GRADIENT_MAP(dy * (1.0f - y * y));
}

static void NAME(multiply)(const float *y_, const float *dy_, float *dx, long count) {
  GRADIENT_MAP(y * dy);
}

/// Element i is decided by a hash of key and first + i alone (SplitMix64), whatever the partition.
static void NAME(dropout_mask)(uint64_t key, long first, uint32_t threshold, float scale,
                               float *mask, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t z = key + (uint64_t)(first + i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    mask[i] = (uint32_t)((z ^ (z >> 31)) >> 32) >= threshold ? scale : 0;
  }
}

// Sums along the rows or columns of a matrix.

static void NAME(column_sums)(const float *x, float *sums, long rows, long columns, long stride) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    vf sum[4] = {vset(0), vset(0), vset(0), vset(0)};
    for (long r = 0; r < rows; r++)
#pragma unroll
      for (int v = 0; v < 4; v++) sum[v] += vload(x + r * stride + c + v * LANES);
#pragma unroll
    for (int v = 0; v < 4; v++) vstore(sums + c + v * LANES, sum[v]);
  }
  for (; c < columns; c++) {
    float sum = 0;
    for (long r = 0; r < rows; r++) sum += x[r * stride + c];
    sums[c] = sum;
  }
}

static void NAME(column_sums_bfloat16)(const uint16_t *x, float *sums, long rows, long columns,
                                       long stride) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    vf sum[4] = {vset(0), vset(0), vset(0), vset(0)};
    for (long r = 0; r < rows; r++)
#pragma unroll
      for (int v = 0; v < 4; v++) sum[v] += vload_bfloat16(x + r * stride + c + v * LANES);
#pragma unroll
    for (int v = 0; v < 4; v++) vstore(sums + c + v * LANES, sum[v]);
  }
  for (; c < columns; c += LANES) {
    const long width = columns - c < LANES ? columns - c : LANES;
    vf sum = vset(0);
    for (long r = 0; r < rows; r++) sum += vload_bfloat16_part(x + r * stride + c, width);
    vstore_part(sums + c, sum, width);
  }
}

static void NAME(narrow_all)(const float *x, uint16_t *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) vstore_bfloat16(y + i, vload(x + i));
  if (i < count) vstore_bfloat16_part(y + i, vload_part(x + i, count - i), count - i);
}

static void NAME(widen)(const uint16_t *x, float *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) vstore(y + i, vload_bfloat16(x + i));
  if (i < count) vstore_part(y + i, vload_bfloat16_part(x + i, count - i), count - i);
}

static void NAME(column_dots)(const float *x, long x_stride, const float *y, long y_stride,
                              float *sums, long rows, long columns) {
  for (long c = 0; c < columns; c++) sums[c] = 0;
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c++) sums[c] += x[r * x_stride + c] * y[r * y_stride + c];
}

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

static void NAME(column_dots)(const float *x, long x_stride, const float *y, long y_stride,
                              float *sums, long rows, long columns) {
  for (long c = 0; c < columns; c++) sums[c] = 0;
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c++) sums[c] += x[r * x_stride + c] * y[r * y_stride + c];
}

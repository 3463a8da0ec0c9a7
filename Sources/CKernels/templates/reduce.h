// Sums along the rows or columns of a matrix.

/// Rows are read along their whole length, several beside each other: a walk down a few columns
/// would touch another page with every row. Each sum is still in the order of the rows.
static void NAME(column_sums)(const float *x, float *sums, long rows, long columns, long stride) {
  enum { BESIDE = 8 };
  const long whole = columns / LANES * LANES;
  for (long c = 0; c < columns; c++) sums[c] = 0;
  long r = 0;
  for (; r + BESIDE <= rows; r += BESIDE, x += BESIDE * stride) {
    for (long c = 0; c < whole; c += LANES) {
      vf sum = vload(sums + c);
#pragma unroll
      for (int i = 0; i < BESIDE; i++) sum += vload(x + i * stride + c);
      vstore(sums + c, sum);
    }
    for (long c = whole; c < columns; c++)
      for (int i = 0; i < BESIDE; i++) sums[c] += x[i * stride + c];
  }
  for (; r < rows; r++, x += stride)
    for (long c = 0; c < columns; c++) sums[c] += x[c];
}

static void NAME(column_sums_bfloat16)(const uint16_t *x, float *sums, long rows, long columns,
                                       long stride) {
  enum { BESIDE = 8 };
  const long whole = columns / LANES * LANES, rest = columns - whole;
  for (long c = 0; c < columns; c++) sums[c] = 0;
  vf last = vset(0);
  long r = 0;
  for (; r + BESIDE <= rows; r += BESIDE, x += BESIDE * stride) {
    for (long c = 0; c < whole; c += LANES) {
      vf sum = vload(sums + c);
#pragma unroll
      for (int i = 0; i < BESIDE; i++) sum += vload_bfloat16(x + i * stride + c);
      vstore(sums + c, sum);
    }
    for (int i = 0; i < BESIDE && rest > 0; i++)
      last += vload_bfloat16_part(x + i * stride + whole, rest);
  }
  for (; r < rows; r++, x += stride) {
    for (long c = 0; c < whole; c += LANES)
      vstore(sums + c, vload(sums + c) + vload_bfloat16(x + c));
    if (rest > 0) last += vload_bfloat16_part(x + whole, rest);
  }
  if (rest > 0) vstore_part(sums + whole, last, rest);
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

// Statistics, normalisation and their gradients.
//
// Long sums are made of partial sums over SUM_BLOCK terms, so that the rounding error of a sum of n
// terms grows with SUM_BLOCK + n / SUM_BLOCK instead of n. The blocks never depend on threads.

#define SUM_BLOCK 128

/// One group of columns of one block of rows: adds Σ g and Σ g · h to the totals, where h = x - shift
/// and g is dy, or h itself where dy is null.
INLINE void NAME(moment_group)(const int vectors, const float *x_, const float *dy_,
                               const long *rows, long count, long stride, const float *shift,
                               float *first, float *second) {
  vf sum1[4], sum2[4], middle[4];
  for (int v = 0; v < vectors; v++) {
    sum1[v] = sum2[v] = vset(0);
    middle[v] = vload(shift + v * LANES);
  }
  for (long i = 0; i < count; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      vf x = vload(x_ + rows[i] * stride + v * LANES) - middle[v];
      vf dy = dy_ ? vload(dy_ + rows[i] * stride + v * LANES) : x;
      sum1[v] += dy;
      sum2[v] += dy * x;
    }
  for (int v = 0; v < vectors; v++) {
    vstore(first + v * LANES, vload(first + v * LANES) + sum1[v]);
    vstore(second + v * LANES, vload(second + v * LANES) + sum2[v]);
  }
}

/// Blocks of rows outside, so that their columns come from the cache.
INLINE void NAME(all_moments)(const float *x, const float *dy, const long *rows, long count,
                              long columns, long stride, const float *shift, float *first,
                              float *second) {
  memset(first, 0, columns * sizeof *first);
  memset(second, 0, columns * sizeof *second);
  for (long start = 0; start < count; start += SUM_BLOCK) {
    const long *block = rows + start;
    long size = count - start < SUM_BLOCK ? count - start : SUM_BLOCK;
    long c = 0;
    for (; c + 4 * LANES <= columns; c += 4 * LANES)
      NAME(moment_group)
      (4, x + c, dy ? dy + c : 0, block, size, stride, shift + c, first + c, second + c);
    for (; c + LANES <= columns; c += LANES)
      NAME(moment_group)
      (1, x + c, dy ? dy + c : 0, block, size, stride, shift + c, first + c, second + c);
    for (; c < columns; c++) {
      float sum1 = 0, sum2 = 0;
      for (long i = 0; i < size; i++) {
        float value = x[block[i] * stride + c] - shift[c];
        float gradient = dy ? dy[block[i] * stride + c] : value;
        sum1 += gradient;
        sum2 += gradient * value;
      }
      first[c] += sum1;
      second[c] += sum2;
    }
  }
}

static void NAME(moments)(const float *x, const long *rows, long count, long columns, long stride,
                          const float *shift, float *first, float *second) {
  NAME(all_moments)(x, 0, rows, count, columns, stride, shift, first, second);
}

static void NAME(gradient_moments)(const float *x, const float *dy, const long *rows, long count,
                                   long columns, long stride, const float *shift, float *first,
                                   float *second) {
  NAME(all_moments)(x, dy, rows, count, columns, stride, shift, first, second);
}

static void NAME(affine_columns)(const float *x, float *y, const float *mean, const float *scale,
                                 const float *shift, long columns) {
  for (long c = 0; c < columns; c++) y[c] = (x[c] - mean[c]) * scale[c] + shift[c];
}

static void NAME(affine_columns_gradient)(const float *x, const float *dy, float *dx,
                                          const float *mean, const float *a, const float *b,
                                          const float *d, long columns) {
  for (long c = 0; c < columns; c++) dx[c] = a[c] * dy[c] + (b[c] * (x[c] - mean[c]) + d[c]);
}

static void NAME(row_moments)(const float *x_, float shift, long count, float *first,
                              float *second) {
  vf sum1 = vset(0), sum2 = vset(0);
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vf x = vload(x_ + i) - shift;
    sum1 += x;
    sum2 += x * x;
  }
  float rest1 = 0, rest2 = 0;
  for (; i < count; i++) {
    float x = x_[i] - shift;
    rest1 += x;
    rest2 += x * x;
  }
  *first = vsum(sum1) + rest1;
  *second = vsum(sum2) + rest2;
}

static void NAME(row_gradient_moments)(const float *x_, const float *dy_, const float *weight,
                                       float shift, long count, float *first, float *second) {
  vf sum1 = vset(0), sum2 = vset(0);
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vf x = vload(x_ + i) - shift, dy = vload(dy_ + i);
    if (weight) dy *= vload(weight + i);
    sum1 += dy;
    sum2 += dy * x;
  }
  float rest1 = 0, rest2 = 0;
  for (; i < count; i++) {
    float dy = weight ? dy_[i] * weight[i] : dy_[i];
    rest1 += dy;
    rest2 += dy * (x_[i] - shift);
  }
  *first = vsum(sum1) + rest1;
  *second = vsum(sum2) + rest2;
}

static void NAME(layer_norm)(const float *x, float *y, const float *scale, const float *shift,
                             float mean, float inverse, long columns) {
  for (long c = 0; c < columns; c++) y[c] = (x[c] - mean) * inverse * scale[c] + shift[c];
}

static void NAME(layer_norm_gradient)(const float *x, const float *dy, float *dx,
                                      const float *scale, float mean, float inverse, float first,
                                      float second, long columns) {
  float a = first / columns;
  float b = second * inverse * inverse / columns;
  for (long c = 0; c < columns; c++)
    dx[c] = inverse * (dy[c] * scale[c] - a - (x[c] - mean) * b);
}

/// Sums dy and dy · (x − mean) / deviation over rows, per column; each row has its own mean.
static void NAME(layer_norm_sums)(const float *x_, const float *dy_, const float *mean,
                                  const float *inverse, long rows, long columns, long stride,
                                  float *first, float *second) {
  for (long c = 0; c < columns; c += LANES) {
    long width = columns - c < LANES ? columns - c : LANES;
    vf total1 = vset(0), total2 = vset(0);
    for (long start = 0; start < rows; start += SUM_BLOCK) {
      long end = start + SUM_BLOCK < rows ? start + SUM_BLOCK : rows;
      vf sum1 = vset(0), sum2 = vset(0);
      for (long r = start; r < end; r++) {
        const float *x_row = x_ + r * stride + c, *dy_row = dy_ + r * stride + c;
        vf x = width == LANES ? vload(x_row) : vload_part(x_row, width);
        vf dy = width == LANES ? vload(dy_row) : vload_part(dy_row, width);
        sum1 += dy;
        sum2 += dy * ((x - mean[r]) * inverse[r]);
      }
      total1 += sum1;
      total2 += sum2;
    }
    vstore_part(first + c, total1, width);
    vstore_part(second + c, total2, width);
  }
}

// Statistics, normalisation and their gradients.
//
// Long sums are made of partial sums over SUM_BLOCK terms, so that the rounding error of a sum of n
// terms grows with SUM_BLOCK + n / SUM_BLOCK instead of n. The blocks never depend on threads.

#define SUM_BLOCK 128

/// Sums two expressions of row r and column c over the listed rows, column by column. `vector` gives
/// the terms of LANES columns, the same formulas as `scalar` gives for one.
#define LISTED_SUMS(vector, scalar)                                       \
  do {                                                                    \
    for (long c = 0; c < columns; c += LANES) {                           \
      long width = columns - c < LANES ? columns - c : LANES;             \
      vf total1 = vset(0), total2 = vset(0);                              \
      for (long start = 0; start < count; start += SUM_BLOCK) {           \
        long end = start + SUM_BLOCK < count ? start + SUM_BLOCK : count; \
        vf sum1 = vset(0), sum2 = vset(0);                                \
        if (width == LANES)                                               \
          for (long i = start; i < end; i++) { vector }                   \
        else                                                              \
          for (long i = start; i < end; i++) { scalar }                   \
        total1 += sum1;                                                   \
        total2 += sum2;                                                   \
      }                                                                   \
      vstore_part(first + c, total1, width);                              \
      vstore_part(second + c, total2, width);                             \
    }                                                                     \
  } while (0)

static void NAME(moments)(const float *x_, const long *rows, long count, long columns, long stride,
                          const float *shift, float *first, float *second) {
  LISTED_SUMS(
      {
        vf x = vload(x_ + rows[i] * stride + c) - vload(shift + c);
        sum1 += x;
        sum2 += x * x;
      },
      {
        vf x = vload_part(x_ + rows[i] * stride + c, width) - vload_part(shift + c, width);
        sum1 += x;
        sum2 += x * x;
      });
}

static void NAME(gradient_moments)(const float *x_, const float *dy_, const long *rows, long count,
                                   long columns, long stride, const float *shift, float *first,
                                   float *second) {
  LISTED_SUMS(
      {
        vf x = vload(x_ + rows[i] * stride + c) - vload(shift + c);
        vf dy = vload(dy_ + rows[i] * stride + c);
        sum1 += dy;
        sum2 += dy * x;
      },
      {
        vf x = vload_part(x_ + rows[i] * stride + c, width) - vload_part(shift + c, width);
        vf dy = vload_part(dy_ + rows[i] * stride + c, width);
        sum1 += dy;
        sum2 += dy * x;
      });
}
#undef LISTED_SUMS

static void NAME(affine_columns)(const float *x, float *y, const float *mean, const float *scale,
                                 const float *shift, long columns) {
  for (long c = 0; c < columns; c++) y[c] = (x[c] - mean[c]) * scale[c] + shift[c];
}

static void NAME(affine_columns_gradient)(const float *x, const float *dy, float *dx,
                                          const float *mean, const float *a, const float *b,
                                          const float *d, long columns) {
  for (long c = 0; c < columns; c++) dx[c] = a[c] * dy[c] + (b[c] * (x[c] - mean[c]) + d[c]);
}

static void NAME(affine)(const float *x_, float *y, float mean, float scale, float shift,
                         long count) {
  MAP(x_, y, count, (x - mean) * scale + shift);
}

static void NAME(affine_gradient)(const float *x, const float *dy, float *dx, float mean, float a,
                                  float b, float d, long count) {
  for (long i = 0; i < count; i++) dx[i] = a * dy[i] + (b * (x[i] - mean) + d);
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

// Convolutions along time, pooling, and the transposition that images need on their way to a
// matrix product.

/// One block of columns of `lookahead`: windows that lie inside go four at a time, so that each
/// weight is loaded once for four products.
INLINE void NAME(lookahead_block)(const int vectors, const float *x, const float *w, float *y,
                                  long length, long taps, long columns, long stride) {
  long t = 0;
  for (; t + 4 + taps - 1 <= length; t += 4) {
    vf sum[4][2];
    for (int i = 0; i < 4; i++)
      for (int v = 0; v < vectors; v++) sum[i][v] = vset(0);
    for (long j = 0; j < taps; j++)
      for (int v = 0; v < vectors; v++) {
        vf weight = vload(w + j * columns + v * LANES);
        for (int i = 0; i < 4; i++)
          sum[i][v] += weight * vload(x + (t + i + j) * stride + v * LANES);
      }
    for (int i = 0; i < 4; i++)
      for (int v = 0; v < vectors; v++) vstore(y + (t + i) * stride + v * LANES, sum[i][v]);
  }
  for (; t < length; t++) {
    long reach = length - t < taps ? length - t : taps;
    for (int v = 0; v < vectors; v++) {
      vf sum = vset(0);
      for (long j = 0; j < reach; j++)
        sum += vload(w + j * columns + v * LANES) * vload(x + (t + j) * stride + v * LANES);
      vstore(y + t * stride + v * LANES, sum);
    }
  }
}

static void NAME(lookahead)(const float *x, const float *w, float *y, long length, long taps,
                            long columns, long first, long last, long stride) {
  long c = first;
  for (; c + 2 * LANES <= last; c += 2 * LANES)
    NAME(lookahead_block)(2, x + c, w + c, y + c, length, taps, columns, stride);
  for (; c + LANES <= last; c += LANES)
    NAME(lookahead_block)(1, x + c, w + c, y + c, length, taps, columns, stride);
  for (; c < last; c++)
    for (long t = 0; t < length; t++) {
      float sum = 0;
      for (long j = 0; j < taps && t + j < length; j++)
        sum += w[j * columns + c] * x[(t + j) * stride + c];
      y[t * stride + c] = sum;
    }
}

static void NAME(lookahead_weight_gradient)(const float *x, const float *dy, float *dw,
                                            long length, long taps, long columns, long first,
                                            long last, long stride) {
  long c = first;
  for (; c + LANES <= last; c += LANES)
    for (long j = 0; j < taps; j += 4) {
      long width = taps - j < 4 ? taps - j : 4;
      vf sum[4] = {vset(0), vset(0), vset(0), vset(0)};
      long t = 0;
      if (width == 4)
        for (; t + j + 3 < length; t++) {
          vf gradient = vload(dy + t * stride + c);
          for (int i = 0; i < 4; i++) sum[i] += gradient * vload(x + (t + j + i) * stride + c);
        }
      for (; t + j < length; t++)
        for (long i = 0; i < width && t + j + i < length; i++)
          sum[i] += vload(dy + t * stride + c) * vload(x + (t + j + i) * stride + c);
      for (long i = 0; i < width; i++) {
        float *out = dw + (j + i) * columns + c;
        vstore(out, vload(out) + sum[i]);
      }
    }
  for (; c < last; c++)
    for (long j = 0; j < taps; j++) {
      float sum = 0;
      for (long t = 0; t + j < length; t++) sum += dy[t * stride + c] * x[(t + j) * stride + c];
      dw[j * columns + c] += sum;
    }
}

static void NAME(maximum_strided)(const float *x, long stride, float *y, long count) {
  // A NaN wins, so that it is not hidden.
  if (stride == 1)
    for (long i = 0; i < count; i++) y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i];
  else
    for (long i = 0; i < count; i++) {
      float value = x[i * stride];
      y[i] = value > y[i] || value != value ? value : y[i];
    }
}

static void NAME(maximum_strided_gradient)(const float *x, long stride, const float *y, float *rest,
                                           float *dx, long count) {
  for (long i = 0; i < count; i++) {
    float share = x[i * stride] == y[i] ? rest[i] : 0;
    dx[i * stride] += share;
    rest[i] -= share;
  }
}

static void NAME(add_strided)(const float *x, long x_stride, float *y, long y_stride, float scale,
                              long count) {
  for (long i = 0; i < count; i++) y[i * y_stride] += scale * x[i * x_stride];
}

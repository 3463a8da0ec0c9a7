// Pooling and normalisation of planes of an image: rows that lie `stride` apart, of which the first
// `length` columns are valid.

/// The last vector of a row of `length` >= LANES; what earlier vectors of `done` elements held of
/// it is zero.
INLINE vf NAME(unseen)(vf last, long length, long done) {
  static const int32_t places[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  typedef int32_t vi_unaligned __attribute__((ext_vector_type(LANES), aligned(4)));
  vi place = *(const vi_unaligned *)places;
  return vselect(place >= (int32_t)(done - (length - LANES)), last, vset(0));
}

/// first = Σ g and second = Σ g · h, where h = x - shift and g is dy, or h itself where dy is null.
///
/// Each lane adds up its part of a row, then the rows, so that no chain of sums is long.
INLINE void NAME(plane_sums)(const float *x_, const float *dy_, long rows, long length, long stride,
                             float shift, float *first, float *second) {
  vf total1 = vset(0), total2 = vset(0);
  float rest1 = 0, rest2 = 0;
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride, *dy = dy_ ? dy_ + row * stride : 0;
    if (length < LANES) {
      for (long i = 0; i < length; i++) {
        float h = x[i] - shift, g = dy ? dy[i] : h;
        rest1 += g;
        rest2 += g * h;
      }
      continue;
    }
    vf sum1[2] = {vset(0), vset(0)}, sum2[2] = {vset(0), vset(0)};
    long i = 0;
    for (; i + 2 * LANES <= length; i += 2 * LANES)
#pragma unroll
      for (int v = 0; v < 2; v++) {
        vf h = vload(x + i + v * LANES) - shift;
        vf g = dy ? vload(dy + i + v * LANES) : h;
        sum1[v] += g;
        sum2[v] += g * h;
      }
    for (; i < length; i += LANES) {
      long place = i + LANES <= length ? i : length - LANES;
      vf h = vload(x + place) - shift;
      vf g = dy ? vload(dy + place) : h;
      if (place < i) {
        g = NAME(unseen)(g, length, i);
        h = NAME(unseen)(h, length, i);
      }
      sum1[0] += g;
      sum2[0] += g * h;
    }
    total1 += sum1[0] + sum1[1];
    total2 += sum2[0] + sum2[1];
  }
  *first = vsum(total1) + rest1;
  *second = vsum(total2) + rest2;
}

static void NAME(plane_moments)(const float *x, long rows, long length, long stride, float shift,
                                float *first, float *second) {
  NAME(plane_sums)(x, 0, rows, length, stride, shift, first, second);
}

static void NAME(plane_gradient_moments)(const float *x, const float *dy, long rows, long length,
                                         long stride, float shift, float *first, float *second) {
  NAME(plane_sums)(x, dy, rows, length, stride, shift, first, second);
}

/// Runs `vector`, an expression of i, over one row; the last vector overlaps the one before. Rows
/// shorter than a vector go by `scalar`.
#define PLANE_ROW(y, length, vector, scalar)                       \
  do {                                                             \
    if ((length) < LANES) {                                        \
      for (long i = 0; i < (length); i++) (y)[i] = (scalar);       \
    } else {                                                       \
      long i = 0;                                                  \
      for (; i + LANES <= (length); i += LANES) vstore((y) + i, (vector)); \
      if (i < (length)) {                                          \
        i = (length) - LANES;                                      \
        vstore((y) + i, (vector));                                 \
      }                                                            \
    }                                                              \
  } while (0)

static void NAME(plane_affine)(const float *x_, float *y_, long rows, long length, long stride,
                               float mean, float scale, float shift) {
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride;
    float *y = y_ + row * stride;
    PLANE_ROW(y, length, (vload(x + i) - mean) * scale + shift, (x[i] - mean) * scale + shift);
    if (stride > length) memset(y + length, 0, (stride - length) * sizeof *y);
  }
}

static void NAME(plane_affine_gradient)(const float *x_, const float *dy_, float *dx_, long rows,
                                        long length, long stride, float mean, float a, float b,
                                        float d) {
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride, *dy = dy_ + row * stride;
    float *dx = dx_ + row * stride;
    PLANE_ROW(dx, length, a * vload(dy + i) + (b * (vload(x + i) - mean) + d),
              a * dy[i] + (b * (x[i] - mean) + d));
    if (stride > length) memset(dx + length, 0, (stride - length) * sizeof *dx);
  }
}

typedef uint8_t NAME(bytes) __attribute__((ext_vector_type(LANES), aligned(1)));

/// The greatest of four, the first of equals; a NaN wins, so that it is not hidden.
INLINE void NAME(greatest)(vf *best, vi *choice, vf x, int place) {
  vi better = (x > *best) | (x != x);
  *best = vselect(better, x, *best);
  *choice = (better & place) | (~better & *choice);
}

INLINE void NAME(halve)(const float *top, const float *bottom, float *y, uint8_t *choices) {
  vf top0 = vload(top), top1 = vload(top + LANES);
  vf bottom0 = vload(bottom), bottom1 = vload(bottom + LANES);
  vf best = veven(top0, top1);
  vi choice = (vi)vset(0);
  NAME(greatest)(&best, &choice, vodd(top0, top1), 1);
  NAME(greatest)(&best, &choice, veven(bottom0, bottom1), 2);
  NAME(greatest)(&best, &choice, vodd(bottom0, bottom1), 3);
  vstore(y, best);
  *(NAME(bytes) *)choices = __builtin_convertvector(choice, NAME(bytes));
}

static void NAME(maximum_halved)(const float *top, const float *bottom, float *y, uint8_t *choices,
                                 long count) {
  if (count < LANES) {
    for (long i = 0; i < count; i++) {
      const float four[] = {top[2 * i], top[2 * i + 1], bottom[2 * i], bottom[2 * i + 1]};
      int best = 0;
      for (int place = 1; place < 4; place++)
        if (four[place] > four[best] || four[place] != four[place]) best = place;
      y[i] = four[best];
      choices[i] = best;
    }
    return;
  }
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    NAME(halve)(top + 2 * i, bottom + 2 * i, y + i, choices + i);
  i = count - LANES;
  NAME(halve)(top + 2 * i, bottom + 2 * i, y + i, choices + i);
}

INLINE void NAME(unhalve)(const float *dy, const uint8_t *choices, float *top, float *bottom) {
  vf gradient = vload(dy), none = vset(0);
  vi choice = __builtin_convertvector(*(const NAME(bytes) *)choices, vi);
  vf even = vselect(choice == 0, gradient, none), odd = vselect(choice == 1, gradient, none);
  vstore(top, vpairs_low(even, odd));
  vstore(top + LANES, vpairs_high(even, odd));
  even = vselect(choice == 2, gradient, none), odd = vselect(choice == 3, gradient, none);
  vstore(bottom, vpairs_low(even, odd));
  vstore(bottom + LANES, vpairs_high(even, odd));
}

static void NAME(maximum_halved_gradient)(const float *dy, const uint8_t *choices, float *top,
                                          float *bottom, long count) {
  if (count < LANES) {
    for (long i = 0; i < count; i++) {
      top[2 * i] = choices[i] == 0 ? dy[i] : 0;
      top[2 * i + 1] = choices[i] == 1 ? dy[i] : 0;
      bottom[2 * i] = choices[i] == 2 ? dy[i] : 0;
      bottom[2 * i + 1] = choices[i] == 3 ? dy[i] : 0;
    }
    return;
  }
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    NAME(unhalve)(dy + i, choices + i, top + 2 * i, bottom + 2 * i);
  i = count - LANES;
  NAME(unhalve)(dy + i, choices + i, top + 2 * i, bottom + 2 * i);
}

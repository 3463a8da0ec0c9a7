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

INLINE vf NAME(rectified)(const int kind, const scribe_affine *map, vf x) {
  if (kind == SCRIBE_CLIP)
    return vselect(x < map->low, vset(map->low), vselect(x > map->high, vset(map->high), x));
  if (kind == SCRIBE_LEAKY) return vselect(x > 0.0f, x, x * map->low);
  return x;
}

/// The gradient of `rectified` at x, times dy.
INLINE vf NAME(rectified_gradient)(const int kind, const scribe_affine *map, vf x, vf dy) {
  if (kind == SCRIBE_CLIP) return vselect((x > map->low) & (x < map->high), dy, vset(0));
  if (kind == SCRIBE_LEAKY) return vselect(x > 0.0f, dy, dy * map->low);
  return dy;
}

/// first = Σ g and second = Σ g · h, where h = x - mean and g is the gradient of the rectified
/// map's input, or h itself where dy is null.
///
/// Each lane adds up its part of a row, then the rows, so that no chain of sums is long.
INLINE void NAME(plane_sums)(const int kind, const scribe_affine *map, const float *x_,
                             const float *dy_, long rows, long length, long stride, float *first,
                             float *second) {
  const float mean = map->mean, scale = map->scale, shift = map->shift;
  vf total1 = vset(0), total2 = vset(0);
  float rest1 = 0, rest2 = 0;
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride, *dy = dy_ ? dy_ + row * stride : 0;
    if (length < LANES) {
      float g[LANES], h[LANES];
      vf difference = vload_part(x, length) - mean;
      vstore(h, difference);
      vstore(g, dy ? NAME(rectified_gradient)(kind, map, difference * scale + shift,
                                              vload_part(dy, length))
                   : difference);
      for (long i = 0; i < length; i++) {
        rest1 += g[i];
        rest2 += g[i] * h[i];
      }
      continue;
    }
    vf sum1[2] = {vset(0), vset(0)}, sum2[2] = {vset(0), vset(0)};
    long i = 0;
    for (; i + 2 * LANES <= length; i += 2 * LANES)
#pragma unroll
      for (int v = 0; v < 2; v++) {
        vf h = vload(x + i + v * LANES) - mean, g = h;
        if (dy)
          g = NAME(rectified_gradient)(kind, map, h * scale + shift, vload(dy + i + v * LANES));
        sum1[v] += g;
        sum2[v] += g * h;
      }
    for (; i < length; i += LANES) {
      long place = i + LANES <= length ? i : length - LANES;
      vf h = vload(x + place) - mean, g = h;
      if (dy) g = NAME(rectified_gradient)(kind, map, h * scale + shift, vload(dy + place));
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
  const scribe_affine map = {.mean = shift};
  NAME(plane_sums)(SCRIBE_LINEAR, &map, x, 0, rows, length, stride, first, second);
}

static void NAME(plane_gradient_moments)(const scribe_affine *map, const float *x, const float *dy,
                                         long rows, long length, long stride, float *first,
                                         float *second) {
#define CASE(kind)                                                                 \
  NAME(plane_sums)(kind, map, x, dy, rows, length, stride, first, second); \
  break;
  switch (map->kind) {
    case SCRIBE_CLIP: CASE(SCRIBE_CLIP)
    case SCRIBE_LEAKY: CASE(SCRIBE_LEAKY)
    default: CASE(SCRIBE_LINEAR)
  }
#undef CASE
}

/// Writes `expression` of x_i and dy_i, the vectors of two rows, over one row of y; the last vector
/// overlaps the one before, and a row shorter than a vector is filled up with zeros on the way.
#define PLANE_ROW(x, dy, y, length, expression)                              \
  do {                                                                       \
    if ((length) < LANES) {                                                  \
      vf x_i = vload_part((x), (length)), dy_i = vload_part((dy), (length)); \
      (void)dy_i;                                                            \
      vstore_part((y), (expression), (length));                              \
      break;                                                                 \
    }                                                                        \
    for (long i = 0; i + LANES <= (length); i += LANES) {                    \
      vf x_i = vload((x) + i), dy_i = vload((dy) + i);                       \
      (void)dy_i;                                                            \
      vstore((y) + i, (expression));                                         \
    }                                                                        \
    if ((length) % LANES) {                                                  \
      vf x_i = vload((x) + (length) - LANES), dy_i = vload((dy) + (length) - LANES); \
      (void)dy_i;                                                            \
      vstore((y) + (length) - LANES, (expression));                          \
    }                                                                        \
  } while (0)

INLINE void NAME(plane_affine_kind)(const int kind, const scribe_affine *map, const float *x_,
                                    float *y_, long rows, long length, long stride) {
  const float mean = map->mean, scale = map->scale, shift = map->shift;
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride;
    float *y = y_ + row * stride;
    PLANE_ROW(x, x, y, length,
              NAME(rectified)(kind, map, (x_i - mean) * scale + shift));
    if (stride > length) memset(y + length, 0, (stride - length) * sizeof *y);
  }
}

static void NAME(plane_affine)(const scribe_affine *map, const float *x, float *y, long rows,
                               long length, long stride) {
  switch (map->kind) {
    case SCRIBE_CLIP:
      NAME(plane_affine_kind)(SCRIBE_CLIP, map, x, y, rows, length, stride);
      break;
    case SCRIBE_LEAKY:
      NAME(plane_affine_kind)(SCRIBE_LEAKY, map, x, y, rows, length, stride);
      break;
    default: NAME(plane_affine_kind)(SCRIBE_LINEAR, map, x, y, rows, length, stride);
  }
}

INLINE void NAME(plane_affine_gradient_kind)(const int kind, const scribe_affine *map, float a,
                                             float b, float d, const float *x_, const float *dy_,
                                             float *dx_, long rows, long length, long stride) {
  const float mean = map->mean, scale = map->scale, shift = map->shift;
  for (long row = 0; row < rows; row++) {
    const float *x = x_ + row * stride, *dy = dy_ + row * stride;
    float *dx = dx_ + row * stride;
    PLANE_ROW(x, dy, dx, length,
              a * NAME(rectified_gradient)(kind, map, (x_i - mean) * scale + shift, dy_i) +
                  (b * (x_i - mean) + d));
    if (stride > length) memset(dx + length, 0, (stride - length) * sizeof *dx);
  }
}

static void NAME(plane_affine_gradient)(const scribe_affine *map, float a, float b, float d,
                                        const float *x, const float *dy, float *dx, long rows,
                                        long length, long stride) {
#define CASE(kind)                                                                       \
  NAME(plane_affine_gradient_kind)(kind, map, a, b, d, x, dy, dx, rows, length, stride); \
  break;
  switch (map->kind) {
    case SCRIBE_CLIP: CASE(SCRIBE_CLIP)
    case SCRIBE_LEAKY: CASE(SCRIBE_LEAKY)
    default: CASE(SCRIBE_LINEAR)
  }
#undef CASE
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

INLINE void NAME(unhalve)(const float *dy, const uint8_t *choices, int first, float *row) {
  vf gradient = vload(dy), none = vset(0);
  vi choice = __builtin_convertvector(*(const NAME(bytes) *)choices, vi) - first;
  vf even = vselect(choice == 0, gradient, none), odd = vselect(choice == 1, gradient, none);
  vstore(row, vpairs_low(even, odd));
  vstore(row + LANES, vpairs_high(even, odd));
}

static void NAME(maximum_halved_row)(const float *dy, const uint8_t *choices, int first, float *row,
                                     long count) {
  if (count < LANES) {
    for (long i = 0; i < count; i++) {
      row[2 * i] = choices[i] == first ? dy[i] : 0;
      row[2 * i + 1] = choices[i] == first + 1 ? dy[i] : 0;
    }
    return;
  }
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    NAME(unhalve)(dy + i, choices + i, first, row + 2 * i);
  i = count - LANES;
  NAME(unhalve)(dy + i, choices + i, first, row + 2 * i);
}

// Vector types and mathematics for one instruction set. Included by templates/kernels.h with
// SCRIBE_LANES defined; everything is static, so the sets do not collide.
//
// Plain vector extensions of the compiler are used instead of intrinsics: the same source then
// serves AVX-512, AVX2, NEON and SSE2, and products with sums are contracted to fused ones.

#define INLINE static inline __attribute__((always_inline))
#define LANES SCRIBE_LANES

typedef float vf __attribute__((ext_vector_type(LANES)));
typedef int32_t vi __attribute__((ext_vector_type(LANES)));
typedef uint32_t vu __attribute__((ext_vector_type(LANES)));
typedef uint16_t vh __attribute__((ext_vector_type(LANES)));
typedef uint8_t vb __attribute__((ext_vector_type(LANES)));
typedef float vf_unaligned __attribute__((ext_vector_type(LANES), aligned(4)));
typedef uint16_t vh_unaligned __attribute__((ext_vector_type(LANES), aligned(2)));
typedef uint8_t vb_unaligned __attribute__((ext_vector_type(LANES), aligned(1)));

INLINE vf vload(const float *p) { return *(const vf_unaligned *)p; }
INLINE void vstore(float *p, vf v) { *(vf_unaligned *)p = v; }
INLINE vf vset(float x) { return (vf)x; }

/// The first `n` < LANES elements; the rest are zero.
INLINE vf vload_part(const float *p, long n) {
  float lane[LANES] = {0};
  for (long i = 0; i < n; i++) lane[i] = p[i];
  return vload(lane);
}

INLINE void vstore_part(float *p, vf v, long n) {
  float lane[LANES];
  vstore(lane, v);
  for (long i = 0; i < n; i++) p[i] = lane[i];
}

#if SCRIBE_LANES == 16
#define LOW_PAIRS 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_PAIRS 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define EVEN_PLACES 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_PLACES 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#elif SCRIBE_LANES == 8
#define LOW_PAIRS 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_PAIRS 4, 12, 5, 13, 6, 14, 7, 15
#define EVEN_PLACES 0, 2, 4, 6, 8, 10, 12, 14
#define ODD_PLACES 1, 3, 5, 7, 9, 11, 13, 15
#else
#define LOW_PAIRS 0, 4, 1, 5
#define HIGH_PAIRS 2, 6, 3, 7
#define EVEN_PLACES 0, 2, 4, 6
#define ODD_PLACES 1, 3, 5, 7
#endif

/// a0 b0 a1 b1 ..: the first half of both, or the second, element by element.
INLINE vf vpairs_low(vf a, vf b) { return __builtin_shufflevector(a, b, LOW_PAIRS); }
INLINE vf vpairs_high(vf a, vf b) { return __builtin_shufflevector(a, b, HIGH_PAIRS); }
/// The elements of a and b at even places, or at odd ones.
INLINE vf veven(vf a, vf b) { return __builtin_shufflevector(a, b, EVEN_PLACES); }
INLINE vf vodd(vf a, vf b) { return __builtin_shufflevector(a, b, ODD_PLACES); }

INLINE vf vselect(vi mask, vf yes, vf no) { return (vf)((mask & (vi)yes) | (~mask & (vi)no)); }
INLINE vf vmax(vf a, vf b) { return vselect(a > b, a, b); }
INLINE vf vmin(vf a, vf b) { return vselect(a < b, a, b); }
INLINE vf vabs(vf a) { return (vf)((vi)a & 0x7fffffff); }

INLINE float vsum(vf v) {
  float lane[LANES];
  vstore(lane, v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lane[i] += lane[i + width];
  return lane[0];
}

INLINE float vmaximum(vf v) {
  float lane[LANES];
  vstore(lane, v);
  float best = lane[0];
  for (int i = 1; i < LANES; i++) best = lane[i] > best ? lane[i] : best;
  return best;
}

/// exp as p · 2^n with |log p| <= ln 2 / 2, by a minimax polynomial of degree 6 (Cephes expf) of
/// relative error about 1e-7. The low bits of `power` hold n.
INLINE vf vexp_reduced(vf x, vi *power) {
  vf shifted = x * 1.44269504f + 12582912.0f;  // rounds to an integer in the low bits
  vf n = shifted - 12582912.0f;
  vf r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf p = vset(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  *power = (vi)shifted;
  return p * (r * r) + r + 1.0f;
}

/// Below -87.3 the result is 0, above 88.7 it is infinite; NaN stays.
INLINE vf vexp(vf x) {
  vi power;
  vf p = vexp_reduced(vmin(vmax(x, vset(-87.33654f)), vset(88.72283f)), &power);
  // 2^n in two factors, so that n = 128 does not overflow before the product does.
  vi whole = power - 0x4b400000;
  vi half = whole >> 1;
  vf low = (vf)((half + 127) << 23);
  vf high = (vf)((whole - half + 127) << 23);
  vf y = p * low * high;
  y = vselect(x < -87.33654f, vset(0.0f), y);
  y = vselect(x > 88.72283f, vset(__builtin_inff()), y);
  return vselect(x != x, x, y);
}

/// The natural logarithm for positive finite arguments (Cephes logf); relative error about 1e-7.
/// Zero gives minus infinity.
INLINE vf vlog(vf x) {
  vi bits = (vi)x;
  vi exponent = ((bits >> 23) & 0xff) - 126;
  vf m = (vf)((bits & 0x007fffff) | 0x3f000000);  // in [0.5, 1)
  vi small = m < 0.707106781f;
  vf e = __builtin_convertvector(exponent + small, vf);
  m = vselect(small, m + m, m) - 1.0f;
  vf p = vset(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  vf square = m * m;
  vf y = p * m * square;
  y = y + e * -2.12194440e-4f;
  y = y - square * 0.5f;
  y = m + y + e * 0.693359375f;
  return vselect(x <= 0.0f, vset(-__builtin_inff()), y);
}

/// exp for |x| <= 87: no special cases but NaN, which stays.
INLINE vf vexp_bounded(vf x) {
  vi power;
  vf p = vexp_reduced(x, &power);
  return p * (vf)((power << 23) + 0x3f800000);
}

/// x within ±bound; a NaN stays, because comparisons with it are false.
INLINE vf vbound(vf x, float bound) {
  vf low = vset(-bound), high = vset(bound);
  x = vselect(low > x, low, x);
  return vselect(high < x, high, x);
}

/// Below -87 the result is that of -87, 1.6e-38.
INLINE vf vsigmoid(vf x) { return 1.0f / (1.0f + vexp_bounded(vbound(-x, 87.0f))); }

/// tanh: an odd polynomial near zero, where the quotient would cancel, else 1 - 2 / (e^2x + 1).
INLINE vf vtanh(vf x) {
  vf square = x * x;
  vf p = vset(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  vf near = p * square * x + x;
  vf far = 1.0f - 2.0f / (vexp_bounded(vbound(2.0f * x, 87.0f)) + 1.0f);
  return vselect(vabs(x) < 0.625f, near, far);
}

// Numbers of 16 bits: the upper half of a float ("bfloat16"), rounded to nearest even.

/// The rounded number in the upper half of each element; the lower half is not cleared.
INLINE vu vround_bfloat16(vf x) {
  vu bits = (vu)x;
  vu rounded = bits + 0x7fff + ((bits >> 16) & 1);
  // A NaN stays one: rounding could carry it to infinity.
  return (vu)vselect(x == x, (vf)rounded, (vf)(bits | 0x00400000));
}

INLINE vf vload_bfloat16(const uint16_t *p) {
  return (vf)(__builtin_convertvector((vh)(*(const vh_unaligned *)p), vu) << 16);
}
INLINE void vstore_bfloat16(uint16_t *p, vf v) {
  *(vh_unaligned *)p = __builtin_convertvector(vround_bfloat16(v) >> 16, vh);
}
INLINE vf vload_bfloat16_part(const uint16_t *p, long n) {
  uint16_t lane[LANES] = {0};
  for (long i = 0; i < n; i++) lane[i] = p[i];
  return vload_bfloat16(lane);
}
INLINE void vstore_bfloat16_part(uint16_t *p, vf v, long n) {
  uint16_t lane[LANES];
  vstore_bfloat16(lane, v);
  for (long i = 0; i < n; i++) p[i] = lane[i];
}

/// sum + the dot product of the two 16-bit numbers in each element: two fused multiply-adds, that
/// of the upper halves first, as the instruction does it.
INLINE vf vdot_bfloat16(vf sum, vi a, vi b) {
#if SCRIBE_DOT_PRODUCTS && SCRIBE_LANES == 16
  return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
#else
  sum += (vf)(a & (int32_t)0xffff0000) * (vf)(b & (int32_t)0xffff0000);
  return sum + (vf)(a << 16) * (vf)(b << 16);
#endif
}

/// sum + the dot product of the four unsigned bytes of a with the signed bytes of b.
INLINE vi vdot_int8(vi sum, vi a, vi b) {
#if SCRIBE_DOT_PRODUCTS && SCRIBE_LANES == 16
  return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#elif SCRIBE_DOT_PRODUCTS && SCRIBE_LANES == 8
  return (vi)_mm256_dpbusd_avx_epi32((__m256i)sum, (__m256i)a, (__m256i)b);
#else
  sum += (a & 255) * ((b << 24) >> 24);
  sum += ((a >> 8) & 255) * ((b << 16) >> 24);
  sum += ((a >> 16) & 255) * ((b << 8) >> 24);
  return sum + ((a >> 24) & 255) * (b >> 24);
#endif
}

/// Runs `expression` over `count` elements of y, with x the vector at the same place.
#define MAP(x_pointer, y_pointer, count, expression)                     \
  do {                                                                   \
    long i_ = 0;                                                         \
    for (; i_ + LANES <= (count); i_ += LANES) {                         \
      vf x = vload((x_pointer) + i_);                                    \
      vstore((y_pointer) + i_, (expression));                            \
    }                                                                    \
    if (i_ < (count)) {                                                  \
      vf x = vload_part((x_pointer) + i_, (count) - i_);                 \
      vstore_part((y_pointer) + i_, (expression), (count) - i_);         \
    }                                                                    \
  } while (0)

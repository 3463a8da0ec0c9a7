// Elementwise functions.

static void NAME(sigmoid)(const float *x_, float *y, long count) { MAP(x_, y, count, vsigmoid(x)); }
static void NAME(tanh)(const float *x_, float *y, long count) { MAP(x_, y, count, vtanh(x)); }
static void NAME(exp)(const float *x_, float *y, long count) { MAP(x_, y, count, vexp(x)); }
static void NAME(log)(const float *x_, float *y, long count) { MAP(x_, y, count, vlog(x)); }

static void NAME(scale)(const float *x_, float *y, float scale, long count) {
  MAP(x_, y, count, x *scale);
}

static void NAME(add_scaled)(const float *x, float *y, float scale, long count) {
  for (long i = 0; i < count; i++) y[i] += scale * x[i];
}

static void NAME(add)(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i++) y[i] = a[i] + b[i];
}

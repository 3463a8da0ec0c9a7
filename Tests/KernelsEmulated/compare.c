// Compares the kernels of one instruction set with the portable ones, on random numbers. For sets
// that this machine lacks: compiled for the other processor and run under emulation, see
// scripts/test-neon.sh. What the portable kernels compute is tested against definitions in
// Tests/TensorsTests and Tests/LayersTests.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static int failures;

static float uniform(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (float)(state >> 40) / 8388608.0f - 1;
}

static float *noise(long count, float size) {
  float *x = calloc((size_t)count + 64, sizeof *x);
  for (long i = 0; i < count; i++) x[i] = size * uniform();
  return x;
}

static void compare(const char *what, const float *found, const float *expected, long count,
                    float tolerance) {
  float worst = 0;
  for (long i = 0; i < count; i++) {
    float difference = fabsf(found[i] - expected[i]) / (1 + fabsf(expected[i]));
    if (!(difference <= tolerance)) failures++;
    if (!(difference <= worst)) worst = difference;
  }
  printf("%-44s %9ld numbers, greatest difference %g%s\n", what, count, worst,
         worst <= tolerance ? "" : "  FAILED");
}

static uint32_t *packed(const scribe_kernels *set, const void *b, int type, int precision,
                        long inner, long columns, int transposed) {
  const long panels = (columns + set->packing.panel - 1) / set->packing.panel;
  uint32_t *out = aligned_alloc(64, (size_t)(panels * set->packing.panel * (inner + 4) * 4 + 64) / 64 * 64);
  scribe_pack job = {precision, b, type, inner, columns, transposed ? 1 : columns,
                     transposed ? inner : 1, out};
  set->pack(&job, 0, panels);
  return out;
}

/// C = A B, both operands as they are or transposed.
static void product(const scribe_kernels *set, int precision, long rows, long inner, long columns,
                    int transposed, const float *a, const void *b, int type, const float *scales,
                    const int32_t *offsets, float *c) {
  scribe_gemm job = {0};
  job.precision = precision;
  job.rows = rows, job.inner = inner, job.columns = columns;
  job.a = a;
  job.a_row_stride = transposed ? 1 : inner;
  job.a_inner_stride = transposed ? rows : 1;
  job.packed = packed(set, b, type, precision, inner, columns, precision == SCRIBE_INT8 || transposed);
  job.c = c, job.c_row_stride = columns;
  job.column_scales = scales, job.column_offsets = offsets;
  job.scratch = aligned_alloc(64, (size_t)(set->gemm_scratch(&job, rows) * 4 + 128) / 64 * 64);
  set->gemm(&job, 0, rows, 0, (columns + set->packing.panel - 1) / set->packing.panel);
  free((void *)job.packed), free(job.scratch);
}

static void products(const scribe_kernels *set, const scribe_kernels *reference) {
  static const long shapes[][3] = {{1, 1, 1}, {1, 301, 70}, {3, 5, 7}, {13, 257, 33}, {31, 40, 65},
                                   {130, 1100, 96}, {7, 2, 31}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    const long rows = shapes[s][0], inner = shapes[s][1], columns = shapes[s][2];
    float *a = noise(rows * inner, 1), *b = noise(inner * columns, 1);
    int8_t *whole = calloc((size_t)(inner * columns) + 64, 1);
    float *scales = calloc((size_t)columns + 64, sizeof *scales);
    int32_t *offsets = calloc((size_t)columns + 64, sizeof *offsets);
    for (long n = 0; n < columns; n++) {
      scales[n] = 0.01f;
      for (long k = 0; k < inner; k++) {
        whole[n * inner + k] = (int8_t)(127 * uniform());
        offsets[n] += 128 * whole[n * inner + k];
      }
    }
    float *found = noise(rows * columns, 0), *expected = noise(rows * columns, 0);
    for (int precision = 0; precision < 3; precision++)
      for (int transposed = 0; transposed < (precision == SCRIBE_INT8 ? 1 : 2); transposed++) {
        const void *right = precision == SCRIBE_INT8 ? (const void *)whole : b;
        const int type = precision == SCRIBE_INT8 ? SCRIBE_INT8 : SCRIBE_FLOAT32;
        product(set, precision, rows, inner, columns, transposed, a, right, type, scales, offsets, found);
        product(reference, precision, rows, inner, columns, transposed, a, right, type, scales, offsets, expected);
        char name[64];
        snprintf(name, sizeof name, "product %ldx%ldx%ld kind %d%s", rows, inner, columns, precision,
                 transposed ? " transposed" : "");
        compare(name, found, expected, rows * columns, 1e-4f);
      }
    free(a), free(b), free(whole), free(scales), free(offsets), free(found), free(expected);
  }
}

enum { TIME = 6, BATCH = 5, HIDDEN = 21 };

/// One layer forth and back; returns outputs and gradients of the input products, side by side.
static float *layer(const scribe_kernels *set, int kind, int precision, int reverse, const float *input,
                    const float *weight, const float *dy) {
  const long gates = kind == 0 ? 1 : kind == 1 ? 4 : 3, width = gates * HIDDEN, stride = width + 32;
  static const int32_t lengths[BATCH] = {6, 5, 5, 2, 0};
  static const float bias[HIDDEN];
  float *out = calloc(TIME * BATCH * (size_t)(HIDDEN + width) + 64, sizeof *out);
  scribe_recurrence job = {0};
  job.precision = precision;
  job.time = TIME, job.batch = BATCH, job.hidden = HIDDEN, job.reverse = reverse;
  job.lengths = lengths, job.last_step = TIME;
  job.input = input, job.input_rows = BATCH;
  job.candidate_bias = bias;
  job.gates = calloc(TIME * BATCH * (size_t)width + 64, 4);
  job.cells = calloc(TIME * BATCH * HIDDEN + 64, 4);
  job.output = out, job.output_stride = HIDDEN;
  job.output_gradient = dy, job.output_gradient_stride = HIDDEN;
  job.sums = calloc(BATCH * (size_t)stride, 4), job.sums_stride = stride;
  job.carried = calloc(BATCH * HIDDEN, 4);
  job.states = calloc(BATCH * (size_t)stride, 4), job.states_stride = stride;
  uint32_t *forth = packed(set, weight, SCRIBE_FLOAT32, precision, HIDDEN, width, 1);
  uint32_t *back = packed(set, weight, SCRIBE_FLOAT32, precision, width, HIDDEN, 0);
  job.packed = forth;
  void (*forward)(const scribe_recurrence *, long, long) =
      kind == 0 ? set->rnn_forward : kind == 1 ? set->lstm_forward : set->gru_forward;
  void (*backward)(const scribe_recurrence *, long, long) =
      kind == 0 ? set->rnn_backward : kind == 1 ? set->lstm_backward : set->gru_backward;
  forward(&job, 0, BATCH);
  job.packed = back;
  memset(job.states, 0, BATCH * (size_t)stride * 4);
  backward(&job, 0, BATCH);
  for (long i = 0; i < TIME * BATCH * width; i++) {
    const uint32_t bits = precision == SCRIBE_BFLOAT16 ? (uint32_t)((uint16_t *)job.gates)[i] << 16
                                                       : ((uint32_t *)job.gates)[i];
    memcpy(out + TIME * BATCH * HIDDEN + i, &bits, sizeof bits);
  }
  free(job.gates), free(job.cells), free(job.sums), free(job.carried), free(job.states);
  free(forth), free(back);
  return out;
}

static void recurrences(const scribe_kernels *set, const scribe_kernels *reference) {
  for (int kind = 0; kind < 3; kind++)
    for (int precision = 0; precision < 2; precision++)
      for (int reverse = 0; reverse < 2; reverse++) {
        const long width = (kind == 0 ? 1 : kind == 1 ? 4 : 3) * HIDDEN;
        float *input = noise(TIME * BATCH * width, 1), *weight = noise(width * HIDDEN, 0.3f);
        float *dy = noise(TIME * BATCH * HIDDEN, 1);
        float *found = layer(set, kind, precision, reverse, input, weight, dy);
        float *expected = layer(reference, kind, precision, reverse, input, weight, dy);
        char name[64];
        snprintf(name, sizeof name, "layer %s kind %d %s",
                 kind == 0 ? "rnn" : kind == 1 ? "lstm" : "gru", precision,
                 reverse ? "reverse" : "forward");
        // A last bit may tip a rounding to 16 bits, which the next steps see.
        compare(name, found, expected, TIME * BATCH * (HIDDEN + width), precision ? 2e-2f : 1e-5f);
        free(input), free(weight), free(dy), free(found), free(expected);
      }
}

static void functions(const scribe_kernels *set, const scribe_kernels *reference) {
  enum { COUNT = 10007 };
  float *x = noise(COUNT, 30), *found = noise(COUNT, 0), *expected = noise(COUNT, 0);
#define COMPARE(name)                                \
  set->name(x, found, COUNT);                        \
  reference->name(x, expected, COUNT);               \
  compare(#name, found, expected, COUNT, 1e-6f);
  COMPARE(sigmoid)
  COMPARE(tanh)
  COMPARE(exp)
  for (int i = 0; i < COUNT; i++) x[i] = fabsf(x[i]);
  COMPARE(log)
  for (int first = 0; first < COUNT; first++) {
    found[first] = (float)set->first_above(x, 0.25f, 1, first, COUNT);
    expected[first] = (float)reference->first_above(x, 0.25f, 1, first, COUNT);
  }
  compare("first_above", found, expected, COUNT, 0);
  set->log_softmax(x, found, 1, COUNT);
  reference->log_softmax(x, expected, 1, COUNT);
  compare("log_softmax", found, expected, COUNT, 1e-5f);
  scribe_cross_entropy row = {.logits = x, .columns = COUNT, .target = 3, .target_share = 0.9f,
                              .smoothing = 1e-5f, .weights = x, .total = 1, .scale = 1};
  row.gradient = found;
  float cost = set->cross_entropy(&row);
  row.gradient = expected;
  float known = reference->cross_entropy(&row);
  compare("cross_entropy", &cost, &known, 1, 1e-5f);
  compare("cross_entropy gradient", found, expected, COUNT, 1e-5f);
  free(x), free(found), free(expected);
}

int main(int count, char **arguments) {
  const scribe_kernels *set = scribe_kernels_named(count > 1 ? arguments[1] : "");
  const scribe_kernels *reference = scribe_kernels_named("portable");
  if (!set || !reference) {
    fprintf(stderr, "compare: this processor has no kernels called %s\n", count > 1 ? arguments[1] : "''");
    return 2;
  }
  functions(set, reference);
  products(set, reference);
  recurrences(set, reference);
  printf("%s beside portable: %d numbers differ\n", set->name, failures);
  return failures > 0;
}

#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of cores that this process may run on.
int scribe_core_count(void);

/// How the kernels of a set lay things out; all differ between instruction sets.
typedef struct {
  /// Columns beside each other in a packed matrix.
  long panel;
  /// Floats in a vector register.
  long lanes;
  /// Outputs in a tile of a convolution.
  long convolution_rows;
} scribe_packing;

/// Kinds of numbers. Sums are floats, or 32-bit whole numbers for int8.
enum { SCRIBE_FLOAT32 = 0, SCRIBE_BFLOAT16 = 1, SCRIBE_INT8 = 2 };

/// A right operand of `inner` x `columns` elements b[k * inner_stride + n * column_stride] and where
/// its packed form goes; see pack.h. One of the strides is 1; that of int8 along the inner axis.
typedef struct {
  /// Of the packed numbers.
  int precision;
  const void *b;
  /// Of the numbers of b: floats or 16-bit numbers; 8-bit numbers where the packed ones are.
  int type;
  long inner, columns, inner_stride, column_stride;
  uint32_t *packed;
} scribe_pack;

/// Rows of outputs of a convolution, all channels; see images.h:
/// y[row][o][w] = bias[o] + Σ_k weight[o][k] · x[row][offsets[k] + w].
typedef struct {
  long outputs, inner, rows;
  /// Of convolution_pack.
  const float *packed;
  /// Readable from x + offsets[k] up to `length` rounded up to whole vectors.
  const float *x;
  long x_row_stride;
  const long *offsets;
  /// Added to every output; may be null.
  const float *bias;
  float *y;
  /// From one output channel to the next.
  long y_stride;
  long y_row_stride;
  long length;
} scribe_convolution;

/// sums[k][o] += Σ_row Σ_w x[row * x_row_stride + offsets[k] + w] · turned[row][w][o].
typedef struct {
  long inner, rows, length;
  const float *x;
  long x_row_stride;
  const long *offsets;
  /// [rows][length][stride]
  const float *turned;
  float *sums;
  /// The outputs, filled up to whole vectors.
  long stride;
} scribe_convolution_gradient;

/// The most inner steps of `scribe_few_gradient`.
enum { SCRIBE_FEW_STEPS = 32 };

/// sums[k][o] += Σ_row Σ_w x[row * x_row_stride + offsets[k] + w] · dy[o][row][w], where rows of
/// the gradient lie as they are or, with choices, as those of pooled rows; see images.h.
typedef struct {
  long inner, outputs, rows, length;
  /// Readable up to `length` rounded up to whole vectors.
  const float *x;
  long x_row_stride;
  const long *offsets;
  const float *dy;
  long dy_stride, dy_row_stride;
  /// Null, or which of four elements each element of dy belongs to: then `rows` and `length` are
  /// even and dy has half of them.
  const uint8_t *choices;
  float *sums;
  /// From one inner step to the next.
  long stride;
} scribe_few_gradient;

/// What `scribe_affine` ends with: nothing, the nearer of two bounds, or a slope where negative.
enum { SCRIBE_LINEAR = 0, SCRIBE_CLIP = 1, SCRIBE_LEAKY = 2 };

/// y = rectified((x - mean) * scale + shift).
typedef struct {
  float mean, scale, shift;
  /// The bounds; of a leaky rectifier, `low` is the slope.
  float low, high;
  int kind;
} scribe_affine;

/// One product `C (+)= A · B` over a packed `B`; see gemm.h.
typedef struct {
  /// Of the packed numbers, to which those of A are rounded.
  int precision;
  long rows, columns, inner;
  const void *a;
  /// Of the numbers of A: floats, or 16-bit numbers where the packed ones are.
  int type;
  /// One of them is 1; that along the inner axis for int8.
  long a_row_stride, a_inner_stride;
  const uint32_t *packed;
  float *c;
  long c_row_stride;
  /// Zero overwrites C; anything else adds to it.
  int accumulate;
  /// Added to every row when C is overwritten; may be null.
  const float *bias;
  /// Of int8, for whole panels: what each column is multiplied with, and 128 times its sum.
  const float *column_scales;
  const int32_t *column_offsets;
  /// Of this call alone; `gemm_scratch` words.
  uint32_t *scratch;
} scribe_gemm;

/// Nonlinearity of a plain recurrent layer.
enum { SCRIBE_TANH = 0, SCRIBE_RELU = 1, SCRIBE_CLIPPED_RELU = 2 };

/// One direction of a recurrent layer over some steps of a batch of sequences. All sequences are
/// [time, batch, ..]; G is the number of gates (1, 4 or 3), H the hidden size. See recurrent.h.
///
/// Rows are those of the batch; what belongs to one row in the scratch fields lies at
/// row * stride.
typedef struct {
  /// Of the recurrent weights and of what is kept.
  int precision;
  long time, batch, hidden;
  /// Nonzero runs from the last frame to the first.
  int reverse;
  int activation;
  /// [batch] frames of each row.
  const int32_t *lengths;
  /// Packed Uᵀ, [H, G·H], on the way forth; packed U, [G·H, H], on the way back.
  const uint32_t *packed;
  /// Of int8; see scribe_gemm.
  const float *column_scales;
  const int32_t *column_offsets;
  /// [3, H] input, forget, output; null without peepholes.
  const float *peepholes;
  /// [H]: added to the candidate's recurrent product of a GRU.
  const float *candidate_bias;
  /// The steps to run, in the direction's own order; the way back takes them from the last one.
  /// Where it runs in several calls, `states` and `carried` lead from one to the next.
  long first_step, last_step;
  /// Nonzero goes on from the states, carried values and scales that an earlier job left behind, so
  /// that step 0 is not the first of its sequence. On the way forth only.
  int resumes;
  /// Input products of frame t and row b at ((t - input_frame) * input_rows + b - input_row) * G·H.
  const float *input;
  long input_frame, input_row, input_rows;
  /// [time, batch, G·H] in the kind of number: activations after the way forth, null to keep none;
  /// their gradients after the way back.
  void *gates;
  /// [time, batch, H]: cell states (LSTM), or the candidate's recurrent product (GRU), whose
  /// gradient replaces it on the way back; null to keep none.
  void *cells;
  /// h at (t · batch + b) · stride.
  float *output;
  long output_stride;
  const float *output_gradient;
  long output_gradient_stride;
  /// Scratch: G·H sums of products; dh on the way back.
  float *sums;
  long sums_stride;
  /// Scratch, kept between calls: H cell states; on the way back their gradients, or the share of
  /// dh that bypasses a GRU's gates.
  float *carried;
  /// [batch, H]: what was carried into step 0, for the way back; null for zero.
  const float *initial;
  /// Scratch, kept between calls: h or the gradients of the gates as the products read them, with
  /// room for G·H words and a multiple of 64 bytes.
  uint32_t *states;
  long states_stride;
  /// Scratch of int8, kept between calls: the scale of each row of states.
  float *state_scales;
} scribe_recurrence;

/// The most filters over the weights of the step before.
enum { SCRIBE_FILTERS = 64 };

/// A step of attention: rows of queries over memories, forth and back; see attention.h. What
/// belongs to one row lies at row * stride; D is heads * key_size, V heads * value_size.
typedef struct {
  long heads;
  /// Numbers of a key and of a value in one head.
  long key_size, value_size;
  /// What scores are multiplied with.
  float scale;
  /// [key_size] of additive scores; null for dot products. Additive scores have one head.
  const float *energy;
  /// Filters over the weights of the step before, [width][filter_stride] with an odd width and the
  /// filters beside each other, filled up with zeros to a multiple of 16; and what each of them adds
  /// to a key, [filters][key_size]. For additive scores.
  long filters, filter_stride, width;
  const float *filter, *projection;
  /// Positions of a memory, padding included: [memory][source][D] and [memory][source][V].
  long source;
  const float *keys, *values;
  /// The memory of each row; null where row r has memory r.
  const int32_t *memories;
  /// The positions that each row sees.
  const int32_t *counts;
  /// Rows whose length is at most `step` take no part: what is written for them is zero.
  const int32_t *lengths;
  long step;
  const float *query;
  long query_stride;
  /// [heads][source]; `previous` is null before the first step.
  const float *previous;
  float *weights;
  long weights_stride;
  float *context;
  long context_stride;
  // The way back. Gradients of additive keys are added here, those of other keys and of values are
  // products over all steps: `attention_outer`.
  const float *context_gradient;
  long context_gradient_stride;
  /// Like the weights.
  float *score_gradient;
  /// Like the queries.
  float *query_gradient;
  long query_gradient_stride;
  /// Like the keys; rows of one memory belong to one call.
  float *key_gradient;
  /// [memory][key_size], [memory][width][filter_stride], [memory][filters][key_size]
  float *energy_gradient, *filter_gradient, *projection_gradient;
  /// [memory][source]: what the step after gives to the weights of this one, on return what this one
  /// gives to those before; null without filters.
  float *carried;
  /// [memory][key_size], with filters.
  float *scratch;
} scribe_attention;

/// One sequence of a CTC loss; see ctc.h.
typedef struct {
  /// The logit of a label in frame t is logits[t * frame_stride + label].
  const float *logits;
  long frame_stride, frames, labels;
  const int32_t *targets;
  long target_count;
  int32_t blank;
  /// Receives scale · dcost/dlogits, laid out like the logits; null if it is not wanted. The frames
  /// from `frames` up to `padded_frames` are set to zero.
  float *gradient;
  long padded_frames;
  float scale;
} scribe_ctc;

/// One row of logits against the distribution of its target; see softmax.h.
typedef struct {
  const float *logits;
  long columns, target;
  /// What the target's cost is multiplied with.
  float target_share;
  /// What every label's cost is multiplied with, besides its weight.
  float smoothing;
  /// [columns]; null for ones.
  const float *weights;
  /// The sum of all shares.
  float total;
  /// Receives scale · dcost/dlogits; may be the logits, null if it is not wanted.
  float *gradient;
  float scale;
} scribe_cross_entropy;

/// What a step of stochastic gradient descent does: d = scale · g + decay · w,
/// v = momentum · v + d, w -= rate · (nesterov ? d + momentum · v : v).
typedef struct {
  float gradient_scale, rate, momentum, decay;
  int nesterov;
} scribe_sgd;

/// What a step of Adam does: g = gradient_scale · g + decay · w, w *= shrink,
/// m += first_share · (g - m), s = beta2 · s + second_share · g²,
/// w -= rate · m / (second_correction · √s + epsilon).
typedef struct {
  float gradient_scale, decay, shrink, rate, first_share, beta2, second_share, second_correction,
      epsilon;
} scribe_adam;

/// A table that never changes after the program starts, so threads may share it.
#define SCRIBE_IMMUTABLE __attribute__((swift_attr("@Sendable")))

/// The kernels of one instruction set. All sets compute the same formulas in the same order.
typedef struct SCRIBE_IMMUTABLE {
  const char *name;
  scribe_packing packing;
  void (*pack)(const scribe_pack *, long first_panel, long last_panel);
  /// The words of scratch space that a product of so many rows needs.
  long (*gemm_scratch)(const scribe_gemm *, long rows);
  /// Computes the columns of panels first_panel ..< last_panel for rows first_row ..< last_row.
  void (*gemm)(const scribe_gemm *, long first_row, long last_row, long first_panel,
               long last_panel);
#define SCRIBE_KERNEL(result, name, ...) result (*name)(__VA_ARGS__);
#include "../templates/kernel_list.h"
#undef SCRIBE_KERNEL
} scribe_kernels;

/// The kernels of the instruction set called `name`, or null if this machine lacks it.
const scribe_kernels *scribe_kernels_named(const char *name);
/// The best set of this machine.
const scribe_kernels *scribe_kernels_best(void);

#pragma once

#include <stddef.h>
#include <stdint.h>

/// The number of cores that this process may run on.
int scribe_core_count(void);

/// Where the blocks of a packed matrix lie: `panel` columns beside each other, cut along the inner
/// axis every `inner_block` rows. Both differ between instruction sets.
typedef struct {
  long panel;
  long inner_block;
  /// Floats in a vector register.
  long lanes;
  /// Outputs in a tile of a convolution.
  long convolution_rows;
} scribe_packing;

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
  long rows, columns, inner;
  const float *a;
  long a_row_stride, a_inner_stride;
  const float *packed;
  float *c;
  long c_row_stride;
  /// Zero overwrites C; anything else adds to it.
  int accumulate;
  /// Added to every row when C is overwritten; may be null.
  const float *bias;
} scribe_gemm;

/// Nonlinearity of a plain recurrent layer.
enum { SCRIBE_TANH = 0, SCRIBE_RELU = 1, SCRIBE_CLIPPED_RELU = 2 };

/// One direction of a recurrent layer over a whole sequence. All sequences are [time, batch, ..];
/// G is the number of gates (1, 4 or 3), H the hidden size. See recurrent.h.
typedef struct {
  long time, batch, hidden;
  /// Nonzero runs from the last frame to the first.
  int reverse;
  int activation;
  /// [batch] frames of each row.
  const int32_t *lengths;
  /// Packed Uᵀ, [H, G·H]; packed U, [G·H, H], for the way back.
  const float *packed_forward, *packed_backward;
  /// [3, H] input, forget, output; null without peepholes.
  const float *peepholes;
  /// [H]: added to the candidate's recurrent product of a GRU.
  const float *candidate_bias;
  /// [time, batch, G·H]: input products; activations after the way forth; their gradients after
  /// the way back.
  float *gates;
  /// [time, batch, H]: cell states (LSTM), or the candidate's recurrent product (GRU), whose
  /// gradient replaces it on the way back.
  float *cells;
  /// h at (t · batch + b) · stride.
  float *output;
  long output_stride;
  const float *output_gradient;
  long output_gradient_stride;
  /// For each row: (G + 2) · H floats.
  float *scratch;
} scribe_recurrence;
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
  /// Packs `inner` x `columns` elements b[k * inner_stride + n * column_stride].
  void (*pack)(const float *b, long inner, long columns, long inner_stride, long column_stride,
               float *packed, long first_panel, long last_panel);
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

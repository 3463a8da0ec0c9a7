// The kernels that every instruction set provides, one line each:
// SCRIBE_KERNEL(result type, name, argument types)
// Counts are in elements. Pointers may be unaligned. In-place use is allowed where an output
// pointer equals an input pointer.

// Elementwise: y = f(x).
SCRIBE_KERNEL(void, sigmoid, const float *x, float *y, long count)
SCRIBE_KERNEL(void, tanh, const float *x, float *y, long count)
SCRIBE_KERNEL(void, exp, const float *x, float *y, long count)
SCRIBE_KERNEL(void, log, const float *x, float *y, long count)
/// y = scale * x
SCRIBE_KERNEL(void, scale, const float *x, float *y, float scale, long count)
/// y += scale * x
SCRIBE_KERNEL(void, add_scaled, const float *x, float *y, float scale, long count)

/// y = a + b
SCRIBE_KERNEL(void, add, const float *a, const float *b, float *y, long count)

// Numbers of 16 bits.
SCRIBE_KERNEL(void, widen, const uint16_t *x, float *y, long count)

// Reductions.
/// sums[c] = Σ_r x[r * stride + c], in the order of r
SCRIBE_KERNEL(void, column_sums, const float *x, float *sums, long rows, long columns, long stride)
SCRIBE_KERNEL(void, column_sums_bfloat16, const uint16_t *x, float *sums, long rows, long columns,
              long stride)
/// sums[c] = Σ_r x[r * x_stride + c] * y[r * y_stride + c], in the order of r
SCRIBE_KERNEL(void, column_dots, const float *x, long x_stride, const float *y, long y_stride,
              float *sums, long rows, long columns)

// Recurrences: rows first_row ..< last_row of the batch through all time steps.
SCRIBE_KERNEL(void, rnn_forward, const scribe_recurrence *, long first_row, long last_row)
SCRIBE_KERNEL(void, rnn_backward, const scribe_recurrence *, long first_row, long last_row)
SCRIBE_KERNEL(void, lstm_forward, const scribe_recurrence *, long first_row, long last_row)
SCRIBE_KERNEL(void, lstm_backward, const scribe_recurrence *, long first_row, long last_row)
SCRIBE_KERNEL(void, gru_forward, const scribe_recurrence *, long first_row, long last_row)
SCRIBE_KERNEL(void, gru_backward, const scribe_recurrence *, long first_row, long last_row)
/// Enters `initial` and h, [batch, H], as the states before step 0 of a job that then resumes.
SCRIBE_KERNEL(void, recurrence_start, const scribe_recurrence *, const float *h, long first_row,
              long last_row)
/// The gradient of h before step 0 that passes through the gates, of G·H = `width`, into the sums of
/// a job after its whole way back.
SCRIBE_KERNEL(void, recurrence_start_gradient, const scribe_recurrence *, long width,
              long first_row, long last_row)

// Attention; see attention.h.
SCRIBE_KERNEL(void, attention_forward, const scribe_attention *, long first_row, long last_row)
SCRIBE_KERNEL(void, attention_backward, const scribe_attention *, long first_row, long last_row)
/// sums[s][c] (+)= Σ_t x[t * x_stride + s] * y[t * y_stride + c], in the order of t
SCRIBE_KERNEL(void, attention_outer, const float *x, long x_stride, const float *y, long y_stride,
              long steps, float *sums, long sums_stride, long rows, long columns, int accumulate)

/// Runs `rounds` of 12 independent fused multiply-adds; returns the operations done.
SCRIBE_KERNEL(double, peak_flops, long rounds)

/// The first i from `first` on with x[i] + offset > threshold, or `count`.
SCRIBE_KERNEL(long, first_above, const float *x, float offset, float threshold, long first,
              long count)

// Softmax over the columns of each row.
SCRIBE_KERNEL(void, log_softmax, const float *x, float *y, long rows, long columns)
/// dx = dy - exp(y) Σ dy, with y the log-softmax
SCRIBE_KERNEL(void, log_softmax_gradient, const float *y, const float *dy, float *dx, long rows,
              long columns)

/// The cost of one row in nats, infinite or NaN if a logit asks for it; the gradient is then zero.
SCRIBE_KERNEL(float, cross_entropy, const scribe_cross_entropy *job)

// Connectionist temporal classification; see ctc.h.
/// The floats of scratch space that a sequence needs.
SCRIBE_KERNEL(long, ctc_scratch, long frames, long target_count, long labels)
/// The cost of one sequence in nats; infinite if no alignment is possible, NaN if a logit is.
SCRIBE_KERNEL(double, ctc, const scribe_ctc *job, float *scratch)

// Optimisers.
/// Σ x² in double precision, infinite or NaN if and only if some element is
SCRIBE_KERNEL(double, sum_squares, const float *x, long count)
SCRIBE_KERNEL(void, sgd, const scribe_sgd *step, float *w, const float *g, float *velocity,
              long count)
SCRIBE_KERNEL(void, adam, const scribe_adam *step, float *w, const float *g, float *first,
              float *second, long count)

// Activations and dropout.
/// y = x within low...high, else the nearer bound
SCRIBE_KERNEL(void, clip, const float *x, float *y, float low, float high, long count)
/// y = x where positive, else slope * x
SCRIBE_KERNEL(void, leaky_relu, const float *x, float *y, float slope, long count)
// Gradients dx from the output y and its gradient dy.
SCRIBE_KERNEL(void, clip_gradient, const float *y, const float *dy, float *dx, float low,
              float high, long count)
SCRIBE_KERNEL(void, leaky_relu_gradient, const float *y, const float *dy, float *dx, float slope,
              long count)
SCRIBE_KERNEL(void, sigmoid_gradient, const float *y, const float *dy, float *dx, long count)
SCRIBE_KERNEL(void, tanh_gradient, const float *y, const float *dy, float *dx, long count)
/// z = x * y
SCRIBE_KERNEL(void, multiply, const float *x, const float *y, float *z, long count)
/// mask[i] = 0 with probability threshold / 2^32, else scale
SCRIBE_KERNEL(void, dropout_mask, uint64_t key, long first, uint32_t threshold, float scale,
              float *mask, long count)

// Normalisation. Listed rows: row i of `count` is row rows[i] of the matrix.
/// first[c] = Σ (x - shift[c]), second[c] = Σ (x - shift[c])², over the listed rows
SCRIBE_KERNEL(void, moments, const float *x, const long *rows, long count, long columns,
              long stride, const float *shift, float *first, float *second)
/// first[c] = Σ dy, second[c] = Σ dy * (x - shift[c]), over the listed rows
SCRIBE_KERNEL(void, gradient_moments, const float *x, const float *dy, const long *rows,
              long count, long columns, long stride, const float *shift, float *first,
              float *second)
/// y[c] = (x[c] - mean[c]) * scale[c] + shift[c]
SCRIBE_KERNEL(void, affine_columns, const float *x, float *y, const float *mean,
              const float *scale, const float *shift, long columns)
/// dx[c] = a[c] * dy[c] + b[c] * (x[c] - mean[c]) + d[c]
SCRIBE_KERNEL(void, affine_columns_gradient, const float *x, const float *dy, float *dx,
              const float *mean, const float *a, const float *b, const float *d, long columns)
/// first = Σ (x - shift), second = Σ (x - shift)², along one row
SCRIBE_KERNEL(void, row_moments, const float *x, float shift, long count, float *first,
              float *second)
/// first = Σ w dy, second = Σ w dy (x - shift), along one row; null weights are ones
SCRIBE_KERNEL(void, row_gradient_moments, const float *x, const float *dy, const float *weight,
              float shift, long count, float *first, float *second)
/// y[c] = (x[c] - mean) * inverse * scale[c] + shift[c]
SCRIBE_KERNEL(void, layer_norm, const float *x, float *y, const float *scale, const float *shift,
              float mean, float inverse, long columns)
/// The gradient of layer_norm; first and second are those of row_gradient_moments.
SCRIBE_KERNEL(void, layer_norm_gradient, const float *x, const float *dy, float *dx,
              const float *scale, float mean, float inverse, float first, float second,
              long columns)
/// first[c] = Σ_r dy, second[c] = Σ_r dy * (x - mean[r]) * inverse[r]
SCRIBE_KERNEL(void, layer_norm_sums, const float *x, const float *dy, const float *mean,
              const float *inverse, long rows, long columns, long stride, float *first,
              float *second)

// Convolution and pooling. A negative stride walks back in time.
/// y[t][c] = Σ_j w[j][c] x[t + j][c] over 0 <= j < taps, t + j < length, for first <= c < last;
/// w has `columns` columns, frames of x and y lie `stride` apart
SCRIBE_KERNEL(void, lookahead, const float *x, const float *w, float *y, long length, long taps,
              long columns, long first, long last, long stride)
/// dw[j][c] += Σ_t dy[t][c] x[t + j][c]
SCRIBE_KERNEL(void, lookahead_weight_gradient, const float *x, const float *dy, float *dw,
              long length, long taps, long columns, long first, long last, long stride)
/// y[c * y_stride + r] = x[r * x_stride + c]
SCRIBE_KERNEL(void, transpose, const float *x, long x_stride, float *y, long y_stride, long rows,
              long columns)
/// y[i] = max(y[i], x[i * stride])
SCRIBE_KERNEL(void, maximum_strided, const float *x, long stride, float *y, long count)
/// Where x[i * stride] is the maximum y[i], moves what is left in rest[i] to dx[i * stride].
SCRIBE_KERNEL(void, maximum_strided_gradient, const float *x, long stride, const float *y,
              float *rest, float *dx, long count)
/// y[i * y_stride] += scale * x[i * x_stride]
SCRIBE_KERNEL(void, add_strided, const float *x, long x_stride, float *y, long y_stride,
              float scale, long count)

// Convolution of images; see images.h.
/// Weights [output, inner] as `convolution` reads them; room for whole tiles of outputs.
SCRIBE_KERNEL(void, convolution_pack, const float *weight, long outputs, long inner,
              float *packed)
SCRIBE_KERNEL(void, convolution, const scribe_convolution *)
SCRIBE_KERNEL(void, convolution_weight_gradient, const scribe_convolution_gradient *)
/// The same for at most SCRIBE_FEW_STEPS inner steps.
SCRIBE_KERNEL(void, convolution_few_weight_gradient, const scribe_few_gradient *)

// Planes of an image: rows `stride` apart with `length` valid columns each. Not in place.
/// first = Σ (x - shift), second = Σ (x - shift)²
SCRIBE_KERNEL(void, plane_moments, const float *x, long rows, long length, long stride,
              float shift, float *first, float *second)
/// y = rectified((x - mean) * scale + shift), zero beyond the valid columns
SCRIBE_KERNEL(void, plane_affine, const scribe_affine *map, const float *x, float *y, long rows,
              long length, long stride)
/// With g the gradient of the rectifier's input: first = Σ g, second = Σ g * (x - mean)
SCRIBE_KERNEL(void, plane_gradient_moments, const scribe_affine *map, const float *x,
              const float *dy, long rows, long length, long stride, float *first, float *second)
/// dx = a * g + b * (x - mean) + d, zero beyond the valid columns
SCRIBE_KERNEL(void, plane_affine_gradient, const scribe_affine *map, float a, float b, float d,
              const float *x, const float *dy, float *dx, long rows, long length, long stride)
/// y[i] = the greatest of top and bottom [2 i] and [2 i + 1]; choices[i] = 0 .. 3 in that order
SCRIBE_KERNEL(void, maximum_halved, const float *top, const float *bottom, float *y,
              uint8_t *choices, long count)
/// A row of the gradient of that: row[2 i], row[2 i + 1] = dy[i] where choices[i] is `first`,
/// `first` + 1, else zero; `first` is 0 for the top row and 2 for the bottom one.
SCRIBE_KERNEL(void, maximum_halved_row, const float *dy, const uint8_t *choices, int first,
              float *row, long count)

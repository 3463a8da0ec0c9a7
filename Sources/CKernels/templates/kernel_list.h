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

// Reductions.
/// sums[c] = Σ_r x[r * stride + c], in the order of r
SCRIBE_KERNEL(void, column_sums, const float *x, float *sums, long rows, long columns, long stride)
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

/// Runs `rounds` of 12 independent fused multiply-adds; returns the operations done.
SCRIBE_KERNEL(double, peak_flops, long rounds)

// Softmax over the columns of each row.
SCRIBE_KERNEL(void, log_softmax, const float *x, float *y, long rows, long columns)
/// dx = dy - exp(y) Σ dy, with y the log-softmax
SCRIBE_KERNEL(void, log_softmax_gradient, const float *y, const float *dy, float *dx, long rows,
              long columns)

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

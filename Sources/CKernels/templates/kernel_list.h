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

// Reductions.
/// sums[c] = Σ_r x[r * stride + c], in the order of r
SCRIBE_KERNEL(void, column_sums, const float *x, float *sums, long rows, long columns, long stride)

// The matrix product for each kind of number, and the choice between them.

/// Inner steps that a tile for few rows asks for ahead of its use.
#define AHEAD 64
#define FLOAT_SUM(sum, job, row, column) (sum)

#define KIND float32
#define SUMS vf
#define ADD_PRODUCT(sum, a, b) ((sum) + (vf)(a) * (vf)(b))
#define FINISHED FLOAT_SUM
#include "gemm.h"
#undef KIND
#undef SUMS
#undef ADD_PRODUCT

#define KIND bfloat16
#define SUMS vf
#define ADD_PRODUCT vdot_bfloat16
#include "gemm.h"
#undef KIND
#undef SUMS
#undef ADD_PRODUCT
#undef FINISHED

/// Bytes of A are 128 too great, which the offsets of the columns take back.
INLINE vf NAME(whole_sum)(vi sum, const float *row_scale, const float *column_scales,
                          const int32_t *column_offsets) {
  typedef int32_t vi_unaligned __attribute__((ext_vector_type(LANES), aligned(4)));
  const vi offset = *(const vi_unaligned *)column_offsets;
  return __builtin_convertvector(sum - offset, vf) * vload(column_scales) * row_scale[0];
}

#define KIND int8
#define SUMS vi
#define ADD_PRODUCT vdot_int8
#define FINISHED(sum, job, row, column)                                           \
  NAME(whole_sum)(sum, (job)->row_scales + (row), (job)->column_scales + (column), \
                  (job)->column_offsets + (column))
#include "gemm.h"
#undef KIND
#undef SUMS
#undef ADD_PRODUCT
#undef FINISHED

/// Words of scratch space that a call for some rows needs.
static long NAME(gemm_scratch)(const scribe_gemm *job, long rows) {
  if (job->precision == SCRIBE_FLOAT32 && job->a_inner_stride == 1 && !NAME(is_copied)(job))
    return 0;
  const long per = NAME(per_unit)(job->precision), units = (job->inner + per - 1) / per;
  const long step = NAME(block_units)(job->precision);
  const long count = rows < ROW_BLOCK ? rows : ROW_BLOCK;
  return (count + 2 * TILE_ROWS) * (NAME(padded)(units < step ? units : step) + 1);
}

static void NAME(gemm)(const scribe_gemm *job, long first_row, long last_row, long first_panel,
                       long last_panel) {
  if (job->inner == 0 && !job->accumulate) {
    for (long r = first_row; r < last_row; r++)
      for (long n = first_panel * PANEL; n < last_panel * PANEL && n < job->columns; n++)
        job->c[r * job->c_row_stride + n] = job->bias ? job->bias[n] : 0;
    return;
  }
  switch (job->precision) {
    case SCRIBE_BFLOAT16:
      JOIN3(gemm, bfloat16, SCRIBE_SET)(job, first_row, last_row, first_panel, last_panel);
      break;
    case SCRIBE_INT8: JOIN3(gemm, int8, SCRIBE_SET)(job, first_row, last_row, first_panel, last_panel); break;
    default: JOIN3(gemm, float32, SCRIBE_SET)(job, first_row, last_row, first_panel, last_panel);
  }
}

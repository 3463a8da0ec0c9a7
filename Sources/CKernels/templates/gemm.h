// The matrix product over packed panels, for one kind of number. Included once for each, with
//   KIND         the suffix of the kind
//   SUMS         the vector of sums: vf, or vi for whole numbers
//   ADD_PRODUCT  sum + a · b for a unit of 32 bits in each element
//   FINISHED     the sum as floats
//
// A tile keeps its sums in registers while it runs down one to four panels. Each element of C is
// one chain of fused sums in the order of the inner axis, whatever the tile around it, so any
// partition of rows and panels over threads gives the same bits.

typedef struct {
  const uint32_t *a;
  long row_stride, unit_stride;
  const uint32_t *b;
  long panel_stride, depth;
  /// Where the tiles of the next panels read, and how many words of it to ask for at each step.
  const uint32_t *ahead;
  long ahead_step;
  float *c;
  long c_row_stride;
  /// Columns of C that exist, at most panels · PANEL.
  long width;
  /// Null when C is added to; else what the sums start from (zeros or the bias).
  const float *start;
  /// Of whole numbers: the scale of each row, and scale and offset of each column.
  const float *row_scales, *column_scales;
  const int32_t *column_offsets;
} KNAME(tile_job);

/// One register tile: `rows` x (`panels` · PANEL) sums. The counts are constants at every call, so
/// the loops unroll and the sums stay in registers.
INLINE void KNAME(run_tile)(const int rows, const int panels, const KNAME(tile_job) *job) {
  SUMS sum[rows][4 * PANEL_VECTORS];
  const int vectors = panels * PANEL_VECTORS;
  const uint32_t *a = job->a, *b = job->b;
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = (SUMS)vset(0);
  for (long k = 0; k < job->depth; k++) {
    vi column[4 * PANEL_VECTORS];
#pragma unroll
    for (int p = 0; p < panels; p++)
#pragma unroll
      for (int v = 0; v < PANEL_VECTORS; v++)
        column[p * PANEL_VECTORS + v] =
            *(const vi *)(b + p * job->panel_stride + k * PANEL + v * LANES);
    // Tiles for few rows read B once, and from far away.
    if (panels != MAIN_PANELS)
#pragma unroll
      for (int p = 0; p < panels; p++)
#pragma unroll
        for (int v = 0; v < PANEL_VECTORS; v++)
          __builtin_prefetch(b + p * job->panel_stride + (k + AHEAD) * PANEL + v * LANES);
    else __builtin_prefetch(job->ahead + k * job->ahead_step, 0, 2);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      const vi x = (vi)(int32_t)a[r * job->row_stride + k * job->unit_stride];
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[r][v] = ADD_PRODUCT(sum[r][v], x, column[v]);
    }
  }
  const int whole = job->width == panels * PANEL;
#pragma unroll
  for (int r = 0; r < rows; r++) {
    float *c = job->c + r * job->c_row_stride;
    const float *base = job->start ? job->start : c;
    float lane[4 * PANEL];
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      vf value = FINISHED(sum[r][v], job, r, v * LANES);
      if (whole) vstore(c + v * LANES, vload(base + v * LANES) + value);
      else vstore(lane + v * LANES, value);
    }
    if (!whole)
      for (long n = 0; n < job->width; n++) c[n] = base[n] + lane[n];
  }
}

static void KNAME(dispatch_tile)(long rows, long panels, const KNAME(tile_job) *job) {
  switch (rows) {
#define CASE(n)                                                           \
  case n:                                                                 \
    if (panels == 4 && n <= TILE_ROWS / 4) KNAME(run_tile)(n, 4, job);    \
    else if (panels == 2 && n <= TILE_ROWS / 2) KNAME(run_tile)(n, 2, job); \
    else KNAME(run_tile)(n, 1, job);                                      \
    break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if TILE_ROWS > 6
    CASE(7) CASE(8)
#endif
#if TILE_ROWS > 8
    CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

/// The panels beside each other in the tiles for so many rows. Few rows take many panels, to have
/// enough chains in flight; so many that two passes suffice take one, to read B seldom.
INLINE long KNAME(tile_panels)(long rows, const NAME(operand) *left) {
  if (left->tile_rows) return MAIN_PANELS;
  if (rows <= TILE_ROWS / 4) return 4;
  if (rows <= TILE_ROWS / 2) return 2;
  return rows <= 2 * TILE_ROWS ? 1 : MAIN_PANELS;
}

/// One block of the inner axis for `count` rows that lie ready.
static void KNAME(multiply_block)(const scribe_gemm *job, const NAME(operand) *left, long first_row,
                                  long count, long start, long depth, long first_panel,
                                  long last_panel) {
  static const float zeros[4 * PANEL] = {0};
  const long panels = (job->columns + PANEL - 1) / PANEL;
  const uint32_t *block = job->packed + start * panels * PANEL;
  const long most = KNAME(tile_panels)(count, left);
  // Tiles of nearly equal height: 16 rows are 8 + 8 rather than 12 + 4.
  const long tiles = (count + TILE_ROWS / most - 1) / (TILE_ROWS / most);
  const long height = left->tile_rows ? left->tile_rows : (count + tiles - 1) / tiles;
  long step;
  for (long panel = first_panel; panel < last_panel; panel += step) {
    for (step = most; step > last_panel - panel;) step /= 2;
    const long column = panel * PANEL;
    const long left_over = job->columns - column;
    const uint32_t *next = block + (panel + step) * depth * PANEL;
    const long words = panel + step < last_panel ? (step * PANEL + tiles - 1) / tiles : 0;
    const float *from = 0;
    if (start == 0 && !job->accumulate) from = job->bias ? job->bias + column : zeros;
    for (long row = 0; row < count; row += height) {
      const long tile = left->tile_rows ? row / height * left->tile_stride : row * left->row_stride;
      KNAME(tile_job) work = {
          left->units + tile,
          left->row_stride,
          left->unit_stride,
          block + panel * depth * PANEL,
          depth * PANEL,
          depth,
          words > 0 ? next + row / height * depth * words : left->units,
          words,
          job->c + (first_row + row) * job->c_row_stride + column,
          job->c_row_stride,
          left_over < step * PANEL ? left_over : step * PANEL,
          from,
          left->scales ? left->scales + row : 0,
          job->column_scales ? job->column_scales + column : 0,
          job->column_offsets ? job->column_offsets + column : 0,
      };
      KNAME(dispatch_tile)(count - row < height ? count - row : height, step, &work);
    }
  }
}

static void KNAME(gemm)(const scribe_gemm *job, long first_row, long last_row, long first_panel,
                        long last_panel) {
  const long per = NAME(per_unit)(job->precision), units = (job->inner + per - 1) / per;
  const long step = NAME(block_units)(job->precision);
  for (long row = first_row; row < last_row; row += ROW_BLOCK) {
    const long count = last_row - row < ROW_BLOCK ? last_row - row : ROW_BLOCK;
    for (long start = 0; start < units; start += step) {
      const long depth = units - start < step ? units - start : step;
      const NAME(operand) left = NAME(left_operand)(job, row, count, start, depth);
      KNAME(multiply_block)(job, &left, row, count, start, depth, first_panel, last_panel);
    }
  }
}

/// C (+)= A · packed for `rows` rows of units that lie ready.
INLINE void KNAME(multiply_units)(const scribe_gemm *job, const uint32_t *a, long row_stride,
                                  const float *scales, long rows) {
  const long panels = (job->columns + PANEL - 1) / PANEL;
  const long per = NAME(per_unit)(job->precision), units = (job->inner + per - 1) / per;
  const long step = NAME(block_units)(job->precision);
  if (rows <= 0) return;
  for (long start = 0; start < units; start += step) {
    const long depth = units - start < step ? units - start : step;
    const NAME(operand) left = {a + start, row_stride, 1, 0, 0, scales};
    KNAME(multiply_block)(job, &left, 0, rows, start, depth, 0, panels);
  }
}

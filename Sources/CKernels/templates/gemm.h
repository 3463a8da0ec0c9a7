// The matrix product over packed panels.
//
// B is cut along its inner axis into blocks of INNER_BLOCK rows, and each block into panels of
// PANEL columns, stored row after row: [block][panel][k][PANEL], the last panel padded with zeros.
// A tile of up to TILE_ROWS rows keeps its sums in registers while it runs down one panel.
//
// Each element of C is one chain of fused sums in the order of k, whatever the tile around it, so
// any partition of rows and panels over threads gives the same bits.

#define PANEL (PANEL_VECTORS * LANES)

static void NAME(pack)(const float *b, long inner, long columns, long inner_stride,
                       long column_stride, float *packed, long first_panel, long last_panel) {
  long panels = (columns + PANEL - 1) / PANEL;
  for (long start = 0; start < inner; start += INNER_BLOCK) {
    long depth = inner - start < INNER_BLOCK ? inner - start : INNER_BLOCK;
    float *block = packed + start * panels * PANEL;
    for (long panel = first_panel; panel < last_panel; panel++) {
      float *out = block + panel * depth * PANEL;
      long first = panel * PANEL;
      long width = columns - first < PANEL ? columns - first : PANEL;
      const float *in = b + start * inner_stride + first * column_stride;
      if (column_stride == 1) {
        for (long k = 0; k < depth; k++) {
          for (long n = 0; n < width; n++) out[k * PANEL + n] = in[k * inner_stride + n];
          for (long n = width; n < PANEL; n++) out[k * PANEL + n] = 0;
        }
      } else {
        for (long n = 0; n < width; n++)
          for (long k = 0; k < depth; k++)
            out[k * PANEL + n] = in[k * inner_stride + n * column_stride];
        for (long n = width; n < PANEL; n++)
          for (long k = 0; k < depth; k++) out[k * PANEL + n] = 0;
      }
    }
  }
}

/// One register tile: `rows` x (`panels` · PANEL) elements over `depth` inner steps. The counts are
/// constants at every call, so the loops unroll and the sums stay in registers.
INLINE void NAME(tile)(const int rows, const int panels, const float *a, long row_stride,
                       long inner_stride, const float *b, long panel_stride, long depth,
                       vf (*sum)[2 * PANEL_VECTORS]) {
  for (long k = 0; k < depth; k++) {
    vf column[2 * PANEL_VECTORS];
#pragma unroll
    for (int p = 0; p < panels; p++)
#pragma unroll
      for (int v = 0; v < PANEL_VECTORS; v++)
        column[p * PANEL_VECTORS + v] = *(const vf *)(b + p * panel_stride + k * PANEL + v * LANES);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      vf x = vset(a[r * row_stride + k * inner_stride]);
#pragma unroll
      for (int v = 0; v < panels * PANEL_VECTORS; v++) sum[r][v] += x * column[v];
    }
  }
}

typedef struct {
  const float *a;
  long row_stride, inner_stride;
  const float *b;
  long panel_stride, depth;
  float *c;
  long c_row_stride;
  /// Columns of C that exist, at most panels · PANEL.
  long width;
  /// Null when C is added to; else what the sums start from (zeros or the bias).
  const float *start;
} NAME(tile_job);

INLINE void NAME(run_tile)(const int rows, const int panels, const NAME(tile_job) *job) {
  vf sum[rows][2 * PANEL_VECTORS];
  const int vectors = panels * PANEL_VECTORS;
  const int whole = job->width == panels * PANEL;
#pragma unroll
  for (int r = 0; r < rows; r++) {
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = vset(0);
  }
  NAME(tile)
  (rows, panels, job->a, job->row_stride, job->inner_stride, job->b, job->panel_stride, job->depth,
   sum);
  if (whole) {
#pragma unroll
    for (int r = 0; r < rows; r++) {
      float *c = job->c + r * job->c_row_stride;
#pragma unroll
      for (int v = 0; v < vectors; v++) {
        const float *base = job->start ? job->start : c;
        vstore(c + v * LANES, vload(base + v * LANES) + sum[r][v]);
      }
    }
    return;
  }
  for (int r = 0; r < rows; r++) {
    float *c = job->c + r * job->c_row_stride;
    float lane[2 * PANEL];
#pragma unroll
    for (int v = 0; v < vectors; v++) vstore(lane + v * LANES, sum[r][v]);
    const float *base = job->start ? job->start : c;
    for (long n = 0; n < job->width; n++) c[n] = base[n] + lane[n];
  }
}

static void NAME(dispatch_tile)(long rows, long panels, const NAME(tile_job) *job) {
  switch (rows) {
#define CASE(n)                                                     \
  case n:                                                           \
    if (panels == 2 && n <= WIDE_ROWS) NAME(run_tile)(n, 2, job);   \
    else NAME(run_tile)(n, 1, job);                                 \
    break;
    CASE(1) CASE(2) CASE(3) CASE(4)
#if TILE_ROWS > 4
    CASE(5) CASE(6)
#endif
#if TILE_ROWS > 6
    CASE(7) CASE(8)
#endif
#if TILE_ROWS > 8
    CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

static void NAME(gemm)(const scribe_gemm *job, long first_row, long last_row, long first_panel,
                       long last_panel) {
  static const float zeros[2 * PANEL] = {0};
  const long panels = (job->columns + PANEL - 1) / PANEL;
  const long count = last_row - first_row;
  if (count <= 0) return;
  // Tiles of nearly equal height: 16 rows are 8 + 8 rather than 12 + 4.
  const long tiles = (count + TILE_ROWS - 1) / TILE_ROWS;
  if (job->inner == 0 && !job->accumulate) {
    for (long r = first_row; r < last_row; r++)
      for (long n = first_panel * PANEL; n < last_panel * PANEL && n < job->columns; n++)
        job->c[r * job->c_row_stride + n] = job->bias ? job->bias[n] : 0;
  }
  for (long start = 0; start < job->inner; start += INNER_BLOCK) {
    long depth = job->inner - start < INNER_BLOCK ? job->inner - start : INNER_BLOCK;
    const float *block = job->packed + start * panels * PANEL;
    long step;
    for (long panel = first_panel; panel < last_panel; panel += step) {
      step = count <= WIDE_ROWS && panel + 1 < last_panel ? 2 : 1;
      long width = job->columns - panel * PANEL;
      if (width > step * PANEL) width = step * PANEL;
      // A bias is read only as far as it reaches, so the last columns take the slow way out.
      const float *first = 0;
      if (start == 0 && !job->accumulate) first = job->bias ? job->bias + panel * PANEL : zeros;
      for (long tile = 0; tile < tiles; tile++) {
        long row = first_row + count * tile / tiles;
        long end = first_row + count * (tile + 1) / tiles;
        NAME(tile_job) work = {
            job->a + row * job->a_row_stride + start * job->a_inner_stride,
            job->a_row_stride,
            job->a_inner_stride,
            block + panel * depth * PANEL,
            depth * PANEL,
            depth,
            job->c + row * job->c_row_stride + panel * PANEL,
            job->c_row_stride,
            width,
            first,
        };
        NAME(dispatch_tile)(end - row, step, &work);
      }
    }
  }
}

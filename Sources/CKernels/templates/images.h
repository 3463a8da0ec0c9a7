// Convolution of images as a matrix product whose operand is never laid out.
//
// The images lie in a padded window: step k of the inner axis (a channel, row and column of the
// kernel) is the window shifted by offset[k], so vectors of it are loaded where they lie. A strided
// convolution splits the columns of the window by their phase, which keeps these loads contiguous.
// A tile of CONV_ROWS x 3 vectors keeps its sums in registers.
//
// Each element is a chain of fused sums over k in blocks of CONV_INNER, whatever the tile around it.

/// Inner steps that a tile runs at once: their part of the window stays in the first-level cache.
#define CONV_INNER 448
#define CONV_VECTORS 3

INLINE long NAME(least)(long a, long b) { return a < b ? a : b; }

INLINE void NAME(convolution_tile)(const int vectors, const scribe_convolution *job,
                                   const float *packed, const float *start, long first, long last,
                                   float *y, long rows, long column) {
  vf sum[CONV_ROWS][CONV_VECTORS];
#pragma unroll
  for (int r = 0; r < CONV_ROWS; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = vset(0);
  const float *x = job->x + column;
  for (long k = first; k < last; k++) {
    const float *from = x + job->offsets[k];
    vf value[CONV_VECTORS];
#pragma unroll
    for (int v = 0; v < vectors; v++) value[v] = vload(from + v * LANES);
#pragma unroll
    for (int r = 0; r < CONV_ROWS; r++) {
      vf weight = vset(packed[k * CONV_ROWS + r]);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[r][v] += weight * value[v];
    }
  }
  const long width = job->length - column;
  const int whole = width >= vectors * LANES;
  if (rows == CONV_ROWS && whole) {
#pragma unroll
    for (int r = 0; r < CONV_ROWS; r++) {
      float *out = y + r * job->y_stride + column;
#pragma unroll
      for (int v = 0; v < vectors; v++)
        vstore(out + v * LANES, (first ? vload(out + v * LANES) : vset(start[r])) + sum[r][v]);
    }
    return;
  }
  // By way of memory, because registers have no index.
  float lane[CONV_ROWS][CONV_VECTORS * LANES];
#pragma unroll
  for (int r = 0; r < CONV_ROWS; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) vstore(lane[r] + v * LANES, sum[r][v]);
  for (long r = 0; r < rows; r++)
    for (long from = 0; from < vectors * LANES; from += LANES) {
      float *out = y + r * job->y_stride + column + from;
      const long count = width - from;
      vf total = vload(lane[r] + from);
      if (count >= LANES)
        vstore(out, (first ? vload(out) : vset(start[r])) + total);
      else
        vstore_part(out, (first ? vload_part(out, count) : vset(start[r])) + total, count);
    }
}

/// One block of inner steps of one row.
INLINE void NAME(convolution_block)(const scribe_convolution *job, long first, long last) {
  const long tiles = (job->outputs + CONV_ROWS - 1) / CONV_ROWS;
  const long vectors = (job->length + LANES - 1) / LANES;
  const long groups = (vectors + CONV_VECTORS - 1) / CONV_VECTORS;
  for (long group = 0; group < groups; group++) {
    const long from = vectors * group / groups, to = vectors * (group + 1) / groups;
    for (long tile = 0; tile < tiles; tile++) {
      const long output = tile * CONV_ROWS;
      const long rows = NAME(least)(job->outputs - output, CONV_ROWS);
      const float *packed = job->packed + output * job->inner;
      float start[CONV_ROWS] = {0};
      if (job->bias)
        for (long r = 0; r < rows; r++) start[r] = job->bias[output + r];
      float *y = job->y + output * job->y_stride;
      switch (to - from) {
        case 1:
          NAME(convolution_tile)(1, job, packed, start, first, last, y, rows, from * LANES);
          break;
        case 2:
          NAME(convolution_tile)(2, job, packed, start, first, last, y, rows, from * LANES);
          break;
        default:
          NAME(convolution_tile)(3, job, packed, start, first, last, y, rows, from * LANES);
      }
    }
  }
}

/// All rows by one block of inner steps before the next: its weights, and its part of the window,
/// are then read once.
static void NAME(convolution)(const scribe_convolution *job) {
  // An empty sum still writes its start.
  const long blocks = job->inner > 0 ? (job->inner + CONV_INNER - 1) / CONV_INNER : 1;
  for (long block = 0; block < blocks; block++) {
    scribe_convolution part = *job;
    for (long row = 0; row < job->rows; row++) {
      NAME(convolution_block)
      (&part, job->inner * block / blocks, job->inner * (block + 1) / blocks);
      part.x += job->x_row_stride;
      part.y += job->y_row_stride;
    }
  }
}

/// Weights [output, inner] in tiles of CONV_ROWS outputs, [tile][k][CONV_ROWS], zeros at the end.
static void NAME(convolution_pack)(const float *weight, long outputs, long inner, float *packed) {
  for (long first = 0; first < outputs; first += CONV_ROWS)
    for (long k = 0; k < inner; k++)
      for (long r = 0; r < CONV_ROWS; r++)
        *packed++ = first + r < outputs ? weight[(first + r) * inner + k] : 0;
}

/// `count` inner steps from `k` on by `vectors` of outputs from `output` on.
INLINE void NAME(weight_gradient_tile)(const int count, const int vectors,
                                       const scribe_convolution_gradient *job, long k,
                                       long output) {
  vf sum[CONV_ROWS][CONV_VECTORS];
  float *total = job->sums + k * job->stride + output;
#pragma unroll
  for (int i = 0; i < count; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[i][v] = vset(0);
  for (long row = 0; row < job->rows; row++) {
    const float *x[CONV_ROWS];
#pragma unroll
    for (int i = 0; i < count; i++) x[i] = job->x + row * job->x_row_stride + job->offsets[k + i];
    const float *dy = job->turned + row * job->length * job->stride + output;
    for (long w = 0; w < job->length; w++, dy += job->stride) {
      vf gradient[CONV_VECTORS];
#pragma unroll
      for (int v = 0; v < vectors; v++) gradient[v] = vload(dy + v * LANES);
#pragma unroll
      for (int i = 0; i < count; i++) {
        vf value = vset(x[i][w]);
#pragma unroll
        for (int v = 0; v < vectors; v++) sum[i][v] += value * gradient[v];
      }
    }
  }
#pragma unroll
  for (int i = 0; i < count; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      float *out = total + i * job->stride + v * LANES;
      vstore(out, vload(out) + sum[i][v]);
    }
}

INLINE void NAME(weight_gradient_tiles)(const int vectors, const scribe_convolution_gradient *job,
                                        long output) {
  const long tiles = (job->inner + CONV_ROWS - 1) / CONV_ROWS;
  for (long tile = 0; tile < tiles; tile++) {
    const long k = job->inner * tile / tiles, end = job->inner * (tile + 1) / tiles;
    switch (end - k) {
#define CASE(n)                                                  \
  case n:                                                        \
    NAME(weight_gradient_tile)(n, vectors, job, k, output);      \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4)
#if CONV_ROWS > 4
      CASE(5) CASE(6) CASE(7) CASE(8)
#endif
#undef CASE
    }
  }
}

static void NAME(convolution_weight_gradient)(const scribe_convolution_gradient *job) {
  const long vectors = job->stride / LANES;
  const long groups = (vectors + CONV_VECTORS - 1) / CONV_VECTORS;
  for (long group = 0; group < groups; group++) {
    const long from = vectors * group / groups, to = vectors * (group + 1) / groups;
    switch (to - from) {
      case 1: NAME(weight_gradient_tiles)(1, job, from * LANES); break;
      case 2: NAME(weight_gradient_tiles)(2, job, from * LANES); break;
      default: NAME(weight_gradient_tiles)(3, job, from * LANES);
    }
  }
}

/// Columns of the gradient that lie beside each other in the first-level cache, and the inner steps
/// of a tile of `few_weight_gradient`.
#define FEW_COLUMNS 256
#define FEW_STEPS 3

/// Columns `from` up to `count` more of one row of the gradient, zeros up to whole vectors.
INLINE void NAME(gradient_columns)(const scribe_few_gradient *job, long output, long row, long from,
                                   long count, float *to) {
  const long half = job->choices ? 2 : 1;
  const long start = output * job->dy_stride + row / half * job->dy_row_stride + from / half;
  if (job->choices)
    NAME(maximum_halved_row)(job->dy + start, job->choices + start, row % 2 * 2, to, count / 2);
  else
    memcpy(to, job->dy + start, count * sizeof *to);
  for (long i = count; i % LANES; i++) to[i] = 0;
}

/// Adds the products of `steps` inner steps with a tile of outputs, over some columns of one row.
INLINE void NAME(few_tile)(const int steps, const long *offsets, const float *x,
                           float dy[CONV_ROWS][FEW_COLUMNS], long count,
                           vf total[CONV_ROWS][SCRIBE_FEW_STEPS]) {
  vf sum[CONV_ROWS][FEW_STEPS];
  const float *from[FEW_STEPS];
#pragma unroll
  for (int i = 0; i < steps; i++) from[i] = x + offsets[i];
#pragma unroll
  for (int r = 0; r < CONV_ROWS; r++)
#pragma unroll
    for (int i = 0; i < steps; i++) sum[r][i] = total[r][i];
  for (long w = 0; w < count; w += LANES) {
    vf value[FEW_STEPS];
#pragma unroll
    for (int i = 0; i < steps; i++) value[i] = vload(from[i] + w);
#pragma unroll
    for (int r = 0; r < CONV_ROWS; r++) {
      vf gradient = vload(dy[r] + w);
#pragma unroll
      for (int i = 0; i < steps; i++) sum[r][i] += gradient * value[i];
    }
  }
#pragma unroll
  for (int r = 0; r < CONV_ROWS; r++)
#pragma unroll
    for (int i = 0; i < steps; i++) total[r][i] = sum[r][i];
}

/// Vectors lie along the columns, so no gradient is turned and few inner steps fill the registers.
static void NAME(convolution_few_weight_gradient)(const scribe_few_gradient *job) {
  float dy[CONV_ROWS][FEW_COLUMNS];
  vf total[CONV_ROWS][SCRIBE_FEW_STEPS];
  for (long output = 0; output < job->outputs; output += CONV_ROWS) {
    const long outputs = NAME(least)(job->outputs - output, CONV_ROWS);
    memset(dy, 0, sizeof dy);
    memset(total, 0, sizeof total);
    for (long row = 0; row < job->rows; row++)
      for (long from = 0; from < job->length; from += FEW_COLUMNS) {
        const long count = NAME(least)(job->length - from, FEW_COLUMNS);
        const float *x = job->x + row * job->x_row_stride + from;
        for (long r = 0; r < outputs; r++)
          NAME(gradient_columns)(job, output + r, row, from, count, dy[r]);
        for (long k = 0; k < job->inner; k += FEW_STEPS) {
          vf(*sums)[SCRIBE_FEW_STEPS] = (vf(*)[SCRIBE_FEW_STEPS])&total[0][k];
          switch (job->inner - k) {
            case 1: NAME(few_tile)(1, job->offsets + k, x, dy, count, sums); break;
            case 2: NAME(few_tile)(2, job->offsets + k, x, dy, count, sums); break;
            default: NAME(few_tile)(3, job->offsets + k, x, dy, count, sums);
          }
        }
      }
    for (long k = 0; k < job->inner; k++)
      for (long r = 0; r < outputs; r++)
        job->sums[k * job->stride + output + r] += vsum(total[r][k]);
  }
}

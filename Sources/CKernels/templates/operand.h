// The left operand of a product, as the tiles read it: units of 32 bits along the inner axis.
//
// Where it lies so already it is read in place. Else some rows are copied: row after row where the
// elements of a row lie beside each other, and where those of a column do, the rows of each tile
// interleaved, so that a tile reads from the front to the end.

typedef struct {
  const uint32_t *units;
  long row_stride, unit_stride;
  /// From one tile to the next where tiles of exactly `tile_rows` are interleaved, else zero.
  long tile_rows, tile_stride;
  /// What a row of whole numbers was divided by; null for other numbers.
  const float *scales;
} NAME(operand);

/// Words of padding after each row, so that rows do not all fall on the same lines of the cache.
#define ROW_PADDING 16

INLINE long NAME(padded)(long units) { return units + ROW_PADDING; }

/// One row as bytes: round(127 x / max|x|) + 128. Returns max|x| / 127.
static float NAME(quantize_row)(const float *x, long count, uint32_t *units) {
  vf most = vset(0);
  long i = 0;
  for (; i + LANES <= count; i += LANES) most = vmax(vabs(vload(x + i)), most);
  if (i < count) most = vmax(vabs(vload_part(x + i, count - i)), most);
  const float scale = vmaximum(most) / 127;
  const float inverse = scale > 0 ? 1 / scale : 0;
  units[(count - 1) / 4] = 0x80808080;
  uint8_t *out = (uint8_t *)units;
  // Adding this rounds to nearest even and leaves the whole number plus 128 in the low byte.
  const float shift = 12582912.0f + 128;
  for (i = 0; i + LANES <= count; i += LANES) {
    vu whole = (vu)(vload(x + i) * inverse + shift);
    *(vb_unaligned *)(out + i) = __builtin_convertvector(whole & 255, vb);
  }
  for (; i < count; i++) {
    float shifted = x[i] * inverse + shift;
    memcpy(out + i, &shifted, 1);
  }
  return scale;
}

/// Whether rows of floats that could be read in place are copied: those half a page or a multiple of
/// it apart compete for the same lines of the cache, and wide results read them often.
INLINE int NAME(is_copied)(const scribe_gemm *job) {
  return job->a_row_stride % 512 == 0 && job->columns >= 16 * PANEL && job->rows > 2 * TILE_ROWS;
}

/// Rows first ..< first + count and `depth` units from `start` on, where they can be read.
static NAME(operand) NAME(left_operand)(const scribe_gemm *job, long first, long count, long start,
                                        long depth) {
  const long per = NAME(per_unit)(job->precision), k = start * per;
  const long elements = job->inner - k < depth * per ? job->inner - k : depth * per;
  const long origin = first * job->a_row_stride + k * job->a_inner_stride;
  uint32_t *units = job->scratch;
  NAME(operand) left = {units, NAME(padded)(depth), 1, 0, 0, 0};
  if (job->a_inner_stride == 1) {
    if (job->precision == SCRIBE_FLOAT32) {
      const float *rows = (const float *)job->a + origin;
      if (NAME(is_copied)(job)) {
        for (long r = 0; r < count; r++)
          memcpy(units + r * left.row_stride, rows + r * job->a_row_stride,
                 (size_t)depth * sizeof *units);
      } else {
        left.units = (const uint32_t *)rows;
        left.row_stride = job->a_row_stride;
      }
    } else if (job->precision == SCRIBE_BFLOAT16) {
      for (long r = 0; r < count; r++)
        NAME(narrow_line)
      (job->a, job->type, origin + r * job->a_row_stride, elements,
       (uint16_t *)(units + r * left.row_stride));
    } else {
      float *scales = (float *)(units + count * left.row_stride);
      for (long r = 0; r < count; r++)
        scales[r] = NAME(quantize_row)(
            (const float *)job->a + origin + r * job->a_row_stride, elements,
            units + r * left.row_stride);
      left.scales = scales;
    }
    return left;
  }
  // Rows of a tile are copied eight words at a time; what is too much is overwritten by the next
  // step, or falls into the gap behind the tile.
  enum { WORDS = 8 };
  const long height = TILE_ROWS / MAIN_PANELS;
  const long tiles = (count + height - 1) / height, stride = height * depth + WORDS;
  left = (NAME(operand)){units, 1, height, height, stride, 0};
  uint32_t line[ROW_BLOCK + TILE_ROWS + WORDS];
  const int is_inside = first + tiles * height + WORDS <= job->rows;
  for (long u = 0; u < depth; u++) {
    const long at = origin + u * per * job->a_inner_stride;
    const uint32_t *from = line;
    if (job->precision == SCRIBE_BFLOAT16)
      NAME(pair_lines)
    (job->a, job->type, at, at + job->a_inner_stride, u * per + 1 < elements, count, line);
    else if (is_inside) from = (const uint32_t *)job->a + at;
    else memcpy(line, (const float *)job->a + at, (size_t)count * sizeof *line);
    for (long tile = 0; tile < tiles; tile++)
      memcpy(units + tile * stride + u * height, from + tile * height, WORDS * sizeof *units);
  }
  return left;
}

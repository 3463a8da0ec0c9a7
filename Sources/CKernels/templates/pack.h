// Packing the right operand of a product.
//
// Everything is counted in units of 32 bits along the inner axis: one float, two numbers of 16 bits
// or four of 8. B is cut along that axis into blocks of BLOCK_UNITS units, and each block into
// panels of PANEL columns, stored unit row after unit row: [block][panel][unit][PANEL]. What is
// beyond the last column or the last element is zero.

#define PANEL (PANEL_VECTORS * LANES)

INLINE long NAME(per_unit)(int precision) {
  return precision == SCRIBE_INT8 ? 4 : precision == SCRIBE_BFLOAT16 ? 2 : 1;
}

/// Units of a block of the inner axis. Sums of whole numbers are kept in registers to the end.
INLINE long NAME(block_units)(int precision) {
  return precision == SCRIBE_INT8 ? LONG_MAX / 2 : BLOCK_UNITS;
}

INLINE uint16_t NAME(narrow)(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (uint16_t)((x == x ? bits + 0x7fff + ((bits >> 16) & 1) : bits | 0x00400000) >> 16);
}

/// One element of a matrix of floats or of 16-bit numbers, as the 16-bit number nearest to it.
INLINE uint16_t NAME(narrowed)(const void *base, int type, long index) {
  return type == SCRIBE_FLOAT32 ? NAME(narrow)(((const float *)base)[index])
                                : ((const uint16_t *)base)[index];
}

/// `count` elements beside each other, rounded to 16 bits and filled up to a whole unit.
INLINE void NAME(narrow_line)(const void *base, int type, long index, long count, uint16_t *out) {
  if (type == SCRIBE_BFLOAT16) {
    memcpy(out, (const uint16_t *)base + index, (size_t)count * sizeof *out);
  } else {
    const float *in = (const float *)base + index;
    long i = 0;
    for (; i + LANES <= count; i += LANES) vstore_bfloat16(out + i, vload(in + i));
    for (; i < count; i++) out[i] = NAME(narrow)(in[i]);
  }
  if (count & 1) out[count] = 0;
}

/// Two lines of elements interleaved: out[i] holds first[i] below second[i]. Null counts as zeros.
INLINE void NAME(pair_lines)(const void *base, int type, long first, long second, int has_second,
                             long count, uint32_t *out) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vu low, high = (vu)vset(0);
    if (type == SCRIBE_FLOAT32) {
      low = vround_bfloat16(vload((const float *)base + first + i));
      if (has_second) high = vround_bfloat16(vload((const float *)base + second + i));
    } else {
      low = (vu)vload_bfloat16((const uint16_t *)base + first + i);
      if (has_second) high = (vu)vload_bfloat16((const uint16_t *)base + second + i);
    }
    vstore((float *)out + i, (vf)((low >> 16) | (high & 0xffff0000)));
  }
  for (; i < count; i++) {
    uint32_t low = NAME(narrowed)(base, type, first + i);
    uint32_t high = has_second ? NAME(narrowed)(base, type, second + i) : 0;
    out[i] = low | high << 16;
  }
}

/// Lines along the inner axis: `width` columns, each turned into units, and their transpose.
static void NAME(pack_lines)(const scribe_pack *job, long column, long width, long first_unit,
                             long depth, uint32_t *out) {
  enum { CHUNK = 64 };
  uint32_t units[PANEL][CHUNK];
  const long per = NAME(per_unit)(job->precision);
  if (job->precision == SCRIBE_FLOAT32) {
    const float *in = (const float *)job->b + column * job->column_stride + first_unit;
    NAME(transpose)(in, job->column_stride, (float *)out, PANEL, width, depth);
    return;
  }
  for (long start = 0; start < depth; start += CHUNK) {
    const long count = depth - start < CHUNK ? depth - start : CHUNK;
    const long first = (first_unit + start) * per;
    const long elements = job->inner - first < count * per ? job->inner - first : count * per;
    for (long n = 0; n < width; n++) {
      const long index = (column + n) * job->column_stride + first;
      if (job->precision == SCRIBE_BFLOAT16) {
        NAME(narrow_line)(job->b, job->type, index, elements, (uint16_t *)units[n]);
      } else {
        units[n][(elements - 1) / per] = 0;
        memcpy(units[n], (const int8_t *)job->b + index, (size_t)elements);
      }
    }
    NAME(transpose)
    ((const float *)units, CHUNK, (float *)out + start * PANEL, PANEL, width, count);
  }
}

/// Lines along the columns: one row of B a unit, or two interleaved.
static void NAME(pack_rows)(const scribe_pack *job, long column, long width, long first_unit,
                            long depth, uint32_t *out) {
  for (long u = 0; u < depth; u++) {
    if (job->precision == SCRIBE_FLOAT32) {
      const float *in = (const float *)job->b + (first_unit + u) * job->inner_stride + column;
      memcpy(out + u * PANEL, in, (size_t)width * sizeof *in);
    } else {
      const long k = 2 * (first_unit + u);
      const long first = k * job->inner_stride + column;
      NAME(pair_lines)
      (job->b, job->type, first, first + job->inner_stride, k + 1 < job->inner, width,
       out + u * PANEL);
    }
  }
}

static void NAME(pack)(const scribe_pack *job, long first_panel, long last_panel) {
  const long panels = (job->columns + PANEL - 1) / PANEL;
  const long per = NAME(per_unit)(job->precision), units = (job->inner + per - 1) / per;
  const long step = NAME(block_units)(job->precision);
  for (long start = 0; start < units; start += step) {
    const long depth = units - start < step ? units - start : step;
    uint32_t *block = job->packed + start * panels * PANEL;
    for (long panel = first_panel; panel < last_panel; panel++) {
      uint32_t *out = block + panel * depth * PANEL;
      const long column = panel * PANEL;
      const long width = job->columns - column < PANEL ? job->columns - column : PANEL;
      if (width < PANEL) memset(out, 0, (size_t)(depth * PANEL) * sizeof *out);
      if (job->column_stride == 1 && job->precision != SCRIBE_INT8)
        NAME(pack_rows)(job, column, width, start, depth, out);
      else NAME(pack_lines)(job, column, width, start, depth, out);
    }
  }
}

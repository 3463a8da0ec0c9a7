// Transposition in squares that fit the registers.

/// A square of LANES x LANES: pairing the first half of the rows with the second, element by
/// element, as often as two divides LANES.
INLINE void NAME(transpose_square)(const float *x, long x_stride, float *y, long y_stride) {
  vf row[LANES], next[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i++) row[i] = vload(x + i * x_stride);
#pragma unroll
  for (int width = 1; width < LANES; width *= 2) {
#pragma unroll
    for (int i = 0; i < LANES / 2; i++) {
      next[2 * i] = vpairs_low(row[i], row[i + LANES / 2]);
      next[2 * i + 1] = vpairs_high(row[i], row[i + LANES / 2]);
    }
#pragma unroll
    for (int i = 0; i < LANES; i++) row[i] = next[i];
  }
#pragma unroll
  for (int i = 0; i < LANES; i++) vstore(y + i * y_stride, row[i]);
}

static void NAME(transpose)(const float *x, long x_stride, float *y, long y_stride, long rows,
                            long columns) {
  for (long c = 0; c < columns; c += LANES) {
    const long width = columns - c < LANES ? columns - c : LANES;
    for (long r = 0; r < rows; r += LANES) {
      const long height = rows - r < LANES ? rows - r : LANES;
      const float *from = x + r * x_stride + c;
      float *to = y + c * y_stride + r;
      if (width == LANES && height == LANES) {
        NAME(transpose_square)(from, x_stride, to, y_stride);
        continue;
      }
      for (long i = 0; i < width; i++)
        for (long j = 0; j < height; j++) to[i * y_stride + j] = from[j * x_stride + i];
    }
  }
}

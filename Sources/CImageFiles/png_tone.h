// From the samples of a row, as libpng expands them, to 8 bits of grey on white.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
  int is_wide;    // samples of 16 bits in the machine's order, else 8
  int has_color;  // red, green and blue, else grey
  int has_alpha;  // opacity follows
  float light;    // the power that turns a sample into light
  int is_plain;   // the row is the result
  uint8_t *table; // a byte for every opaque sample
} png_tone;

// `file_gamma` is the file's, or 0 where it states none. Returns 0, or -1 without memory.
int png_tone_prepare(png_tone *tone, double file_gamma);
void png_tone_free(png_tone *tone);

// Writes `count` pixels, `step` pixels apart.
void png_tone_apply(
  const png_tone *tone, const uint8_t *row, uint8_t *pixels, size_t count, size_t step);

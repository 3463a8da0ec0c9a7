#include "png_tone.h"

#include <math.h>
#include <stdlib.h>

// What libpng takes for an sRGB screen, and the difference that it lets pass.
static const double screen_gamma = 2.2;
static const double significant = 0.05;

int png_tone_prepare(png_tone *tone, double file_gamma) {
  const double product = file_gamma > 0 ? file_gamma * screen_gamma : 1;
  const int is_corrected = fabs(product - 1) >= significant;
  const double power = is_corrected ? 1 / product : 1;
  tone->light = (float)(power * screen_gamma);
  tone->is_plain = !tone->is_wide && !tone->has_alpha && !tone->has_color && !is_corrected;
  if (tone->is_plain) return 0;
  const size_t top = tone->is_wide ? 65535 : 255;
  tone->table = malloc(top + 1);
  if (tone->table == NULL) return -1;
  for (size_t i = 0; i <= top; i++) {
    const double value = (double)i / (double)top;
    tone->table[i] = (uint8_t)(255 * (is_corrected ? pow(value, power) : value) + 0.5);
  }
  return 0;
}

void png_tone_free(png_tone *tone) { free(tone->table); }

// A sample laid on white, mixed as light, as libpng does.
static uint8_t mix(float sample, float alpha, float light) {
  const float mixed = alpha * powf(sample, light) + (1 - alpha);
  return (uint8_t)(255 * powf(mixed, (float)(1 / screen_gamma)) + 0.5f);
}

// Rec. 601 luma of the encoded values, rounded, as JPEG's Y is: the same page is the same grey in
// either format.
static uint8_t luma(const uint8_t rgb[3]) {
  return (uint8_t)((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
}

#define APPLY(NAME, SAMPLE, TOP)                                                               \
  static void NAME(                                                                            \
    const png_tone *tone, const SAMPLE *row, uint8_t *pixels, size_t count, size_t step) {     \
    const int colors = tone->has_color ? 3 : 1;                                                \
    for (size_t i = 0; i < count; i++) {                                                       \
      const SAMPLE alpha = tone->has_alpha ? row[colors] : TOP;                                \
      uint8_t value[3] = {255, 255, 255};                                                      \
      for (int c = 0; c < colors && alpha > 0; c++)                                            \
        value[c] = alpha == TOP ? tone->table[row[c]]                                          \
                                : mix((float)row[c] / TOP, (float)alpha / TOP, tone->light);   \
      *pixels = colors == 3 ? luma(value) : *value;                                            \
      row += colors + tone->has_alpha;                                                         \
      pixels += step;                                                                          \
    }                                                                                          \
  }

APPLY(apply_narrow, uint8_t, 255)
APPLY(apply_wide, uint16_t, 65535)

void png_tone_apply(
  const png_tone *tone, const uint8_t *row, uint8_t *pixels, size_t count, size_t step) {
  if (tone->is_plain) {
    for (size_t i = 0; i < count; i++) pixels[i * step] = row[i];
  } else if (tone->is_wide) {
    apply_wide(tone, (const uint16_t *)(const void *)row, pixels, count, step);
  } else {
    apply_narrow(tone, row, pixels, count, step);
  }
}

// PNG files in memory through libpng's simplified interface, which keeps its long jumps to itself:
// every function here returns, and none keeps state between calls.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Room for the message of a failure, its final zero included.
enum { IMAGE_MESSAGE_SIZE = 64 };

// Decodes a PNG of `width` by `height` pixels into one byte of grey each, on white, encoded as sRGB.
// Returns 0, or -1 and a message.
int image_png_decode_gray(
  const uint8_t *_Nonnull bytes, size_t count, uint32_t width, uint32_t height,
  uint8_t *_Nonnull gray, char *_Nonnull message);

// Decodes into three bytes (red, green, blue) a pixel.
int image_png_decode_rgb(
  const uint8_t *_Nonnull bytes, size_t count, uint32_t width, uint32_t height,
  uint8_t *_Nonnull rgb, char *_Nonnull message);

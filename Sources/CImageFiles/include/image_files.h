// PNG files in memory. Every function returns: libpng's long jumps stay inside, and no state is
// kept between calls, so that any number of threads may call.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Room for the message of a failure, its final zero included.
enum { IMAGE_MESSAGE_SIZE = 80 };

// Decodes a PNG of `width` by `height` pixels into one byte of grey each, laid on white and encoded
// as sRGB; colours become their Rec. 601 luma. Returns 0, or -1 and a message.
int image_png_decode_gray(
  const uint8_t *_Nonnull bytes, size_t count, uint32_t width, uint32_t height,
  uint8_t *_Nonnull gray, char *_Nonnull message);

// The most bytes that `image_png_encode` needs.
size_t image_png_encoded_size(uint32_t width, uint32_t height, int channels);

// Encodes 8-bit pixels of 1 channel (grey) or 3 (red, green, blue); `*count` is the room at `bytes` and becomes what was used.
// Returns 0, or -1 and a message.
int image_png_encode(
  const uint8_t *_Nonnull pixels, uint32_t width, uint32_t height, int channels,
  uint8_t *_Nonnull bytes, size_t *_Nonnull count, char *_Nonnull message);

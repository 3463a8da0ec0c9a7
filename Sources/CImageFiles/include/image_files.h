// PNG files in memory. Every function returns: libpng's long jumps stay inside, and no state is
// kept between calls, so that any number of threads may call.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Room for the message of a failure, its final zero included.
enum { IMAGE_MESSAGE_SIZE = 80 };

// Decodes a PNG of `width` by `height` pixels, laid on white and encoded as sRGB. `channels` is 1
// for grey, the Rec. 601 luma of colours, or 3 for red, green and blue.
// Returns 0, or -1 and a message.
int image_png_decode(
  const uint8_t *_Nonnull bytes, size_t count, uint32_t width, uint32_t height, int channels,
  uint8_t *_Nonnull pixels, char *_Nonnull message);

// The most bytes that `image_png_encode` needs.
size_t image_png_encoded_size(uint32_t width, uint32_t height, int channels);

// Encodes 8-bit pixels; `*count` is the room at `bytes` and becomes what was used.
// Returns 0, or -1 and a message.
int image_png_encode(
  const uint8_t *_Nonnull pixels, uint32_t width, uint32_t height, int channels,
  uint8_t *_Nonnull bytes, size_t *_Nonnull count, char *_Nonnull message);

#include "image_files.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

static int fail(png_image *image, const char *reason, char *message) {
  strncpy(message, reason, IMAGE_MESSAGE_SIZE - 1);
  message[IMAGE_MESSAGE_SIZE - 1] = 0;
  png_image_free(image);
  return -1;
}

static int begin(
  png_image *image, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
  char *message) {
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(image, bytes, count))
    return fail(image, image->message, message);
  if (image->width != width || image->height != height)
    return fail(image, "the size changed while reading", message);
  // Without a stated gamma, libpng would take 16 bits as linear light; scanners mean sRGB.
  image->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  return 0;
}

static int finish(png_image *image, png_uint_32 format, uint8_t *pixels, char *message) {
  const png_color white = {255, 255, 255};
  image->format = format;
  if (!png_image_finish_read(image, &white, pixels, 0, NULL))
    return fail(image, image->message, message);
  png_image_free(image);
  return 0;
}

// Rec. 601 luma of the encoded values, rounded, as JPEG's Y is: the same page is the same grey in
// either format.
static void luma(const uint8_t *rgb, uint8_t *gray, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t sum =
      19595u * rgb[3 * i] + 38470u * rgb[3 * i + 1] + 7471u * rgb[3 * i + 2] + 32768u;
    gray[i] = (uint8_t)(sum >> 16);
  }
}

int image_png_decode_gray(
  const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *gray,
  char *message) {
  png_image image;
  if (begin(&image, bytes, count, width, height, message)) return -1;
  if (!(image.format & PNG_FORMAT_FLAG_COLOR))
    return finish(&image, PNG_FORMAT_GRAY, gray, message);
  const size_t pixels = (size_t)width * height;
  uint8_t *rgb = malloc(3 * pixels);
  if (rgb == NULL) return fail(&image, "out of memory", message);
  const int status = finish(&image, PNG_FORMAT_RGB, rgb, message);
  if (status == 0) luma(rgb, gray, pixels);
  free(rgb);
  return status;
}

int image_png_decode_rgb(
  const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb,
  char *message) {
  png_image image;
  if (begin(&image, bytes, count, width, height, message)) return -1;
  return finish(&image, PNG_FORMAT_RGB, rgb, message);
}

#include "image_files.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "png_tone.h"

// What outlives a long jump.
typedef struct {
  jmp_buf jump;
  char *message;
  const uint8_t *next;
  size_t left;
  png_structp png;
  png_infop info;
  uint8_t *row;
  png_tone tone;
} reader;

static void copy_message(char *message, const char *reason) {
  strncpy(message, reason, IMAGE_MESSAGE_SIZE - 1);
  message[IMAGE_MESSAGE_SIZE - 1] = 0;
}

static PNG_NORETURN void fail(png_structp png, png_const_charp reason) {
  reader *self = png_get_error_ptr(png);
  copy_message(self->message, reason);
  longjmp(self->jump, 1);
}

// libpng warns of chunks that it leaves out; none of those that count here.
static void ignore(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static void take(png_structp png, png_bytep target, size_t count) {
  reader *self = png_get_io_ptr(png);
  if (count > self->left) png_error(png, "the data end too early");
  memcpy(target, self->next, count);
  self->next += count;
  self->left -= count;
}

// The memory of ancillary chunks: only those that change the pixels are kept.
static void restrict_chunks(png_structp png) {
  static const png_byte kept[] = "gAMA\0sRGB";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, kept, 2);
  png_set_chunk_cache_max(png, 16);
  png_set_chunk_malloc_max(png, 1 << 20);
  // The caller has checked all checksums.
  png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
}

// The file's gamma, or 0 where it states none; sRGB is the screen's.
static double stated_gamma(const reader *self) {
  int intent;
  double gamma;
  if (png_get_sRGB(self->png, self->info, &intent) != 0) return 0;
  return png_get_gAMA(self->png, self->info, &gamma) != 0 ? gamma : 0;
}

static void prepare(reader *self, uint32_t width, uint32_t height) {
  png_structp png = self->png;
  png_set_read_fn(png, self, take);
  png_set_user_limits(png, width, height);
  restrict_chunks(png);
  png_read_info(png, self->info);
  if (png_get_image_width(png, self->info) != width
      || png_get_image_height(png, self->info) != height)
    png_error(png, "a second header contradicts the first");
  png_set_expand(png);
  const uint16_t one = 1;
  if (*(const uint8_t *)&one == 1) png_set_swap(png);
  const double gamma = stated_gamma(self);
  png_read_update_info(png, self->info);
  const int type = png_get_color_type(png, self->info);
  self->tone.is_wide = png_get_bit_depth(png, self->info) == 16;
  self->tone.has_color = (type & PNG_COLOR_MASK_COLOR) != 0;
  self->tone.has_alpha = (type & PNG_COLOR_MASK_ALPHA) != 0;
  self->row = malloc(png_get_rowbytes(png, self->info));
  if (self->row == NULL || png_tone_prepare(&self->tone, gamma) != 0)
    png_error(png, "out of memory");
}

static void read_rows(reader *self, uint32_t width, uint32_t height, uint8_t *pixels) {
  for (size_t y = 0; y < height; y++) {
    uint8_t *target = pixels + y * width;
    png_read_row(self->png, self->tone.is_plain ? target : self->row, NULL);
    if (!self->tone.is_plain) png_tone_apply(&self->tone, self->row, target, width, 1);
  }
}

static void read_passes(reader *self, uint32_t width, uint32_t height, uint8_t *pixels) {
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
    const size_t count = PNG_PASS_COLS(width, pass);
    if (count == 0) continue;
    for (size_t y = PNG_PASS_START_ROW(pass); y < height; y += PNG_PASS_ROW_OFFSET(pass)) {
      uint8_t *target = pixels + y * width + PNG_PASS_START_COL(pass);
      png_read_row(self->png, self->row, NULL);
      png_tone_apply(&self->tone, self->row, target, count, PNG_PASS_COL_OFFSET(pass));
    }
  }
}

static int decode(reader *self, uint32_t width, uint32_t height, uint8_t *pixels) {
  if (setjmp(self->jump)) return -1;
  self->info = png_create_info_struct(self->png);
  if (self->info == NULL) png_error(self->png, "out of memory");
  prepare(self, width, height);
  if (png_get_interlace_type(self->png, self->info) == PNG_INTERLACE_NONE)
    read_rows(self, width, height, pixels);
  else
    read_passes(self, width, height, pixels);
  png_read_end(self->png, NULL);
  return 0;
}

int image_png_decode_gray(
  const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *gray,
  char *message) {
  reader self;
  memset(&self, 0, sizeof self);
  self.message = message;
  self.next = bytes;
  self.left = count;
  self.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &self, fail, ignore);
  if (self.png == NULL) {
    copy_message(message, "libpng cannot start: no memory, or another version");
    return -1;
  }
  const int status = decode(&self, width, height, gray);
  png_destroy_read_struct(&self.png, &self.info, NULL);
  png_tone_free(&self.tone);
  free(self.row);
  return status;
}

static png_image image_of(uint32_t width, uint32_t height, int channels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  return image;
}

size_t image_png_encoded_size(uint32_t width, uint32_t height, int channels) {
  // libpng's own macro counts in 32 bits. Of noise, zlib makes blocks of 16 KiB with 5 bytes each,
  // and libpng chunks of 8 KiB with 12 bytes each: together less than 1/512 more.
  const size_t data = ((size_t)width * (size_t)channels + 1) * height;
  return data + (data >> 9) + 4096;
}

int image_png_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t *bytes,
  size_t *count, char *message) {
  png_image image = image_of(width, height, channels);
  png_alloc_size_t size = *count;
  if (!png_image_write_to_memory(&image, bytes, &size, 0, pixels, 0, NULL)) {
    copy_message(message, image.warning_or_error ? image.message : "the pixels do not fit");
    png_image_free(&image);
    return -1;
  }
  *count = size;
  return 0;
}

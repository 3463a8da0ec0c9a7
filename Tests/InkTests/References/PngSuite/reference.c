// Prints the size and the red, green and blue bytes of a PNG on white as libpng's simplified
// interface decodes it: cc -O2 reference.c -lpng -lm -o reference; ./reference FILE > pixels
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int finish(png_image *image, void *pixels) {
  const png_color white = {255, 255, 255};
  return pixels && png_image_finish_read(image, &white, pixels, 0, NULL);
}

int main(int count, char **arguments) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (count != 2 || !png_image_begin_read_from_file(&image, arguments[1])) return 1;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  const size_t samples = (size_t)image.width * image.height * 3;
  unsigned char *bytes = malloc(samples);
  // 16 bits are read as light and encoded here: some releases of libpng mix up the rows of
  // interlaced images when they reduce 16 bits to 8.
  if (image.format & PNG_FORMAT_FLAG_LINEAR) {
    // Opacity multiplies light; white adds the rest.
    image.format = PNG_FORMAT_LINEAR_RGB_ALPHA;
    unsigned short *four = malloc(8 * (samples / 3));
    if (!bytes || !finish(&image, four)) return 1;
    for (size_t i = 0; i < samples; i++) {
      const unsigned value = four[i / 3 * 4 + i % 3] + 65535u - four[i / 3 * 4 + 3];
      bytes[i] = (unsigned char)(255 * pow(value / 65535.0, 1 / 2.2) + 0.5);
    }
  } else {
    image.format = PNG_FORMAT_RGB;
    if (!finish(&image, bytes)) return 1;
  }
  printf("%u %u\n", image.width, image.height);
  fwrite(bytes, 1, samples, stdout);
  return 0;
}

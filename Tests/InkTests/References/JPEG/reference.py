#!/usr/bin/env python3
"""Writes small JPEG files of many kinds, and what Pillow decodes of each as NAME.pgm.

The picture is a ramp with a dark bar and a dark corner, so that every turn of it looks different.
Needs Pillow and numpy; run in this folder.
"""

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 45, 27


def picture():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = np.stack([90 + 3 * x, 120 + 4 * y, 255 - 2 * x - y], axis=2)
    rgb[5:9, 4:30] = [20, 30, 90]
    rgb[20:, 36:] = [60, 10, 10]
    return Image.fromarray(rgb.astype(np.uint8))


def save(name, image, **options):
    image.save(name + ".jpeg", quality=90, **options)
    decoded = Image.open(name + ".jpeg")
    if decoded.mode == "RGB":
        decoded.draft("L", decoded.size)
    gray = decoded.convert("RGB").convert("L") if decoded.mode == "CMYK" else decoded.convert("L")
    ImageOps.exif_transpose(gray).save(name + ".pgm")


def main():
    color = picture()
    save("baseline", color, subsampling=2)
    save("full-chroma", color, subsampling=0)
    save("progressive", color, progressive=True)
    save("restarts", color, restart_marker_rows=1)
    save("gray", color.convert("L"))
    save("gray-progressive", color.convert("L"), progressive=True)
    save("cmyk", color.convert("CMYK"))
    save("rgb", color, keep_rgb=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x010E] = "an entry before it"
        exif[0x0112] = orientation
        save(f"orientation-{orientation}", color.convert("L"), exif=exif)


main()

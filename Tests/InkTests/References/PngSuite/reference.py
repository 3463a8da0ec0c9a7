#!/usr/bin/env python3
"""Writes reference.txt and libpng.bin: the images of PngSuite in grey on white, by other programs.

reference.txt has, for every valid image, its name, width, height and the CRC-32 of its grey bytes,
where Netpbm's pngtopam reads the stored samples, and gamma, opacity and luma are computed here in
double precision. libpng.bin has the grey bytes of the same images, in the same order, where
libpng's simplified interface (reference.c) decodes, and Rec. 601 luma turns to grey.

Needs cc, libpng, Netpbm and numpy; run in this folder.
"""

import pathlib
import struct
import subprocess
import tempfile
import zlib

import numpy as np

SCREEN = 2.2  # What libpng takes for an sRGB screen.
LUMA = np.array([19595, 38470, 7471])  # 0.299, 0.587, 0.114 in units of 1/65536.


def chunks(data):
    position = 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


def file_gamma(data):
    found = dict(chunks(data))
    if b"sRGB" in found or b"gAMA" not in found:
        return None
    return struct.unpack(">I", found[b"gAMA"])[0] / 100000


def stored_samples(path):
    """The samples between 0 and 1, [height, width, 4], as pngtopam reads them."""
    pam = subprocess.run(
        ["pngtopam", "-alphapam", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    ).stdout
    head, body = pam.split(b"ENDHDR\n", 1)
    fields = dict(line.split(None, 1) for line in head.splitlines()[1:] if b" " in line)
    width, height, depth, top = (
        int(fields[key]) for key in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
    )
    values = np.frombuffer(body, ">u2" if top > 255 else "u1").reshape(height, width, depth) / top
    color = np.repeat(values[..., :1], 3, axis=2) if depth < 3 else values[..., :3]
    alpha = values[..., -1:] if depth in (2, 4) else np.ones_like(values[..., :1])
    return np.concatenate([color, alpha], axis=2)


def on_white(samples, gamma):
    """Laid on white in linear light; 8 bits for the screen."""
    color, alpha = samples[..., :3], samples[..., 3:]
    exponent = SCREEN if gamma is None else 1 / gamma
    opaque = color
    if abs(exponent / SCREEN - 1) >= 0.05:
        opaque = color ** (exponent / SCREEN)
    mixed = (alpha * color**exponent + 1 - alpha) ** (1 / SCREEN)
    mixed = np.where(alpha == 1, opaque, np.where(alpha == 0, 1, mixed))
    return np.floor(mixed * 255 + 0.5).astype(np.int64)


def gray(rgb):
    return ((rgb @ LUMA + 32768) >> 16).astype(np.uint8)


def main():
    lines, samples = [], []
    with tempfile.TemporaryDirectory() as folder:
        program = folder + "/reference"
        subprocess.run(["cc", "-O2", "reference.c", "-lpng", "-lm", "-o", program], check=True)
        for path in sorted(pathlib.Path(".").glob("*.png")):
            if path.name.startswith("x"):
                continue
            output = subprocess.run([program, path], stdout=subprocess.PIPE, check=True).stdout
            size, pixels = output.split(b"\n", 1)
            width, height = map(int, size.split())
            decoded = gray(np.frombuffer(pixels, "u1").astype(np.int64).reshape(height, width, 3))
            computed = gray(on_white(stored_samples(path), file_gamma(path.read_bytes())))
            lines.append(f"{path.name} {width} {height} {zlib.crc32(computed.tobytes()):08x}")
            samples.append(decoded.tobytes())
            difference = np.abs(decoded.astype(int) - computed)
            print(path.name, "largest difference of the two", difference.max())
    pathlib.Path("reference.txt").write_text("\n".join(lines) + "\n")
    pathlib.Path("libpng.bin").write_bytes(b"".join(samples))


main()

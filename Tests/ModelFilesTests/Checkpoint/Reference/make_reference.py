"""Writes the files that SafetensorsReferenceTests reads, with the Python library `safetensors`.

    python3 -m venv venv && venv/bin/pip install safetensors numpy ml_dtypes xxhash
    venv/bin/python make_reference.py                # writes reference.safetensors and prints hashes
    venv/bin/python make_reference.py FILE           # reads a file that this package wrote

Made with safetensors 0.8.0, numpy 2.4.6, xxhash 3.
"""

import json
import pathlib
import sys

import ml_dtypes
import numpy
import xxhash
from safetensors import safe_open
from safetensors.numpy import save_file


def write(path):
    ramp = numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)
    halves = [0.0, -0.0, 1.0, -2.0, 65504.0, 2.0**-14, 2.0**-24, numpy.inf, -numpy.inf, 0.333251953125]
    tensors = {
        "ramp": ramp / 8 - 1,
        "scalar": numpy.array(3.25, dtype=numpy.float32),
        "empty": numpy.zeros((0, 5), dtype=numpy.float32),
        "half": numpy.array(halves, dtype=numpy.float16),
        "brain": numpy.array([[1.0, -1.5], [3.0e38, 1.0e-38]], dtype=ml_dtypes.bfloat16),
        "größe \"q\" \\ 😀\t": numpy.array([7.0], dtype=numpy.float32),
    }
    save_file(tensors, path, metadata={"format": "np", "né": "line\nbreak \"quoted\" \u0001 😀"})


def hashes():
    """xxHash64 of the first n bytes of i -> (i * 7 + 3) % 256."""
    data = bytes((i * 7 + 3) % 256 for i in range(1000))
    for count in [0, 1, 3, 4, 7, 8, 12, 31, 32, 33, 63, 64, 100, 255, 1000]:
        print(f"    ({count}, 0x{xxhash.xxh64_intdigest(data[:count]):016X}),")


def verify(path):
    """Reads a file with the library and recomputes its checksum from the definition."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        for name in file.keys():
            tensor = file.get_tensor(name)
            print(json.dumps(name), tensor.dtype, list(tensor.shape), float(tensor.sum()))
    print(json.dumps(metadata, sort_keys=True, ensure_ascii=False))
    data = pathlib.Path(path).read_bytes()
    digits = metadata["checksum"].removeprefix("xxh64:").encode()
    blanked = data.replace(digits, b"0" * len(digits), 1)
    assert xxhash.xxh64_hexdigest(blanked).encode() == digits, "checksum"
    assert (8 + int.from_bytes(data[:8], "little")) % 64 == 0, "alignment"
    print("checksum and alignment hold")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        verify(sys.argv[1])
    else:
        write(pathlib.Path(__file__).with_name("reference.safetensors"))
        hashes()

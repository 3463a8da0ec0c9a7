"""Times matrix products in PyTorch: x · Wᵀ as a dense layer makes it, and dyᵀ · x.

`scribe-bench product` times the same shapes. Prints one JSON object for each shape and way.

    python bench/product.py --threads 2
"""

import argparse

import measuring

LARGE = [
    (9600, 512, 1024), (1024, 9600, 512), (4000, 2048, 2048), (1600, 1024, 4096), (1024, 1024, 1024)]
SMALL = [
    (32, 512, 2048), (32, 256, 1024), (16, 512, 2048), (16, 256, 1024), (1, 512, 2048),
    (1, 1024, 4096)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    measuring.limit_threads(arguments.threads)
    import torch

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    # One step of a recurrence is the work of one thread.
    for rows, inner, columns in LARGE + (SMALL if arguments.threads == 1 else []):
        x, weight = torch.randn(rows, inner), torch.randn(columns, inner)
        gradient = torch.randn(inner, rows)
        transposed = torch.randn(inner, columns)
        shape, size = f"{rows}x{inner}x{columns}", 2 * rows * inner * columns
        ways = [("product ", lambda: torch.nn.functional.linear(x, weight))]
        if rows > 32:
            ways.append(("gradient product ", lambda: gradient.T @ transposed))
        for name, body in ways:
            with torch.inference_mode():
                durations = measuring.measure(body, arguments.repetitions)
            # Each weight serves one row only, so that memory sets the pace.
            touched = 4 * (inner * columns + inner + columns) if rows == 1 else None
            measuring.emit(
                name + shape, "PyTorch", torch.__version__, "float32", arguments.threads,
                durations, size, moved_bytes=touched)


if __name__ == "__main__":
    main()

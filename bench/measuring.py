"""What the programs of this folder share: measuring, and records with the keys of scribe-bench."""

import json
import os
import resource
import statistics
import sys
import time

# Set by run.sh where it has MKL take its AVX-512 kernels on a processor of another maker.
FORCED_AVX512 = os.environ.get("SCRIBE_MKL_AVX512") == "1"


def limit_threads(count):
    """Must run before numpy or torch are imported, which read these variables once."""
    for library in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
        os.environ[library + "_NUM_THREADS"] = str(count)


def measure(body, repetitions, warm_up=1):
    """The durations of `body` in seconds; short work is repeated to fill a millisecond."""
    for _ in range(warm_up):
        body()
    start = time.perf_counter()
    body()
    inner = max(1, min(10_000, int(1e-3 / max(time.perf_counter() - start, 1e-9))))
    durations = []
    for _ in range(repetitions):
        start = time.perf_counter()
        for _ in range(inner):
            body()
        durations.append((time.perf_counter() - start) / inner)
    return durations


def emit(benchmark, library, version, mode, threads, durations, operations=None,
         moved_bytes=None, audio_seconds=None, **figures):
    """Prints one record; rates are what the timed work computes, moves or hears in the median."""
    milliseconds = [1e3 * duration for duration in durations]
    median = statistics.median(milliseconds)
    if len(milliseconds) > 1:
        lower, _, upper = statistics.quantiles(milliseconds, n=4, method="inclusive")
    else:
        lower = upper = median
    if FORCED_AVX512:
        mode += ", MKL AVX-512"
    record = {
        "benchmark": benchmark, "library": library, "version": version, "mode": mode,
        "threads": threads, "repetitions": len(durations), "medianMilliseconds": median,
        "minimumMilliseconds": min(milliseconds), "maximumMilliseconds": max(milliseconds),
        "lowerQuartileMilliseconds": lower, "upperQuartileMilliseconds": upper,
    }
    if operations is not None:
        record["gigaflopsPerSecond"] = operations / median / 1e6
    if moved_bytes is not None:
        record["gigabytesPerSecond"] = moved_bytes / median / 1e6
    if audio_seconds is not None:
        record["audioSecondsPerSecond"] = 1e3 * audio_seconds / median
    record.update(figures)
    print(json.dumps(
        {key: round(value, 6) if isinstance(value, float) else value
         for key, value in record.items()}), flush=True)


def peak_memory():
    """The most memory that this process has held, in MiB."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def attempt(what, body):
    """Runs `body`; a library that lacks something is named and skipped."""
    try:
        body()
    except Exception as error:  # whatever a library raises must not end the others' round
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        print(f"{os.path.basename(sys.argv[0])}: {what}: skipped: {reason}", file=sys.stderr)

#!/usr/bin/env python3
"""Makes one long recording of a manifest's utterances with pauses, to compare it with the utterances one by one.

    scripts/long-recording.py dev.jsonl long --seconds 7200 --noise own
    scribe evaluate long/utterances.jsonl    # one by one
    scribe evaluate long/recording.jsonl     # the same as one recording

Utterances come in the order of a shuffle with a seed, again and again until the recording is long enough. Needs
Python 3 and ffmpeg; the recording is written as it grows, so that memory stays small.
"""
import argparse
import json
import math
import os
import random
import subprocess
import wave
from array import array


def samples(path, rate):
    command = ["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(rate), "-f", "s16le", "-"]
    return array("h", subprocess.run(command, capture_output=True, check=True).stdout)


def pause(seconds, rate, level, source):
    count = int(seconds * rate)
    if level is None:
        return array("h", bytes(2 * count))
    deviation = 32768 * 10 ** (level / 20)
    return array("h", (max(-32768, min(32767, round(source.gauss(0, deviation)))) for _ in range(count)))


def background(sound, rate):
    """The level of a recording's quietest moments in dB: the twentieth part of its stretches of 30 ms."""
    size = int(0.03 * rate)
    squares = sorted(
        sum(x * x for x in sound[i:i + size]) / size for i in range(0, len(sound) - size + 1, size))
    mean = squares[len(squares) // 20] if squares else 0
    return 10 * math.log10(max(mean, 0.1) / 32768 ** 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("manifest", help="JSON lines with audio_filepath and text")
    parser.add_argument("folder", help="where recording.wav and the two manifests go")
    parser.add_argument("--seconds", type=float, default=7200, help="the length to reach")
    parser.add_argument("--rate", type=int, default=16000, help="the sample rate to write, in Hz")
    parser.add_argument("--min-pause", type=float, default=0.7, help="the shortest pause, in seconds")
    parser.add_argument("--max-pause", type=float, default=2.5, help="the longest pause, in seconds")
    parser.add_argument(
        "--noise",
        help="what the pauses hold: noise of so many dB, or as much as the next utterance has ('own'); silence without")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    root = os.path.dirname(os.path.abspath(options.manifest))
    with open(options.manifest, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    source = random.Random(options.seed)
    os.makedirs(options.folder, exist_ok=True)
    length, texts, order = 0, [], []
    with wave.open(os.path.join(options.folder, "recording.wav"), "wb") as out, open(
        os.path.join(options.folder, "utterances.jsonl"), "w", encoding="utf-8"
    ) as utterances:
        out.setparams((1, 2, options.rate, 0, "NONE", ""))
        while length < options.seconds * options.rate:
            if not order:
                order = source.sample(rows, len(rows))
            row = dict(order.pop())
            row["audio_filepath"] = os.path.join(root, row["audio_filepath"])
            silence = source.uniform(options.min_pause, options.max_pause)
            sound = samples(row["audio_filepath"], options.rate)
            level = None if options.noise is None else (
                background(sound, options.rate) if options.noise == "own" else float(options.noise))
            for part in pause(silence, options.rate, level, source), sound:
                out.writeframes(part.tobytes())
                length += len(part)
            texts.append(row["text"])
            utterances.write(json.dumps(row) + "\n")
    whole = {"audio_filepath": "recording.wav", "duration": length / options.rate, "text": " ".join(texts)}
    with open(os.path.join(options.folder, "recording.jsonl"), "w", encoding="utf-8") as file:
        file.write(json.dumps(whole) + "\n")
    print(f"{options.folder}: {len(texts)} utterances, {length / options.rate:.0f} s")


if __name__ == "__main__":
    main()

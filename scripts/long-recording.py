#!/usr/bin/env python3
"""Makes one long recording of a manifest's utterances with pauses, to compare it with the utterances one by one.

    scripts/long-recording.py dev.jsonl long --seconds 7200 --noise room
    scribe evaluate long/utterances.jsonl    # one by one
    scribe evaluate long/recording.jsonl     # the same as one recording

Utterances come in the order of a shuffle with a seed, again and again until the recording is long enough. Needs
Python 3 and ffmpeg; the recording is written as it grows, so that memory stays small.
"""
import argparse
import json
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


def room(seconds, sound, rate):
    """A pause as in the room of a recording: its quietest fifth of a second, forwards and backwards in turn."""
    size = int(0.2 * rate)
    starts = range(0, max(1, len(sound) - size + 1), size // 4)
    quietest = min(starts, key=lambda i: sum(x * x for x in sound[i:i + size]))
    there = sound[quietest:quietest + size]
    both = there + there[::-1]
    count = int(seconds * rate)
    return (both * (count // max(1, len(both)) + 1))[:count]


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
        help="what the pauses hold: noise of so many dB, or 'room', the quietest moment of the next utterance; silence without")
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
            if options.noise == "room":
                quiet = room(silence, sound, options.rate)
            else:
                level = None if options.noise is None else float(options.noise)
                quiet = pause(silence, options.rate, level, source)
            for part in quiet, sound:
                out.writeframes(part.tobytes())
                length += len(part)
            texts.append(row["text"])
            # The same samples, so that only the cutting differs.
            row["audio_filepath"] = "recording.wav"
            row["offset"] = (length - len(sound)) / options.rate
            row["duration"] = len(sound) / options.rate
            utterances.write(json.dumps(row) + "\n")
    whole = {"audio_filepath": "recording.wav", "duration": length / options.rate, "text": " ".join(texts)}
    with open(os.path.join(options.folder, "recording.jsonl"), "w", encoding="utf-8") as file:
        file.write(json.dumps(whole) + "\n")
    print(f"{options.folder}: {len(texts)} utterances, {length / options.rate:.0f} s")


if __name__ == "__main__":
    main()

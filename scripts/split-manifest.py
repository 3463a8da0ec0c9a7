#!/usr/bin/env python3
"""Splits manifests of JSON lines in two, by speaker or writer, for tuning on one half and measuring on the other.

    scripts/split-manifest.py dev.jsonl [more.jsonl ...] --output FOLDER [--key writer]

writes FOLDER/tune.jsonl, the rows of every other name in alphabetical order beginning with the first, and
FOLDER/report.jsonl, the others. Where a manifest has one name only, its rows are cut in the middle. Paths
become absolute.
"""

import argparse
import json
import os


def rows_of(manifest):
    folder = os.path.dirname(os.path.abspath(manifest))
    for line in open(manifest, encoding="utf-8"):
        if not line.strip():
            continue
        row = json.loads(line)
        for key in "audio_filepath", "image_filepath", "strokes_filepath":
            if key in row:
                row[key] = os.path.join(folder, row[key])
        yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifests", nargs="+")
    parser.add_argument("--output", required=True)
    parser.add_argument("--key", help="the key of the name; speaker or writer by default")
    arguments = parser.parse_args()
    halves = {"tune": [], "report": []}
    for manifest in arguments.manifests:
        rows = list(rows_of(manifest))
        key = arguments.key or ("speaker" if any("speaker" in row for row in rows) else "writer")
        names = sorted({str(row.get(key)) for row in rows})
        for index, row in enumerate(rows):
            is_first = (names.index(str(row.get(key))) % 2 == 0 if len(names) > 1
                        else index < len(rows) // 2)
            halves["tune" if is_first else "report"].append(row)
    os.makedirs(arguments.output, exist_ok=True)
    for name, rows in halves.items():
        path = os.path.join(arguments.output, name + ".jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(f"{path}: {len(rows)} rows")


if __name__ == "__main__":
    main()

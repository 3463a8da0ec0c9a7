#!/usr/bin/env python3
"""make-reversals.py FOLDER: strings of digits and the same strings backwards, a toy translation.

Writes train, dev and test, each as NAME.forward and NAME.backward with a string on each line. Strings have
1 to 20 digits; none of test and dev is in train. The same strings come out every time."""

import os
import random
import sys


def strings(draw, count, excluded):
    """So many strings of digits that are not among the excluded ones."""
    found = []
    while len(found) < count:
        string = "".join(draw.choices("0123456789", k=draw.randint(1, 20)))
        if string not in excluded:
            found.append(string)
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    draw = random.Random(7)
    held = set()
    for name, count in (("test", 1000), ("dev", 200), ("train", 40000)):
        # Strings of one digit would all be held back, and none be left to learn from.
        lines = strings(draw, count, held | set("0123456789" if name != "train" else ""))
        if name != "train":
            held |= set(lines)
        for suffix, step in (("forward", 1), ("backward", -1)):
            with open(f"{folder}/{name}.{suffix}", "w") as file:
                file.writelines(line[::step] + "\n" for line in lines)


main()

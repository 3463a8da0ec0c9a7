#!/usr/bin/env python3
"""Makes the data of configs/language-of-line.yaml, configs/truecase-de.yaml and configs/captions-en.yaml
from the sentence pairs of Multi30k.

    scripts/prepare-sequences.py TRANSLATION OUTPUT

TRANSLATION has train.en, train.de, val.en and val.de. OUTPUT receives, for train and val:
  language.NAME.tsv  the first words of each line, one to four, as `en` or `de`, a tab and the text
  truecase.NAME.tsv  lower-case German words without punctuation, each with a tab and what is missing:
                     whether it begins with a capital (A) or not (a), and the mark behind it
  captions.NAME.txt  the English lines
"""

import os
import random
import re
import sys

WORD_OR_MARK = re.compile(r"\w+(?:[-'’]\w+)*|[.,!?:;]")


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file.read().split("\n") if line.strip()]


def language(english, german, seed):
    """Short texts, since whole lines are too easy."""
    source = random.Random(seed)
    rows = []
    for label, texts in (("en", english), ("de", german)):
        for text in texts:
            words = text.split()
            count = source.randint(1, 4)
            start = source.randint(0, max(0, len(words) - count))
            rows.append(f"{label}\t{' '.join(words[start:start + count])}\n")
    source.shuffle(rows)
    return "".join(rows)


def truecase(german):
    blocks = []
    for text in german:
        tokens = []
        for token in WORD_OR_MARK.findall(text):
            if token in ".,!?:;":
                if tokens and len(tokens[-1][1]) == 1:
                    tokens[-1][1] += token
            else:
                tokens.append([token.lower(), "A" if token[0].isupper() else "a"])
        if tokens:
            blocks.append("".join(f"{word}\t{label}\n" for word, label in tokens))
    return "\n".join(blocks)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, output = sys.argv[1:]
    os.makedirs(output, exist_ok=True)
    for seed, name in enumerate(("train", "val")):
        english, german = (lines(f"{source}/{name}.{code}") for code in ("en", "de"))
        files = {
            f"language.{name}.tsv": language(english, german, seed),
            f"truecase.{name}.tsv": truecase(german),
            f"captions.{name}.txt": "".join(line + "\n" for line in english),
        }
        for path, text in files.items():
            with open(os.path.join(output, path), "w", encoding="utf-8") as file:
                file.write(text)


main()

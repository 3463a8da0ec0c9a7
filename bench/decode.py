"""Times pyctcdecode's beam search on the work that `scribe-bench decode --export FOLDER` wrote.

Its defaults prune labels below e^-5 and prefixes 10 below the best. With --compare, the texts of both
are scored by one definition, computed here: log P(text|rows) over all alignments + 0.5 ln P_lm + 1.5 a
word - 10 an unknown word.

    python bench/decode.py FOLDER
    python bench/decode.py FOLDER --compare
"""

import argparse
import glob
import importlib.metadata
import logging
import math
import warnings

import measuring

LETTERS = " 'abcdefghijklmnopqrstuvwxyz"


def forward(rows, text):
    """log P(text|rows): the sum over all alignments (Graves et al. 2006, section 4.1)."""
    import numpy as np

    labels = [0]
    for letter in text:
        labels += [LETTERS.index(letter) + 1, 0]
    may_skip = np.array([s > 1 and labels[s] != 0 and labels[s] != labels[s - 2]
                         for s in range(len(labels))])
    alpha = np.full(len(labels), -np.inf)
    alpha[:2] = rows[0][labels[:2]]
    for row in rows[1:]:
        step = np.concatenate([[-np.inf], alpha[:-1]])
        skip = np.where(may_skip, np.concatenate([[-np.inf, -np.inf], alpha[:-2]]), -np.inf)
        alpha = np.logaddexp(np.logaddexp(alpha, step), skip) + row[labels]
    return np.logaddexp(alpha[-1], alpha[-2])


def objective(rows, text, model, words):
    import numpy as np

    said = text.split()
    unknown = sum(word not in words for word in said)
    signal = np.logaddexp(forward(rows, text), forward(rows, text + " "))
    return signal + 0.5 * math.log(10) * model.score(text) + 1.5 * len(said) - 10 * unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--compare", action="store_true")
    arguments = parser.parse_args()
    measuring.limit_threads(1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    import numpy as np
    from pyctcdecode import build_ctcdecoder

    files = sorted(glob.glob(arguments.folder + "/*.f32"))
    utterances = [np.fromfile(file, np.float32).reshape(-1, len(LETTERS) + 1) for file in files]
    arpa = arguments.folder + "/lm.arpa"
    words = open(arguments.folder + "/words.txt", encoding="utf-8").read().split("\n")
    labels = [""] + list(LETTERS)
    with_model = build_ctcdecoder(labels, arpa, words, alpha=0.5, beta=1.5)
    if arguments.compare:
        import kenlm

        model, known = kenlm.Model(arpa), set(words)
        found = {"pyctcdecode": [with_model.decode(rows, beam_width=100) for rows in utterances]}
        for name in "narrow", "defaults":
            text = open(f"{arguments.folder}/{name}.txt", encoding="utf-8").read()
            found["Scribe " + name] = text.split("\n")
        for name, texts in found.items():
            scores = [objective(rows.astype(float), text, model, known)
                      for rows, text in zip(utterances, texts)]
            print(f"{name}: " + ", ".join(f"{score:.3f}" for score in scores))
        return
    version = importlib.metadata.version("pyctcdecode")
    for name, decoder in (("decode, word 3-gram", with_model),
                          ("decode, no model", build_ctcdecoder(labels))):
        durations = measuring.measure(
            lambda: [decoder.decode(rows, beam_width=100) for rows in utterances],
            arguments.repetitions)
        measuring.emit(name, "pyctcdecode", version, "labels over e^-5, scores within 10", 1,
                       [duration / len(utterances) for duration in durations])


if __name__ == "__main__":
    main()

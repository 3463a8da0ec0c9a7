#!/usr/bin/env python3
"""Scores random pairs with jiwer and with NIST's sclite, and writes jiwer.json and sclite.json beside this file.

Needs jiwer (PyPI) and sclite (Debian package sctk). Run: python3 make_reference.py [path of sclite]
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import jiwer

HERE = os.path.dirname(os.path.abspath(__file__))
SCLITE = sys.argv[1] if len(sys.argv) > 1 else "/usr/lib/sctk/bin/sclite"
UNICODE = ["über", "straße", "日本", "語", "naïve", "ёлка", "שלום", "🙂", "a", "b"]


def changed(generator, words, vocabulary):
    """A text with some words left out, replaced or added."""
    result = []
    for word in words:
        choice = generator.random()
        if choice < 0.15:
            continue
        result.append(generator.choice(vocabulary) if choice < 0.35 else word)
        if choice > 0.85:
            result.append(generator.choice(vocabulary))
    return result


def pairs(generator, count, vocabularies, longest):
    for index in range(count):
        vocabulary = generator.choice(vocabularies)
        reference = [generator.choice(vocabulary) for _ in range(generator.randint(0, longest))]
        if index % 2:
            hypothesis = changed(generator, reference, vocabulary)
        else:
            hypothesis = [generator.choice(vocabulary) for _ in range(generator.randint(0, longest))]
        yield " ".join(reference), " ".join(hypothesis)


def counts(output):
    return [output.hits, output.substitutions, output.deletions, output.insertions]


def with_jiwer():
    generator = random.Random(20)
    rows = []
    vocabularies = [list("ab"), "the cat sat on a mat and ran".split(), UNICODE]
    for reference, hypothesis in pairs(generator, 300, vocabularies, 12):
        row = {"reference": reference, "hypothesis": hypothesis}
        words = jiwer.process_words(reference, hypothesis)
        characters = jiwer.process_characters(reference, hypothesis)
        row.update(words=counts(words), characters=counts(characters))
        if reference:
            row.update(wer=words.wer, cer=characters.cer)
        rows.append(row)
    kept = [row for row in rows if row["reference"]]
    corpus = ([row["reference"] for row in kept], [row["hypothesis"] for row in kept])
    return {"pairs": rows, "wer": jiwer.wer(*corpus), "cer": jiwer.cer(*corpus)}


def decorated(generator, text, is_reference):
    """The text with optional words, fragments and, in references, alternatives."""
    result = []
    for word in text.split():
        choice = generator.random()
        # A word that is left out as an alternative, @, is a correct word for sclite and none for Scribe.
        if choice < 0.12:
            word = f"({word})"
        elif choice < 0.2:
            word = word[:2] + "-"
        elif choice < 0.3 and is_reference:
            word = "{ " + word + " / " + generator.choice(["ox bee", "dog", "ant (uh)"]) + " }"
        result.append(word)
    return " ".join(result)


def sclite(rows, options, reports):
    with tempfile.TemporaryDirectory() as folder:
        for side in ("reference", "hypothesis"):
            with open(f"{folder}/{side}.trn", "w") as file:
                for index, row in enumerate(rows):
                    file.write(f"{row[side]} (s{index % 7}_{index})\n")
        command = [SCLITE, "-r", "reference.trn", "trn", "-h", "hypothesis.trn", "trn", "-i", "rm"]
        return subprocess.run(command + options + ["-o", *reports, "stdout"], cwd=folder, check=True,
                              capture_output=True, text=True).stdout


def alignments(text, count):
    """Letters C, S, D and I of each utterance, and its scores."""
    result = [None] * count
    for block in text.split("\nid: (s")[1:]:
        index = int(re.match(r"\d+_(\d+)\)", block).group(1))
        scores = [int(x) for x in re.search(r"\) (\d+) (\d+) (\d+) (\d+)", block).groups()]
        lines = re.search(r"REF: (.*)\nHYP: (.*)\nEval:(.*)\n", block)
        result[index] = {"scores": scores, "lines": [x.strip() for x in lines.groups()] if lines else []}
    return result


def with_sclite():
    generator = random.Random(21)
    words = ["cat", "catch", "dog", "ox", "bee", "been", "ant", "uh"]
    vocabularies = [words[:2], words[:4], words]
    plain = [{"reference": r, "hypothesis": h} for r, h in pairs(generator, 300, vocabularies, 10) if r or h]
    marked = [{"reference": decorated(generator, r, True), "hypothesis": decorated(generator, h, False)}
              for r, h in pairs(generator, 300, vocabularies, 8) if r or h]
    for rows, options in ((plain, []), (marked, ["-D", "-F"])):
        for row, found in zip(rows, alignments(sclite(rows, options, ["pralign"]), len(rows))):
            row.update(found)
    table = sclite(plain, [], ["sum", "rsum"])
    return {"plain": plain, "marked": marked,
            "table": [line.strip() for line in table.splitlines() if "|" in line]}


def rows_in_lines(content):
    """JSON with one element of each list in a line."""
    def text(value):
        if not isinstance(value, list):
            return json.dumps(value, ensure_ascii=False)
        return "[\n" + ",\n".join(json.dumps(x, ensure_ascii=False) for x in value) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {text(value)}" for key, value in content.items()) + "\n}\n"


for name, content in (("jiwer.json", with_jiwer()), ("sclite.json", with_sclite())):
    with open(os.path.join(HERE, name), "w") as file:
        file.write(rows_in_lines(content))

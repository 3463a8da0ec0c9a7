"""Writes the files that the tests of NGrams compare with, by KenLM's lmplz and its Python module.

    pip install kenlm                     # 0.3.0
    python make_reference.py LMPLZ        # the path of lmplz, built from the same sources

text.txt is made here from a small vocabulary. The .arpa files are lmplz's, but odd.arpa, which is
written by hand: blanks instead of tabs, missing back-offs, no <unk>, an n-gram whose suffix is missing.
scores.json holds, for every model and sentence, what kenlm.Model.full_scores returns.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import kenlm

HERE = pathlib.Path(__file__).parent
LMPLZ = sys.argv[1]

rng = random.Random(5)
nouns = ["boat", "river", "stone", "lamp", "garden", "clock", "path", "letter", "tower", "été"]
rare = ["quill", "ember", "gull", "thimble", "harbour", "ledger"]
verbs = ["sees", "holds", "finds", "leaves", "paints", "forgets"]
words = ["old", "small", "green", "quiet", "broken"]


def phrase():
    noun = rng.choice(rare) if rng.random() < 0.06 else nouns[int(len(nouns) * rng.random() ** 2)]
    return ["the" if rng.random() < 0.7 else "a"] + (
        [rng.choice(words)] if rng.random() < 0.4 else []) + [noun]


def sentence():
    words = phrase() + [verbs[int(len(verbs) * rng.random() ** 1.5)]] + phrase()
    if rng.random() < 0.3:
        words += ["near"] + phrase()
    if rng.random() < 0.2:
        words += ["and"] + sentence()
    return words


text = [" ".join(sentence()) for _ in range(160)]
(HERE / "text.txt").write_text("\n".join(text) + "\n", encoding="utf8")


def lmplz(name, order, text, *options):
    made = subprocess.run(
        [LMPLZ, "-o", str(order), "-S", "64M", "--discount_fallback", *options],
        input=text.encode(), capture_output=True, check=True)
    (HERE / name).write_bytes(made.stdout)


whole = "\n".join(text) + "\n"
lmplz("words3.arpa", 3, whole)
lmplz("pruned.arpa", 3, whole, "--prune", "0", "0", "1")
lmplz("pruned4.arpa", 4, whole, "--prune", "0", "1", "2")
counts = {}
for word in whole.split():
    counts[word] = counts.get(word, 0) + 1
kept_path = pathlib.Path(tempfile.mkdtemp()) / "kept.txt"
kept = sorted(counts, key=lambda word: -counts[word])[:12]
kept_path.write_text("\n".join(kept) + "\n", encoding="utf8")
lmplz("limited.arpa", 3, whole, "--limit_vocab_file", str(kept_path))
# lmplz takes the last n-gram of each order by its occurrences, not by the words before it, when it
# counts counts. A character that occurs once, at the end, makes both the same.
characters = "\n".join(
    " ".join("<space>" if c == " " else c for c in line) for line in [*text[:60], "the old Ω"]) + "\n"
lmplz("characters4.arpa", 4, characters)
lmplz("words1.arpa", 1, whole)

(HERE / "odd.arpa").write_text("""A comment that readers skip.

\\data\\
ngram 1=5
ngram 2=4
ngram 3=2

\\1-grams:
-99 <s> -0.3
-1.0 </s>
-0.5 a -0.25
-0.75 b
-1.5e0 c -1e-1

\\2-grams:
-0.25 <s> a -0.125
-0.5 a b
-0.3 b </s>
-0.6 b c 0.1

\\3-grams:
-0.1 <s> a b
-0.2 a b a

\\end\\
""")



def tabbed(text):
    """What odd.arpa says as KenLM wants it: from the header on, fields parted by tabs."""
    lines, order = [], 0
    for line in text[text.index("\\data\\"):].split("\n"):
        fields = line.split(" ")
        if line.endswith("-grams:"):
            order = int(line[1])
        elif order and len(fields) > 1:
            line = "\t".join([fields[0], " ".join(fields[1:order + 1])] + fields[order + 1:])
        lines.append(line)
    return "\n".join(lines)


sentences = [" ".join(sentence()) for _ in range(30)] + [
    "the unheard boat sees nothing", "", "a", "and and and near", "a b c a b a b c c zz a b"]
scores = {}
for name in ["words3.arpa", "pruned.arpa", "pruned4.arpa", "limited.arpa", "odd.arpa"]:
    text = (HERE / name).read_text(encoding="utf8")
    path = pathlib.Path(tempfile.mkdtemp()) / name
    path.write_text(tabbed(text) if name == "odd.arpa" else text, encoding="utf8")
    model = kenlm.Model(str(path))
    scores[name] = [
        {"sentence": s, "scores": [x[0] for x in model.full_scores(s)],
         "lengths": [x[1] for x in model.full_scores(s)]} for s in sentences]
(HERE / "scores.json").write_text(json.dumps(scores, ensure_ascii=False) + "\n", encoding="utf8")

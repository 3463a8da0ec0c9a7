#!/usr/bin/env python3
"""Scores texts of its own making with sacreBLEU and writes sacrebleu.json beside this file.

Needs sacrebleu (PyPI, made with 2.6.0) and numpy. Run: python3 make_references.py
"""
import json
import os
import random

import numpy
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import _compute_p_value, estimate_ci

HERE = os.path.dirname(os.path.abspath(__file__))

# Reference, hypothesis.
TRICKY = [
    ("Zwei Männer stehen am Herd und bereiten Essen zu.",
     "Zwei Männer stehen am Ofen und bereiten das Essen zu."),
    ("Das Haus kostet 1.250.000,50 Euro, nicht 3,5 Millionen.",
     "Das Haus kostet 1,250,000.50 Euro , nicht 3,5 Millionen ."),
    ("Im Jahr 2016-17 kamen 1990er-Jahre-Lieder zurück.",
     "Im Jahr 2016 - 17 kamen 1990er Jahre Lieder zurück."),
    ("„Wie geht's?“, fragte sie – und lachte.", "\"Wie geht's?\", fragte sie - und lachte."),
    ("«Bonjour», dit-il à l'ami.", "« Bonjour », dit il a l'ami."),
    ("Fish &amp; Chips &lt;b&gt; &quot;heute&quot;", "Fish & Chips <b> \"heute\""),
    ("a &amp;lt; b &amp;amp; c", "a &lt; b &amp; c"),
    ("Ein <skipped>Satz mit Lücke.", "Ein Satz mit Lücke."),
    ("Zeile eins-\nzwei\ndrei", "Zeile einszwei drei"),
    ("Tab\tund\u00a0festes\u2009Leerzeichen\u3000hier", "Tab und festes Leerzeichen hier"),
    ("\u001ctrennt\u001d und \u0085 \u200b nicht\ufeff", "trennt und \u200b nicht"),
    ("Preis: 5€, 10$ oder £3 + 2 = 5 ≠ 6 §7", "Preis: 5 €, 10 $ oder £ 3+2=5≠6 § 7"),
    ("Er sagte: ‚Nein‘… ja?!", "Er sagte: 'Nein'... ja ?!"),
    ("a.b,c.d 1.a b,2 .5 6. ,7 8,", "a . b , c . d 1 . a b , 2 .5 6. ,7 8 ,"),
    ("x..y ,, 3..4 5,,6 ...", "x .. y ,, 3 .. 4 5 ,, 6 ..."),
    ("1-2 a-b 3- -4 5--6 ٣-٤ ²-³ Ⅷ.Ⅸ", "1 -2 a -b 3 - -4 5 -- 6 ٣ - ٤ ²-³ Ⅷ . Ⅸ"),
    ("{a} [b] ^c_ `d` |e| ~f\\g @h #i %j *k (l) /m", "a b c d e f g h i j k l m { } [ ] ^ _"),
    ("Straße STRASSE ΣΑΣ ΟΔΟΣ Σ İstanbul ǅ", "straße strasse σας οδος σ i̇stanbul ǆ"),
    ("ΣΙΣΥΦΟΣ. ΑΣ'Α ΑΣ' Σ·Α", "σισυφος. ασ'α ας' σ·α"),
    ("caf\u00e9 na\u00efve", "cafe\u0301 nai\u0308ve"),
    ("今日は良い天気ですね。明日も、そうだ！", "今日は良い天気だ。明日もそう！"),
    ("你好，世界。", "你好 世界。"),
    ("Привет, мир! Как дела?", "Привет мир! Как твои дела?"),
    ("שלום עולם, מה נשמע?", "שלום עולם מה נשמע"),
    ("مرحبا بالعالم، كيف حالك؟", "مرحبا بالعالم كيف الحال؟"),
    ("नमस्ते दुनिया। कैसे हो?", "नमस्ते दुनिया कैसे हैं?"),
    ("Das 👩‍👩‍👧 ist 🙂🙂 toll 👍🏽!", "Das 👩 ist 🙂 toll 👍!"),
    ("🇩🇪 gegen 🇫🇷 2:1", "🇩🇪 🇫🇷 2 : 1"),
    ("(hi) \"(hallo)\" ...ja... ! -- 'x' a. .b", "( hi ) hallo ja ! - x a b"),
    ("der der der der der", "der der der"),
    ("der Hund", "der der der der der der der"),
    ("ja", "ja"), ("ja", "nein"), ("a b", "a b"), ("a b c", "a b c"),
    ("", "etwas"), ("etwas", ""), ("", ""), ("   ", " \t"), (".", "."), ("...", "…"),
    ("  Rand vorn und hinten  ", "Rand vorn und hinten"),
    ("GROSS und klein Ähnlich", "gross UND KLEIN ähnlich"),
    ("Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt.",
     "Ein Mann in einem orangefarbenen Hut starrt etwas an."),
]
WORDS = """ein eine der die das Mann Frau Kind Hund Straße läuft sitzt spielt über auf mit grünen
roten Ball, Hut. 3 1.000 2,5 T-Shirt »Bild« geht's 20-jährige schöne Äpfel — in den Park!""".split()


def changed(generator, words, rate):
    """A text with some words left out, replaced or added, and some parts exchanged."""
    result = []
    for word in words:
        choice = generator.random() / rate
        if choice < 0.3:
            continue
        result.append(generator.choice(WORDS) if choice < 0.7 else word)
        if 0.7 < choice < 1:
            result.append(generator.choice(WORDS))
    if len(result) > 4 and generator.random() < 0.3:
        cut = generator.randrange(1, len(result))
        result = result[cut:] + result[:cut]
    return " ".join(result)


def random_corpus(generator, count, shortest, longest, reference_counts):
    hypotheses, references = [], []
    for _ in range(count):
        words = [generator.choice(WORDS) for _ in range(generator.randint(shortest, longest))]
        hypotheses.append(changed(generator, words, 0.4))
        references.append([
            changed(generator, words, 0.3) if other else " ".join(words)
            for other in range(generator.choice(reference_counts))])
    return hypotheses, references


def corpora():
    generator = random.Random(20)
    tricky = ([pair[1] for pair in TRICKY], [[pair[0]] for pair in TRICKY])
    yield ("tricky", *tricky)
    yield ("tricky, the other way", [pair[0] for pair in TRICKY], [[pair[1]] for pair in TRICKY])
    yield ("tricky, both", tricky[0], [list(pair[::-1]) if index % 2 else [pair[0], pair[0]]
                                       for index, pair in enumerate(TRICKY)])
    yield ("random", *random_corpus(generator, 40, 1, 18, [1]))
    yield ("three references", *random_corpus(generator, 30, 1, 14, [3]))
    yield ("one to four references", *random_corpus(generator, 30, 1, 14, [1, 2, 3, 4]))
    yield ("short", *random_corpus(generator, 12, 1, 3, [1]))
    yield ("a sentence", *random_corpus(generator, 1, 12, 12, [2]))
    yield ("empty hypotheses", ["", " ", ""], [["ein Hund"], ["a"], [""]])
    yield ("empty references", ["ein Hund", "a"], [[""], [" "]])
    yield ("nothing right", ["a b c d e f"], [["g h i j k l m"]])
    yield ("all right", ["ein Hund läuft über die Straße."], [["ein Hund läuft über die Straße."]])
    yield ("words right, nothing else", ["a b c d e f"], [["f e d c b a"]])


def streams(references):
    """sacreBLEU's way: a list for each place in the lists of references."""
    count = max(map(len, references))
    return [[each[index] if index < len(each) else None for each in references]
            for index in range(count)]


def signature(metric):
    return str(metric.get_signature()).rsplit("|version:", 1)[0]


BLEU_OPTIONS = [
    dict(tokenize=tokenize, smooth_method="exp") for tokenize in ["13a", "none", "char", "intl"]
] + [
    dict(tokenize="13a", smooth_method=method, smooth_value=value)
    for method, value in [("floor", 0.1), ("floor", 0.5), ("add-k", 1), ("add-k", 2.25),
                          ("none", None)]
] + [
    dict(tokenize=tokenize, smooth_method="exp", lowercase=True) for tokenize in ["13a", "intl"]
]
CHRF_OPTIONS = [
    dict(word_order=0), dict(word_order=2), dict(word_order=1, char_order=4),
    dict(word_order=2, lowercase=True), dict(word_order=0, whitespace=True),
    dict(word_order=2, beta=1), dict(word_order=0, beta=3, char_order=3),
]


def bleu_row(options, hypotheses, references):
    metric = BLEU(**options)
    score = metric.corpus_score(hypotheses, streams(references))
    sentences = BLEU(**options, effective_order=True)
    each = [sentences.sentence_score(h, r).score for h, r in zip(hypotheses, references)]
    return dict(
        tokenizer=options["tokenize"], smoothing=options["smooth_method"],
        value=options.get("smooth_value"), lowercase=options.get("lowercase", False),
        score=score.score, precisions=score.precisions, brevityPenalty=score.bp,
        hypothesisLength=score.sys_len, referenceLength=score.ref_len,
        signature=signature(metric), sentences=each)


def chrf_row(options, hypotheses, references):
    metric = CHRF(**options)
    score = metric.corpus_score(hypotheses, streams(references))
    sentences = CHRF(**options)
    each = [sentences.sentence_score(h, r).score for h, r in zip(hypotheses, references)]
    return dict(
        wordOrder=options["word_order"], characterOrder=options.get("char_order", 6),
        beta=options.get("beta", 2), lowercase=options.get("lowercase", False),
        whitespace=options.get("whitespace", False), name=score.name, score=score.score,
        signature=signature(metric), sentences=each)


def resampled(metric, statistics, draws):
    return numpy.array([
        metric._compute_score_from_stats(numpy.array(statistics)[draw].sum(0).tolist()).score
        for draw in draws])


def bootstrap():
    generator = random.Random(21)
    baseline, references = random_corpus(generator, 25, 4, 14, [2])
    system = [changed(generator, each[0].split(), 0.25) for each in references]
    draws = numpy.random.default_rng(7).choice(25, size=(80, 25))
    rows = []
    for name, metric in [("bleu", BLEU()), ("chrf++", CHRF(word_order=2))]:
        scores, real = [], []
        for hypotheses in (baseline, system):
            statistics = metric._extract_corpus_statistics(hypotheses, streams(references))
            scores.append(resampled(metric, statistics, draws))
            real.append(metric.corpus_score(hypotheses, streams(references)).score)
        differences = numpy.abs(scores[1] - scores[0])
        intervals = [estimate_ci(each) for each in scores]
        rows.append(dict(
            metric=name, baseline=real[0], system=real[1],
            means=[each[0] for each in intervals], halfWidths=[each[1] for each in intervals],
            systemWins=int((scores[1] > scores[0]).sum()),
            baselineWins=int((scores[1] < scores[0]).sum()),
            pValue=_compute_p_value(differences - differences.mean(), abs(real[1] - real[0]))))
    return dict(baseline=baseline, system=system, references=references, draws=draws.tolist(),
                results=rows)


def main():
    tokenizers = {name: BLEU(tokenize=name).tokenizer for name in ["13a", "none", "char", "intl"]}
    texts = sorted({text for pair in TRICKY for text in pair})
    result = dict(
        tokens=[dict(text=text, **{name: each(text.rstrip()).split()
                                   for name, each in tokenizers.items()}) for text in texts],
        corpora=[dict(name=name, hypotheses=hypotheses, references=references,
                      bleu=[bleu_row(each, hypotheses, references) for each in BLEU_OPTIONS],
                      chrf=[chrf_row(each, hypotheses, references) for each in CHRF_OPTIONS])
                 for name, hypotheses, references in corpora()],
        bootstrap=bootstrap())
    with open(os.path.join(HERE, "sacrebleu.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()

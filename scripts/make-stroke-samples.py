#!/usr/bin/env python3
"""Writes the pen strokes in samples/: strings of digits as four made-up hands would write them.

    scripts/make-stroke-samples.py [OUT_DIR]      (default: samples)

The digits are curves through points set by hand, several shapes of a digit as different people write
it. A pen follows them, slower where they bend, trembling a little, and a tablet takes its place at
fixed times. Needs nothing but Python; every random choice comes from a fixed seed.
"""

import json
import math
import os
import random
import sys

# A shape is a list of strokes, a stroke a list of points, in the order of writing: x to the right, y
# down, a digit 1 high. A point given twice is a corner; between corners the line is smooth.
SHAPES = {
    "0 from the top right": [[(.52, .10), (.36, .01), (.14, .18), (.04, .52), (.14, .88), (.34, 1),
                              (.54, .82), (.61, .48), (.53, .16), (.36, .03)]],
    "0 closed by a loop": [[(.34, .02), (.12, .16), (.03, .50), (.12, .86), (.34, .99), (.54, .84),
                            (.60, .48), (.50, .14), (.32, .03), (.28, .10), (.42, .13), (.56, .06)]],
    "1 bare": [[(.20, .0), (.17, .35), (.13, .70), (.10, 1)]],
    "1 with a flag": [[(.0, .32), (.14, .18), (.26, .0), (.26, .0), (.25, .34), (.23, .68),
                       (.22, 1)]],
    "2 round": [[(.05, .24), (.16, .06), (.36, .0), (.54, .12), (.55, .32), (.40, .58), (.20, .82),
                 (.03, .98), (.03, .98), (.24, .97), (.45, .98), (.66, .96)]],
    "2 with a loop": [[(.08, .20), (.22, .03), (.42, .02), (.54, .18), (.50, .40), (.34, .66),
                       (.16, .88), (.04, .94), (.02, .84), (.12, .80), (.26, .90), (.44, .99),
                       (.64, .92)]],
    "3 round": [[(.06, .12), (.24, .0), (.46, .06), (.48, .26), (.34, .42), (.20, .46), (.20, .46),
                 (.38, .48), (.54, .62), (.52, .84), (.34, .99), (.12, .97), (.0, .86)]],
    "3 with a flat top": [[(.04, .03), (.26, .02), (.50, .0), (.50, .0), (.36, .20), (.22, .40),
                           (.22, .40), (.42, .42), (.56, .60), (.52, .84), (.32, 1), (.10, .97),
                           (.0, .86)]],
    "4 open": [[(.22, .0), (.16, .24), (.07, .46), (.02, .60), (.02, .60), (.22, .60), (.42, .58),
                (.62, .57)],
               [(.47, .30), (.45, .55), (.43, .78), (.42, 1)]],
    "4 with a slanted arm": [[(.34, .0), (.22, .26), (.10, .48), (.0, .66), (.0, .66), (.24, .65),
                              (.46, .66), (.66, .64)],
                             [(.50, .36), (.45, .60), (.41, .82), (.38, 1.04)]],
    "5 and its roof": [[(.14, .02), (.11, .22), (.08, .42), (.08, .42), (.28, .36), (.48, .46),
                        (.54, .68), (.42, .92), (.20, 1), (.0, .92)],
                       [(.14, .02), (.34, .02), (.56, .0)]],
    "5 in one": [[(.58, .02), (.36, .02), (.16, .04), (.16, .04), (.13, .24), (.09, .43),
                  (.09, .43), (.30, .37), (.50, .48), (.54, .70), (.40, .93), (.18, .99), (.0, .90)]],
    "6 bent": [[(.46, .0), (.26, .14), (.10, .38), (.03, .66), (.10, .92), (.30, 1), (.48, .86),
                (.48, .66), (.34, .54), (.16, .62), (.07, .78)]],
    "6 straight": [[(.36, .0), (.22, .24), (.10, .50), (.04, .76), (.14, .96), (.32, .99),
                    (.46, .84), (.42, .64), (.28, .58), (.12, .68), (.07, .80)]],
    "7 bare": [[(.0, .06), (.24, .04), (.52, .0), (.52, .0), (.40, .30), (.29, .62), (.22, 1)]],
    "7 crossed": [[(.02, .10), (.05, .03), (.28, .04), (.56, .02), (.56, .02), (.42, .32),
                   (.31, .64), (.24, 1)],
                  [(.14, .54), (.32, .51), (.52, .48)]],
    "8 from the top right": [[(.50, .14), (.36, .01), (.16, .06), (.10, .24), (.26, .42),
                              (.46, .60), (.52, .82), (.36, .99), (.14, .95), (.06, .76),
                              (.20, .56), (.40, .38), (.51, .20), (.46, .08)]],
    "8 from the middle": [[(.30, .47), (.12, .34), (.10, .14), (.28, .0), (.48, .10), (.47, .30),
                           (.30, .47), (.12, .62), (.04, .82), (.20, 1), (.44, .96), (.54, .76),
                           (.44, .58), (.28, .46)]],
    "9 with a straight stem": [[(.50, .12), (.34, .01), (.12, .10), (.06, .32), (.20, .47),
                                (.40, .38), (.51, .14), (.51, .14), (.50, .42), (.47, .70),
                                (.44, 1)]],
    "9 with a bent stem": [[(.52, .16), (.38, .02), (.16, .06), (.05, .26), (.16, .45), (.38, .42),
                            (.52, .18), (.54, .40), (.50, .70), (.36, .94), (.16, .99), (.04, .90)]],
}

# The four hands: which shapes they use, and how they write. Lengths are in units of the tablet.
HANDS = [
    dict(file="digits-timed.inkml", text="40731", seed=11, height=900, slant=.05, slope=-.03,
         gap=.30, interval=10, pace=3.0, tremor=.006, warp=.030,
         shapes=["4 open", "0 from the top right", "7 crossed", "3 round", "1 with a flag"]),
    dict(file="digits-untimed.inkml", text="8256", seed=22, height=2600, slant=.28, slope=.02,
         gap=.24, interval=20, pace=2.6, tremor=.004, warp=.045,
         shapes=["8 from the top right", "2 round", "5 and its roof", "6 bent"]),
    dict(file="digits-pressure.json", text="961058", seed=33, height=180, slant=-.10, slope=.05,
         gap=.36, interval=12, pace=3.4, tremor=.008, warp=.040,
         shapes=["9 with a straight stem", "6 straight", "1 bare", "0 closed by a loop", "5 in one",
                 "8 from the middle"]),
    dict(file="digits-plain.json", text="27394", seed=44, height=64, slant=.15, slope=-.06,
         gap=.28, interval=15, pace=2.4, tremor=.005, warp=.050,
         shapes=["2 with a loop", "7 bare", "3 with a flat top", "9 with a bent stem",
                 "4 with a slanted arm"]),
]


def pieces(points):
    """Splits a stroke at its corners."""
    parts = [[points[0]]]
    for before, point in zip(points, points[1:]):
        if point == before:
            parts.append([point])
        else:
            parts[-1].append(point)
    return parts


def smooth(points, steps=40):
    """A Catmull-Rom curve through two points or more, as a fine polyline without its last point."""
    first, last = points[0], points[-1]
    before = (2 * first[0] - points[1][0], 2 * first[1] - points[1][1])
    after = (2 * last[0] - points[-2][0], 2 * last[1] - points[-2][1])
    padded = [before, *points, after]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        for step in range(steps):
            t = step / steps
            yield tuple(
                .5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t ** 2
                      + (3 * q - p - 3 * r + s) * t ** 3)
                for p, q, r, s in zip(a, b, c, d))


def curve(stroke):
    """The fine polyline of a stroke."""
    return [point for part in pieces(stroke) for point in smooth(part)] + [stroke[-1]]


class Waves:
    """A slowly changing displacement: a few sines of random phase along x and y."""

    def __init__(self, source, amount):
        self.terms = [
            (source.uniform(1.5, 5), source.uniform(1.5, 5), source.uniform(0, 2 * math.pi),
             source.uniform(-amount, amount), source.uniform(-amount, amount)) for _ in range(4)]

    def moved(self, point):
        x, y = point
        for across, down, phase, dx, dy in self.terms:
            swing = math.sin(across * point[0] + down * point[1] + phase)
            x, y = x + dx * swing, y + dy * swing
        return x, y


def bend(a, b, c):
    """The change of direction at `b`, 0...pi."""
    turn = math.atan2(c[1] - b[1], c[0] - b[0]) - math.atan2(b[1] - a[1], b[0] - a[0])
    return abs(math.atan2(math.sin(turn), math.cos(turn)))


def times(line, pace):
    """When the pen is at each point, in seconds: it slows down where the line bends, and at its ends.

    Speed falls with the third root of the curvature, as in the movements of a hand.
    """
    clock, moments = 0.0, [0.0]
    for index in range(1, len(line)):
        a, b = line[index - 1], line[index]
        length = math.dist(a, b)
        window = line[max(0, index - 12)], b, line[min(len(line) - 1, index + 12)]
        reach = math.dist(window[0], b) + math.dist(b, window[2])
        curvature = 2 * bend(*window) / reach if reach > 0 else 0
        ends = min(1, .35 + min(index, len(line) - index) / 60)
        clock += length / (pace * ends / max(1, curvature / 3) ** (1 / 3))
        moments.append(clock)
    return moments


def sampled(line, moments, interval):
    """The points of the line at every `interval` seconds, its end among them."""
    points, index = [], 0
    count = max(1, round(moments[-1] / interval))
    for step in range(count + 1):
        moment = moments[-1] * step / count
        while index < len(line) - 2 and moments[index + 1] < moment:
            index += 1
        span = moments[index + 1] - moments[index]
        part = min(1, max(0, (moment - moments[index]) / span)) if span > 0 else 0
        a, b = line[index], line[index + 1]
        points.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), moment))
    return points


def written(hand):
    """The strokes of a hand: lists of (x, y, milliseconds, pressure), with y downwards."""
    source = random.Random(hand["seed"])
    strokes, clock, left = [], 0.0, .4
    for name in hand["shapes"]:
        waves = Waves(source, hand["warp"])
        size, narrow = source.uniform(.88, 1.08), source.uniform(.92, 1.12)
        slant, drop = hand["slant"] + source.uniform(-.05, .05), source.uniform(-.05, .05)
        lines = []
        for stroke in SHAPES[name]:
            line = [waves.moved(point) for point in curve(stroke)]
            lines.append([(size * narrow * (x + slant * (1 - y)), size * y + 1 - size + drop)
                          for x, y in line])
        start = min(x for line in lines for x, _ in line)
        width = max(x for line in lines for x, _ in line) - start
        for line in lines:
            points = []
            for x, y, moment in sampled(line, times(line, hand["pace"]), hand["interval"] / 1000):
                x, y = x - start + left, y + .5
                y += hand["slope"] * x
                x += source.uniform(-1, 1) * hand["tremor"]
                y += source.uniform(-1, 1) * hand["tremor"]
                points.append((x * hand["height"], y * hand["height"], (clock + moment) * 1000))
            strokes.append(pressed(points, source))
            clock = points[-1][2] / 1000 + source.uniform(.12, .25)
        left += width + hand["gap"] * source.uniform(.7, 1.3)
        clock += source.uniform(.05, .2)
    return strokes


def pressed(points, source):
    """Adds how hard the pen presses: it lands, holds and lifts."""
    hold, last = source.uniform(.55, .75), len(points) - 1
    return [(x, y, time, hold * min(1, .4 + .2 * index, .3 + .25 * (last - index)))
            for index, (x, y, time) in enumerate(points)]


def inkml(hand, strokes, timed):
    """An InkML document with the points as whole numbers, with their times if `timed`."""
    channels = [("X", "integer", "dev"), ("Y", "integer", "dev")]
    if timed:
        channels.append(("T", "integer", "ms"))
    rows = ['<?xml version="1.0" encoding="UTF-8"?>',
            '<ink xmlns="http://www.w3.org/2003/InkML">',
            f'  <annotation type="truth">{hand["text"]}</annotation>', "  <traceFormat>"]
    rows += [f'    <channel name="{name}" type="{kind}" units="{units}"/>'
             for name, kind, units in channels]
    rows.append("  </traceFormat>")
    for stroke in strokes:
        points = (" ".join(str(round(value)) for value in point[:len(channels)]) for point in stroke)
        rows.append(f'  <trace>{", ".join(points)}</trace>')
    return "\n".join([*rows, "</ink>"]) + "\n"


def plain(hand, strokes, full):
    """JSON: an object with times and pressures if `full`, or else the bare list of strokes."""
    if full:
        points = [[[round(x, 1), round(y, 1), round(time), round(pressure, 2)]
                   for x, y, time, pressure in stroke] for stroke in strokes]
        value = {"text": hand["text"], "strokes": points}
    else:
        value = [[[round(x, 1), round(y, 1)] for x, y, *_ in stroke] for stroke in strokes]
    return json.dumps(value, separators=(",", ":")) + "\n"


def document(hand):
    """What the file of a hand holds."""
    strokes = written(hand)
    if hand["file"].endswith(".inkml"):
        return inkml(hand, strokes, timed="untimed" not in hand["file"])
    return plain(hand, strokes, full="pressure" in hand["file"])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "samples")
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "strokes.jsonl"), "w", encoding="utf-8") as manifest:
        for hand in HANDS:
            with open(os.path.join(out, hand["file"]), "w", encoding="utf-8") as file:
                file.write(document(hand))
            row = {"file": hand["file"], "text": hand["text"]}
            manifest.write(json.dumps(row, separators=(",", ":")) + "\n")
    print(f"wrote {len(HANDS)} stroke files to {out}", file=sys.stderr)


if __name__ == "__main__":
    main()

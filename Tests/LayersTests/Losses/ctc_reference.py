"""Costs and gradients of torch.nn.functional.ctc_loss in double precision.

python ctc_reference.py > ctc_reference.json    (made with PyTorch 2, CPU)

The logits follow from the index of each element, so that they need not be stored; see `logits`
here and in CTCReferenceTests.swift.
"""
import json

import numpy as np
import torch
import torch.nn.functional as F


def logits(frames, batch, labels):
    i = np.arange(frames * batch * labels, dtype=np.int64)
    x = ((i * 7919 + (i // 13) * 104729) % 1001).astype(np.float32) / np.float32(125) - np.float32(4)
    return torch.tensor(x.reshape(frames, batch, labels).astype(np.float64), requires_grad=True)


def target(length, labels, blank, seed):
    """Repeats a label now and then."""
    letters = [k for k in range(labels) if k != blank]
    out = []
    for u in range(length):
        out.append(out[-1] if u % 4 == 3 else letters[(u * u * 31 + u * 7 + seed * 5) % len(letters)])
    return out


CASES = [
    dict(frames=12, labels=6, blank=0, lengths=[12, 9, 5, 1, 12], sizes=[4, 3, 0, 1, 11]),
    dict(frames=30, labels=29, blank=28, lengths=[30, 30, 17], sizes=[9, 20, 6]),
    dict(frames=20, labels=40, blank=7, lengths=[20, 3], sizes=[16, 4]),  # one is infeasible
    dict(frames=700, labels=29, blank=0, lengths=[700, 650, 260], sizes=[150, 33, 200]),
]

result = []
for case in CASES:
    batch = len(case["lengths"])
    targets = [target(n, case["labels"], case["blank"], b) for b, n in enumerate(case["sizes"])]
    x = logits(case["frames"], batch, case["labels"])
    padded = torch.zeros(batch, max(max(case["sizes"]), 1), dtype=torch.long)
    for b, t in enumerate(targets):
        padded[b, : len(t)] = torch.tensor(t, dtype=torch.long)
        if len(t) < padded.shape[1]:
            padded[b, len(t):] = (case["blank"] + 1) % case["labels"]

    def run(reduction):
        return F.ctc_loss(x.log_softmax(-1), padded, torch.tensor(case["lengths"]),
                          torch.tensor(case["sizes"]), blank=case["blank"], reduction=reduction,
                          zero_infinity=True)

    costs = run("none")
    mean = run("mean")
    mean.backward()
    rows = sorted({0, 1, case["frames"] // 3, case["frames"] // 2, case["frames"] - 2})
    result.append(dict(
        frames=case["frames"], labels=case["labels"], blank=case["blank"], lengths=case["lengths"],
        targets=targets, costs=[round(c, 9) for c in costs.tolist()], mean=mean.item(),
        gradientFrames=rows,
        gradient=[float("%.8g" % g) for g in x.grad[rows].flatten().tolist()]))
print(json.dumps(result))

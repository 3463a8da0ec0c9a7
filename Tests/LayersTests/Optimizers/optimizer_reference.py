"""Trajectories of torch.optim in double precision.

python optimizer_reference.py > optimizer_reference.json    (made with PyTorch 2, CPU)

Start and gradients follow from the index of each element; see `value` here and in
OptimizerTests.swift. Weight decay applies to the weight and not to the bias, as in Scribe.
"""
import json

import numpy as np
import torch

WEIGHT, BIAS, STEPS = (3, 7), (3,), 7


def value(shape, salt):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    x = ((i * 7919 + salt * 104729) % 1001).astype(np.float32) / np.float32(500) - np.float32(1)
    return torch.tensor(x.reshape(shape).astype(np.float64))


CASES = [
    dict(kind="sgd", learningRate=0.1, momentum=0.0, nesterov=False, weightDecay=0.0, clip=None),
    dict(kind="sgd", learningRate=0.05, momentum=0.9, nesterov=False, weightDecay=0.01, clip=None),
    dict(kind="sgd", learningRate=0.05, momentum=0.9, nesterov=True, weightDecay=0.01, clip=1.0),
    dict(kind="adam", learningRate=0.01, weightDecay=0.0, clip=None),
    dict(kind="adam", learningRate=0.01, weightDecay=0.1, clip=0.5),
    dict(kind="adamW", learningRate=0.01, weightDecay=0.1, clip=None),
]

result = []
for case in CASES:
    weight, bias = value(WEIGHT, 1), value(BIAS, 2)
    groups = [dict(params=[weight], weight_decay=case["weightDecay"]),
              dict(params=[bias], weight_decay=0.0)]
    if case["kind"] == "sgd":
        optimizer = torch.optim.SGD(groups, lr=case["learningRate"], momentum=case["momentum"],
                                    nesterov=case["nesterov"])
    else:
        kind = torch.optim.Adam if case["kind"] == "adam" else torch.optim.AdamW
        optimizer = kind(groups, lr=case["learningRate"], betas=(0.9, 0.98), eps=1e-6)
    trajectory, norms = [], []
    for step in range(STEPS):
        weight.grad, bias.grad = value(WEIGHT, 10 + step), value(BIAS, 20 + step)
        limit = case["clip"] or float("inf")
        norms.append(torch.nn.utils.clip_grad_norm_([weight, bias], limit).item())
        optimizer.step()
        trajectory.append(weight.flatten().tolist() + bias.tolist())
    result.append(dict(case, norms=norms, trajectory=trajectory))
print(json.dumps(result))

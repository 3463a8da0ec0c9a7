"""Writes the reference numbers of the classification tests: a feed-forward net by PyTorch in double
precision, and greatest margins by SciPy's non-negative least squares.

Run it in this directory: python make_references.py
"""

import json

import numpy as np
import torch
from scipy.optimize import nnls

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def entry(values):
    array = np.asarray(values, dtype=float)
    return {"shape": list(array.shape), "values": [float(f"{v:.9g}") for v in array.flatten()]}


def single(tensor):
    """What a float32 program starts from."""
    return tensor.float().double()


def network():
    sizes = [5, 7, 6, 3]
    net = torch.nn.Sequential(
        torch.nn.Linear(5, 7), torch.nn.BatchNorm1d(7), torch.nn.Tanh(),
        torch.nn.Linear(7, 6), torch.nn.BatchNorm1d(6), torch.nn.Tanh(),
        torch.nn.Linear(6, 3))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(single(0.5 * torch.randn(parameter.shape)))
    x = single(torch.randn(8, 5))
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 2, 0])
    logits = net(x)
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    entries = {"x": entry(x), "labels": entry(labels), "logits": entry(logits.detach())}
    entries["loss"] = entry([loss.item()])
    names = {0: "layers.0", 1: "norms.0", 3: "layers.1", 4: "norms.1", 6: "layers.2"}
    for index, name in names.items():
        for kind in ("weight", "bias"):
            parameter = getattr(net[index], kind)
            entries[f"{name}.{kind}"] = entry(parameter.detach())
            entries[f"{name}.{kind}.gradient"] = entry(parameter.grad)
    net.eval()
    entries["inference"] = entry(net(x).detach())
    return entries


def nearest(z):
    """The distance of the convex hull of the rows of z from the origin.

    The smallest |z'a|^2 with a >= 0 and sum a = 1 by non-negative least squares, with the sum as a
    heavily weighted equation, then scaled to hold exactly.
    """
    weight = 1e5
    a = np.vstack([z.T, weight * np.ones(len(z))])
    b = np.concatenate([np.zeros(z.shape[1]), [weight]])
    shares, _ = nnls(a, b, maxiter=100000)
    shares /= shares.sum()
    return float(np.linalg.norm(z.T @ shares))


def margins():
    generator = np.random.default_rng(3)
    entries = {}
    for name, count, features, classes in [("two", 60, 4, 2), ("three", 60, 5, 3)]:
        centers = 3 * generator.standard_normal((classes, features))
        labels = np.arange(count) % classes
        x = (centers[labels] + 0.7 * generator.standard_normal((count, features))).astype(np.float32)
        one = np.hstack([x.astype(float), np.ones((count, 1))])
        rows = []
        for example, label in zip(one, labels):
            if classes == 2:
                rows.append(example if label == 1 else -example)
                continue
            for rival in range(classes):
                if rival == label:
                    continue
                vector = np.zeros((classes, features + 1))
                vector[label] = example
                vector[rival] = -example
                rows.append(vector.flatten())
        entries[f"{name}.x"] = entry(x)
        entries[f"{name}.labels"] = entry(labels)
        entries[f"{name}.margin"] = entry([nearest(np.array(rows))])
    return entries


for name, entries in (("network", network()), ("margins", margins())):
    with open(name + ".json", "w") as file:
        json.dump(entries, file, separators=(",", ":"))
        file.write("\n")

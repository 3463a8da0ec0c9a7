"""Writes the reference numbers of embeddings, losses and poolings of sequences with PyTorch, in
double precision.

Run it in this directory: python make_sequence_references.py
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(60)
torch.set_default_dtype(torch.float64)


def write(name, **tensors):
    entries = {
        key: {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.flatten().tolist()]}
        for key, t in tensors.items()
    }
    with open(name + ".json", "w") as file:
        json.dump(entries, file, separators=(",", ":"))
        file.write("\n")


def single(t):
    """What a float32 program starts from."""
    return t.detach().float().double().requires_grad_()


def cross_entropy():
    logits = single(3 * torch.randn(9, 37))
    targets = torch.tensor([0, 36, 5, 5, 11, -1, 20, 1, -1])
    weights = torch.rand(37).float().double()
    out = {"logits": logits, "targets": targets, "weights": weights}
    for smoothing in (0.0, 0.1, 1.0):
        for name, w in (("plain", None), ("weighted", weights)):
            for reduction in ("mean", "sum"):
                loss = F.cross_entropy(
                    logits, targets, weight=w, ignore_index=-1, reduction=reduction,
                    label_smoothing=smoothing)
                key = f"{name}.{reduction}.{smoothing}"
                out[key] = loss
                out[key + ".gradient"] = torch.autograd.grad(loss, logits)[0]
    write("cross_entropy", **out)


def regression():
    y, t = single(2 * torch.randn(4, 5)), single(torch.randn(4, 5))
    parameters = single(torch.randn(4, 5, 2))
    out = {"prediction": y, "target": t, "parameters": parameters}
    losses = {
        "squared": F.mse_loss(y, t), "absolute": F.l1_loss(y, t),
        "huber": F.huber_loss(y, t, delta=0.7),
    }
    for name, loss in losses.items():
        out[name] = loss
        out[name + ".gradient"] = torch.autograd.grad(loss, y)[0]
    scale = F.softplus(parameters[..., 1]) + 0.01
    loss = F.gaussian_nll_loss(parameters[..., 0], t, scale**2, full=True)
    out["gaussian"] = loss
    out["gaussian.gradient"] = torch.autograd.grad(loss, parameters)[0]
    write("regression_losses", **out)


def embedding():
    labels = torch.tensor([[3, 0, 5], [3, 3, 6]])
    weight = single(torch.randn(7, 4))
    bias, seed = single(torch.randn(7)), torch.randn(2, 3, 7)
    states = F.embedding(labels, weight, padding_idx=0)
    logits = F.linear(torch.tanh(states), weight, bias)
    grads = torch.autograd.grad(logits, [weight, bias], seed)
    write("embedding", labels=labels, weight=weight, bias=bias, seed=seed, logits=logits,
          **{"weight.gradient": grads[0], "bias.gradient": grads[1]})


def attention_pooling():
    x, lengths = single(torch.randn(6, 3, 5)), [6, 1, 4]
    weight, bias = single(torch.randn(4, 5)), single(torch.randn(4))
    query, seed = single(torch.randn(1, 4)), torch.randn(3, 5)
    scores = torch.tanh(F.linear(x, weight, bias)) @ query[0]
    valid = torch.arange(6)[:, None] < torch.tensor(lengths)
    alpha = torch.softmax(scores.masked_fill(~valid, -torch.inf), 0)
    y = (alpha[..., None] * x).sum(0)
    names = ["x", "weight", "bias", "query"]
    leaves = [x, weight, bias, query]
    grads = torch.autograd.grad(y, leaves, seed)
    write("attention_pooling", **dict(zip(names, leaves)), seed=seed, alpha=alpha, y=y,
          **{f"{n}.gradient": g for n, g in zip(names, grads)})


cross_entropy()
regression()
embedding()
attention_pooling()

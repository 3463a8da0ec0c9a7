"""Writes the reference numbers of the layer tests with PyTorch, in double precision.

Run it in this directory: python make_references.py
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)


def write(name, **tensors):
    entries = {
        key: {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.flatten().tolist()]}
        for key, t in tensors.items()
    }
    with open(name + ".json", "w") as file:
        json.dump(entries, file, separators=(",", ":"))
        file.write("\n")


def leaf(*shape, scale=1.0):
    return (scale * torch.randn(*shape)).requires_grad_()


def single(t):
    """What a float32 program starts from."""
    return t.detach().float().double().requires_grad_()


def activations():
    x = single(leaf(3, 13, scale=8))
    seed = torch.randn(3, 13)
    functions = {
        "identity": lambda v: v,
        "relu": F.relu,
        "clippedReLU": lambda v: F.hardtanh(v, 0, 20),
        "leakyReLU": lambda v: F.leaky_relu(v, 0.01),
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "hardTanh": F.hardtanh,
    }
    out = {"x": x, "seed": seed}
    for name, function in functions.items():
        y = function(x)
        out[name] = y
        out[name + ".gradient"] = torch.autograd.grad(y, x, seed)[0]
    write("activations", **out)


def splicing():
    x = single(leaf(7, 2, 3))
    lengths, context, stride = [7, 5], 2, 2
    rows = []
    for b, length in enumerate(lengths):
        row = F.pad(x[:length, b], (0, 0, context, context))  # [time, feature]
        windows = row.unfold(0, 2 * context + 1, stride)  # [window, feature, place]
        windows = windows.transpose(1, 2).reshape(windows.shape[0], -1)
        rows.append(F.pad(windows, (0, 0, 0, 4 - windows.shape[0])))
    y = torch.stack(rows, 1)
    seed = torch.randn_like(y)
    write("splicing", x=x, y=y, seed=seed, gradient=torch.autograd.grad(y, x, seed)[0])


def batch_norm():
    x, weight, bias = single(leaf(9, 3, 5, scale=2)), single(leaf(5)), single(leaf(5))
    lengths = [9, 4, 7]
    mask = torch.arange(9)[:, None] < torch.tensor(lengths)[None]
    norm = torch.nn.BatchNorm1d(5, momentum=0.1, eps=1e-5)
    norm.weight.data, norm.bias.data = weight.data, bias.data
    frames = norm(x[mask] + 3.0)
    y = torch.zeros(9, 3, 5).masked_scatter(mask[..., None], frames)
    seed = torch.randn_like(y)
    dx, dw, db = torch.autograd.grad(y, [x, norm.weight, norm.bias], seed)
    write("sequence_batch_norm", x=x + 3.0, weight=weight, bias=bias, y=y, seed=seed, dx=dx, dweight=dw,
          dbias=db, runningMean=norm.running_mean, runningVariance=norm.running_var)


def layer_norm():
    x, weight, bias = single(leaf(4, 3, 21, scale=2)), single(leaf(21)), single(leaf(21))
    y = F.layer_norm(x, (21,), weight, bias, 1e-5)
    seed = torch.randn_like(y)
    dx, dw, db = torch.autograd.grad(y, [x, weight, bias], seed)
    write("layer_norm", x=x, weight=weight, bias=bias, y=y, seed=seed, dx=dx, dweight=dw, dbias=db)


def lookahead():
    x, weight = single(leaf(9, 2, 5)), single(leaf(4, 5))
    lengths = [9, 3]
    columns = []
    for b, length in enumerate(lengths):
        row = F.pad(x[:length, b].T[None], (0, 3))  # [1, feature, time]
        out = F.conv1d(row, weight.T[:, None], groups=5)[0].T
        columns.append(F.pad(out, (0, 0, 0, 9 - length)))
    y = torch.stack(columns, 1)
    seed = torch.randn_like(y)
    dx, dw = torch.autograd.grad(y, [x, weight], seed)
    write("lookahead", x=x, weight=weight, y=y, seed=seed, dx=dx, dweight=dw)


def convolution():
    x, weight, bias = single(leaf(2, 3, 8, 11)), single(leaf(4, 3, 5, 3)), single(leaf(4))
    y = F.conv2d(x, weight, bias, stride=(2, 3), padding=(2, 1))
    seed = torch.randn_like(y)
    dx, dw, db = torch.autograd.grad(y, [x, weight, bias], seed)
    write("convolution", x=x, weight=weight, bias=bias, y=y, seed=seed, dx=dx, dweight=dw, dbias=db)


def pooling():
    # Few distinct values, so that windows have several greatest elements.
    x = (torch.randint(-3, 4, (2, 2, 7, 9)) / 2.0).requires_grad_()
    maximum = F.max_pool2d(x, (3, 2), stride=(2, 2), padding=(1, 1))
    average = F.avg_pool2d(x, (3, 2), stride=(2, 2), padding=(1, 1), count_include_pad=False)
    seed = torch.randn_like(maximum)
    write("pooling", x=x, seed=seed, maximum=maximum, average=average,
          dmaximum=torch.autograd.grad(maximum, x, seed)[0],
          daverage=torch.autograd.grad(average, x, seed)[0])


def batch_norm_2d():
    x, weight, bias = single(leaf(3, 2, 4, 6, scale=2)), single(leaf(2)), single(leaf(2))
    lengths = [6, 2, 5]
    norm = torch.nn.BatchNorm2d(2, momentum=0.2, eps=1e-3)
    norm.weight.data, norm.bias.data = weight.data, bias.data
    joined = norm(torch.cat([x[b, :, :, :n] for b, n in enumerate(lengths)], -1)[None])[0]
    parts = joined.split(lengths, -1)
    y = torch.stack([F.pad(part, (0, 6 - part.shape[-1])) for part in parts])
    seed = torch.randn_like(y)
    dx, dw, db = torch.autograd.grad(y, [x, norm.weight, norm.bias], seed)
    write("batch_norm_2d", x=x, weight=weight, bias=bias, y=y, seed=seed, dx=dx, dweight=dw, dbias=db,
          runningMean=norm.running_mean, runningVariance=norm.running_var)


activations()
splicing()
batch_norm()
layer_norm()
lookahead()
convolution()
pooling()
batch_norm_2d()

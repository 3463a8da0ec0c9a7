#!/usr/bin/env python3
"""Forecasts, losses and scores of small networks in PyTorch and numpy: forecasting.json beside this script.

The networks are torch.nn.LSTM and plain products; scores are computed window by window from their definitions,
the score of a normal distribution by numerical integration of (F(x) - 1[x >= y])^2.
"""
import json, math, os
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(6)
ROWS, CONTEXT, HORIZON, HIDDEN, SEASON = 60, 8, 3, 4, 4
TRAIN, TEST = (0, 40), (40, 60)
t = np.arange(ROWS)
target = np.round(5 + 2 * np.sin(2 * np.pi * t / SEASON) + 0.05 * t + rng.normal(0, 0.5, ROWS), 3)
past = np.round(rng.normal(3, 2, ROWS), 3)
known = np.round(rng.normal(-1, 0.3, ROWS), 3)


def scaled(x):
    part = x[slice(*TRAIN)]
    return (x - part.mean()) / part.std(), part.mean(), part.std()


(z, mean, deviation), (zp, _, _), (zk, _, _) = scaled(target), scaled(past), scaled(known)
weights = {}


def draw(name, *shape):
    weights[name] = np.round(rng.normal(0, 0.4, shape), 4)
    return torch.tensor(weights[name])


def lstm(prefix, inputs):
    layer = torch.nn.LSTM(inputs, HIDDEN)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(draw(prefix + ".input_weight", 4 * HIDDEN, inputs))
        layer.weight_hh_l0.copy_(draw(prefix + ".recurrent_weight", 4 * HIDDEN, HIDDEN))
        layer.bias_ih_l0.copy_(draw(prefix + ".bias", 4 * HIDDEN))
        layer.bias_hh_l0.zero_()
    return layer


def linear(prefix, inputs, outputs):
    w, b = draw(prefix + ".weight", outputs, inputs), draw(prefix + ".bias", outputs)
    return lambda x: x @ w.T + b


def entry(values):
    values = np.asarray(values, dtype=float)
    return {"shape": list(values.shape), "values": [float(v) for v in values.reshape(-1)]}


origins = [o for o in range(TEST[0], TEST[1] - HORIZON + 1)]
truth = np.stack([z[o:o + HORIZON] for o in origins])
season_error = np.abs(z[TRAIN[0] + SEASON:TRAIN[1]] - z[TRAIN[0]:TRAIN[1] - SEASON]).mean()
result = {"target": entry(target), "past": entry(past), "known": entry(known), "origins": entry(origins)}


def scores(name, value, ranked, low=None, high=None):
    error = value - truth
    result[name] = entry([
        (error ** 2).mean(), np.abs(error).mean(), math.sqrt((error ** 2).mean()),
        np.abs(error).mean() / season_error, ranked.mean()])
    result[name + ".steps"] = entry((error ** 2).mean(0))
    if low is not None:
        result[name + ".interval"] = entry([((low <= truth) & (truth <= high)).mean(), (high - low).mean()])


# A direct network: reversible instance normalisation, quantiles, covariates of both kinds, linear skip.
LEVELS = np.array([0.1, 0.5, 0.9])
encoder = lstm("encoder.layers.0.forward", 3)
output = linear("output", HIDDEN, HORIZON * 3)
future_output = linear("future_output", HORIZON, HORIZON * 3)
skip = linear("skip.linear", CONTEXT, HORIZON)


def direct(o):
    context = z[o - CONTEXT:o]
    offset, scale = context.mean(), math.sqrt(context.var() + 1e-5)
    x = torch.tensor((context - offset) / scale)
    inputs = torch.stack([x, torch.tensor(zp[o - CONTEXT:o]), torch.tensor(zk[o - CONTEXT:o])], 1)
    h = encoder(inputs[:, None])[0][-1, 0]
    y = (output(h) + future_output(torch.tensor(zk[o:o + HORIZON]))).reshape(HORIZON, 3)
    return ((y + skip(x)[:, None]) * scale + offset).detach().numpy()


raw = np.stack([direct(o) for o in origins])
gap = truth[..., None] - raw
result["direct.loss"] = entry([np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean()])
quantiles = np.sort(raw, -1)
result["direct.quantiles"] = entry(quantiles)
gap = truth[..., None] - quantiles
pinball = np.maximum(LEVELS * gap, (LEVELS - 1) * gap)
scores("direct.scores", quantiles[..., 1], 2 * pinball.mean(-1), quantiles[..., 0], quantiles[..., 2])
scores("naive.scores", np.stack([np.repeat(z[o - 1], HORIZON) for o in origins]),
       np.abs(np.stack([np.repeat(z[o - 1], HORIZON) for o in origins]) - truth))
seasonal = np.stack([z[o - SEASON:o - SEASON + HORIZON] for o in origins])
scores("seasonal.scores", seasonal, np.abs(seasonal - truth))
result["direct.weights"] = {name: entry(w) for name, w in weights.items()}

# An autoregressive network with a normal distribution: teacher-forced loss, and the path of the means.
weights = {}
layer = lstm("layers.layers.0.forward", 2)
head = linear("output", HIDDEN, 2)
skip = linear("skip.linear", CONTEXT, HORIZON)


def softplus(x):
    return math.log1p(math.exp(-abs(x))) + max(x, 0) + 1e-3


def autoregressive(o, teacher):
    context = z[o - CONTEXT:o]
    last = context[-1]
    x = context - last
    base = skip(torch.tensor(x)).detach().numpy()
    state, said, values = None, None, list(x)
    for step in range(CONTEXT + HORIZON - 1):
        frame = torch.tensor([[[values[step], zk[o - CONTEXT + step + 1]]]])
        h, state = layer(frame, state)
        if step < CONTEXT - 1:
            continue
        index = step - CONTEXT + 1
        y = head(h[0, 0]).detach().numpy()
        mu, sigma = y[0] + base[index], softplus(y[1])
        said = [(mu, sigma)] if said is None else said + [(mu, sigma)]
        values.append(z[o + index] - last if teacher else mu)
    return np.array(said) + [[last, 0]]


forced = np.stack([autoregressive(o, True) for o in origins])
mu, sigma = forced[..., 0], forced[..., 1]
result["autoregressive.loss"] = entry(
    [(0.5 * math.log(2 * math.pi) + np.log(sigma) + 0.5 * ((truth - mu) / sigma) ** 2).mean()])
free = np.stack([autoregressive(o, False) for o in origins])
result["autoregressive.means"] = entry(free[..., 0])
result["autoregressive.deviations"] = entry(free[..., 1])


def normal_score(mu, sigma, y):
    def integral(low, high, truth):  # Simpson's rule
        x = np.linspace(low, high, 20001)
        f = np.array([0.5 * math.erfc(-(v - mu) / sigma / math.sqrt(2)) - truth for v in x]) ** 2
        return (f[0] + f[-1] + 4 * f[1::2].sum() + 2 * f[2:-1:2].sum()) * (high - low) / 20000 / 3

    return integral(min(mu, y) - 12 * sigma, y, 0) + integral(y, max(mu, y) + 12 * sigma, 1)


cases = [(0.0, 1.0, 0.0), (0.0, 1.0, 1.5), (2.0, 0.5, 1.2), (-1.0, 3.0, 6.0)]
result["normal.cases"] = entry(cases)
result["normal.scores"] = entry([normal_score(*case) for case in cases])
samples = np.round(rng.normal(1, 2, 15), 3)
result["samples"] = entry(samples)
result["samples.scores"] = entry([
    np.abs(samples - y).mean() - 0.5 * np.abs(samples[:, None] - samples).mean() for y in (-1.0, 1.0, 4.0)])
result["samples.quantiles"] = entry(np.quantile(samples, [0.05, 0.25, 0.5, 0.9]))
result["autoregressive.weights"] = {name: entry(w) for name, w in weights.items()}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forecasting.json")
with open(path, "w") as file:
    json.dump(result, file, indent=None, separators=(",", ":"))
    file.write("\n")

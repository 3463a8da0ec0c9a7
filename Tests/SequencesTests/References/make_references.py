"""Writes the reference numbers of the sequence networks with PyTorch, in double precision.

Run it in this directory: python make_references.py
"""

import json

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

torch.manual_seed(61)
torch.set_default_dtype(torch.float64)


def flat(t):
    return [float(f"{v:.9g}") for v in t.flatten().tolist()]


def single(module):
    for p in module.parameters():
        p.data = p.data.float().double()
    return module


def recurrent(module, suffix):
    """Our names: one bias for each gate; a GRU's candidate has a second one."""
    ih, hh = getattr(module, "weight_ih_l0" + suffix), getattr(module, "weight_hh_l0" + suffix)
    b, c = getattr(module, "bias_ih_l0" + suffix), getattr(module, "bias_hh_l0" + suffix)
    values = {"input_weight": ih, "recurrent_weight": hh, "bias": b}
    if isinstance(module, nn.GRU):
        c.data[: 2 * module.hidden_size] = 0
        values["candidate_bias"] = c[2 * module.hidden_size :]
    else:
        c.data.zero_()
    return values


def language_model():
    """Two pieces of a text with the state between them, which is a constant to the second."""
    embedding, lstm = single(nn.Embedding(7, 4, padding_idx=0)), single(nn.LSTM(4, 5))
    output = single(nn.Linear(5, 7))
    names = {"embedding.weight": embedding.weight, "output.weight": output.weight,
             "output.bias": output.bias}
    for name, value in recurrent(lstm, "").items():
        names["recurrent.layers.0.forward." + name] = value
    pieces = [torch.tensor([[2, 3], [4, 5], [6, 2]]), torch.tensor([[3, 3], [2, 6]])]
    targets = [torch.tensor([[4, 5], [6, 2], [3, 3]]), torch.tensor([[2, 6], [5, 1]])]
    state, losses = None, []
    for x, t in zip(pieces, targets):
        if state is not None:
            state = tuple(s.detach() for s in state)
        y, state = lstm(embedding(x), state)
        losses.append(F.cross_entropy(output(y).flatten(0, 1), t.flatten()))
    parameters = list(names.values())
    gradients = torch.autograd.grad(losses[1], [embedding.weight, output.weight, output.bias,
                                                lstm.weight_ih_l0, lstm.weight_hh_l0,
                                                lstm.bias_ih_l0])
    return {
        "parameters": {k: flat(v) for k, v in names.items()},
        "losses": [v.item() for v in losses],
        "gradients": {k: flat(g) for k, g in zip(names, gradients)},
    }


def classifier():
    """Bidirectional GRU over texts of unequal length; the state that each direction ends in."""
    embedding, gru = single(nn.Embedding(7, 4, padding_idx=0)), single(nn.GRU(4, 3, bidirectional=True))
    output = single(nn.Linear(6, 3))
    names = {"embedding.weight": embedding.weight, "output.weight": output.weight,
             "output.bias": output.bias}
    for ours, suffix in (("forward", ""), ("backward", "_reverse")):
        for name, value in recurrent(gru, suffix).items():
            names[f"recurrent.layers.0.{ours}.{name}"] = value
    x = torch.tensor([[2, 3, 4], [5, 6, 0], [2, 0, 0], [6, 0, 0]])
    lengths = [4, 2, 1]
    packed = pack_padded_sequence(embedding(x), lengths)
    _, h = gru(packed)
    logits = output(torch.cat([h[0], h[1]], 1))
    return {"parameters": {k: flat(v) for k, v in names.items()}, "logits": flat(logits)}


with open("networks.json", "w") as file:
    json.dump({"languageModel": language_model(), "classifier": classifier()}, file,
              separators=(",", ":"))
    file.write("\n")

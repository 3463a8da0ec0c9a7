"""Writes recurrent_reference.json: PyTorch's own layers on ragged batches, with gradients.

Run: python recurrent_reference.py > recurrent_reference.json   (PyTorch 2.15)
"""
import json
import torch

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
LENGTHS, INPUT, HIDDEN = [5, 3, 4], 4, 3


def numbers(tensor):
    return [round(v, 7) for v in tensor.detach().flatten().tolist()]


def case(name, layer):
    for p in layer.parameters():
        torch.nn.init.uniform_(p, -0.8, 0.8)
    if isinstance(layer, torch.nn.GRU):
        # Scribe adds the biases of reset and update once, so theirs of the recurrent product are 0.
        with torch.no_grad():
            for suffix in ("", "_reverse"):
                getattr(layer, "bias_hh_l0" + suffix)[: 2 * HIDDEN] = 0
    else:
        with torch.no_grad():
            for suffix in ("", "_reverse"):
                getattr(layer, "bias_hh_l0" + suffix).zero_()
    x = torch.randn(max(LENGTHS), len(LENGTHS), INPUT, requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, LENGTHS, enforce_sorted=False)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(layer(packed)[0])
    projection = torch.randn_like(y)
    (y * projection).sum().backward()
    return {
        "name": name,
        "x": numbers(x), "y": numbers(y), "projection": numbers(projection), "dx": numbers(x.grad),
        "parameters": {k: numbers(p) for k, p in layer.named_parameters()},
        "gradients": {k: numbers(p.grad) for k, p in layer.named_parameters()},
    }


print(json.dumps([
    case("rnn", torch.nn.RNN(INPUT, HIDDEN, bidirectional=True)),
    case("lstm", torch.nn.LSTM(INPUT, HIDDEN, bidirectional=True)),
    case("gru", torch.nn.GRU(INPUT, HIDDEN, bidirectional=True)),
]))

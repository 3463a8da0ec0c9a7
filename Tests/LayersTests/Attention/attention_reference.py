"""Writes attention_reference.json: PyTorch's multi-head attention, and decoders composed of its cells.

Run: python attention_reference.py > attention_reference.json   (PyTorch 2.15)
"""
import json
import torch
from torch.nn.functional import conv1d, linear

torch.manual_seed(6)
torch.set_default_dtype(torch.float64)
INPUT, HIDDEN, MEMORY, SIZE, OUTPUT, HEADS, FILTERS, WIDTH = 3, 4, 5, 6, 7, 2, 2, 3
LENGTHS, SOURCES = [4, 2, 3], [5, 4, 2]
TIME, SOURCE, BATCH = max(LENGTHS), max(SOURCES), len(LENGTHS)


def numbers(tensor):
    return [round(v, 8) for v in tensor.detach().flatten().tolist()]


def fresh(**shapes):
    return {name: torch.empty(shape).uniform_(-0.8, 0.8).requires_grad_()
            for name, shape in shapes.items()}


def record(name, parameters, inputs, output, weights):
    projection = torch.randn_like(output)
    (output * projection).sum().backward()
    return {
        "name": name, "output": numbers(output), "weights": numbers(weights),
        "projection": numbers(projection),
        "inputs": [numbers(x) for x in inputs], "inputGradients": [numbers(x.grad) for x in inputs],
        "parameters": {k: numbers(p) for k, p in parameters.items()},
        "gradients": {k: numbers(p.grad) for k, p in parameters.items()},
    }


def multi_head(name, causal):
    attention = torch.nn.MultiheadAttention(SIZE, HEADS, kdim=MEMORY, vdim=MEMORY)
    for p in attention.parameters():
        torch.nn.init.uniform_(p, -0.8, 0.8)
    queries = torch.randn(TIME, BATCH, SIZE, requires_grad=True)
    memory = torch.randn(SOURCE, BATCH, MEMORY, requires_grad=True)
    padding = torch.tensor([[s >= length for s in range(SOURCE)] for length in SOURCES])
    mask = torch.ones(TIME, SOURCE, dtype=torch.bool).triu(1) if causal else None
    output, weights = attention(queries, memory, memory, key_padding_mask=padding, attn_mask=mask)
    valid = torch.tensor([[t < length for length in LENGTHS] for t in range(TIME)])[..., None]
    output, weights = output * valid, weights.transpose(0, 1) * valid
    named = dict(attention.named_parameters())
    result = record(name, named, [queries, memory], output, weights)
    # That of the keys changes nothing; Scribe has none.
    biases = {"parameters": named["in_proj_bias"], "gradients": named["in_proj_bias"].grad}
    for key, bias in biases.items():
        for part, values in zip("qkv", bias.chunk(3)):
            result[key][part + "_bias"] = numbers(values)
    return result


class Decoder:
    def __init__(self, kind, cell):
        self.kind, self.cell = kind, cell
        gates = (4 if cell == "lstm" else 3) * HIDDEN
        memory = HIDDEN if kind == "dot" else MEMORY
        shapes = {
            "layers.0.input_weight": (gates, INPUT), "layers.0.recurrent_weight": (gates, HIDDEN),
            "layers.0.bias": (gates,), "feeding_weight": (gates, OUTPUT),
        }
        if cell == "gru":
            shapes["layers.0.candidate_bias"] = (HIDDEN,)
        if kind in ("additive", "location"):
            shapes |= {"attention.query_weight": (SIZE, HIDDEN), "attention.query_bias": (SIZE,),
                       "attention.key_weight": (SIZE, memory), "attention.energy": (SIZE,)}
        if kind == "general":
            shapes["attention.key_weight"] = (HIDDEN, memory)
        if kind == "location":
            shapes |= {"attention.location_filter": (FILTERS, WIDTH),
                       "attention.location_weight": (SIZE, FILTERS)}
        states = 2 if cell == "lstm" else 1
        shapes |= {"output.weight": (OUTPUT, memory + HIDDEN), "output.bias": (OUTPUT,),
                   "bridge.linear.weight": (states * HIDDEN, memory),
                   "bridge.linear.bias": (states * HIDDEN,)}
        self.p = fresh(**shapes)
        self.memory_size = memory

    def step(self, x, h, c):
        p = self.p
        weight = torch.cat([p["layers.0.input_weight"], p["feeding_weight"]], 1)
        bias = p["layers.0.bias"]
        if self.cell == "lstm":
            return torch.lstm_cell(
                x, (h, c), weight, p["layers.0.recurrent_weight"], bias, torch.zeros_like(bias))
        other = torch.cat([torch.zeros(2 * HIDDEN), p["layers.0.candidate_bias"]])
        h = torch.gru_cell(x, h, weight, p["layers.0.recurrent_weight"], bias, other)
        return h, c

    def scores(self, h, memory, previous):
        """h [batch, hidden], memory [batch, source, size] to [batch, source]."""
        p = self.p
        if self.kind in ("dot", "general"):
            keys = memory if self.kind == "dot" else linear(memory, p["attention.key_weight"])
            return (keys @ h[..., None])[..., 0] / HIDDEN ** 0.5
        query = linear(h, p["attention.query_weight"], p["attention.query_bias"])
        energy = linear(memory, p["attention.key_weight"]) + query[:, None]
        if self.kind == "location":
            filtered = conv1d(
                previous[:, None], p["attention.location_filter"][:, None], padding=WIDTH // 2)
            energy = energy + linear(filtered.transpose(1, 2), p["attention.location_weight"])
        return torch.tanh(energy) @ p["attention.energy"]

    def __call__(self, x, memory):
        memory = memory.transpose(0, 1)
        present = torch.tensor([[s < length for s in range(SOURCE)] for length in SOURCES])
        mean = (memory * present[..., None]).sum(1) / torch.tensor(SOURCES)[:, None]
        start = torch.tanh(
            linear(mean, self.p["bridge.linear.weight"], self.p["bridge.linear.bias"]))
        h, c = start.chunk(2, 1) if self.cell == "lstm" else (start, None)
        a, previous = torch.zeros(BATCH, OUTPUT), torch.zeros(BATCH, SOURCE)
        outputs, weights = [], []
        for t in range(TIME):
            h, c = self.step(torch.cat([x[t], a], 1), h, c)
            scores = self.scores(h, memory, previous).masked_fill(~present, -torch.inf)
            previous = scores.softmax(1)
            context = (previous[..., None] * memory).sum(1)
            a = torch.tanh(
                linear(torch.cat([context, h], 1), self.p["output.weight"], self.p["output.bias"]))
            valid = torch.tensor([t < length for length in LENGTHS])[:, None]
            outputs.append(a * valid)
            weights.append(previous * valid)
        return torch.stack(outputs), torch.stack(weights)


def decode(kind, cell):
    decoder = Decoder(kind, cell)
    x = torch.randn(TIME, BATCH, INPUT, requires_grad=True)
    memory = torch.randn(SOURCE, BATCH, decoder.memory_size, requires_grad=True)
    output, weights = decoder(x, memory)
    return record(f"{kind} {cell}", decoder.p, [x, memory], output, weights)


print(json.dumps(
    [multi_head("multiHead", False), multi_head("multiHead causal", True)]
    + [decode(kind, cell) for kind in ("additive", "general", "dot", "location")
       for cell in ("lstm", "gru")]))

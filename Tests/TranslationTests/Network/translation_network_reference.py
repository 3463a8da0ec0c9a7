"""Writes translation_network_reference.json: the network of bench/translator.py, small and in double
precision, with its logits, its loss, its gradients and what its search finds.

Run: PYTHONPATH=../../../bench python translation_network_reference.py > translation_network_reference.json
(PyTorch 2.15)
"""
import json

import torch

import translator

TOKENS, EMBEDDING, HIDDEN, STATE = 13, 4, 3, 5
PADDING, BEGIN, END = 0, 1, 2
SOURCES = [[4, 7, 3, 2], [9, 2], [5, 5, 12, 2], [8, 11, 2]]
TRANSLATIONS = [[6, 3], [10, 4, 12, 7], [11], [3, 9, 8]]
SMOOTHING = 0.1

torch.manual_seed(10)
torch.set_default_dtype(torch.float64)


def lay(sequences):
    tokens = torch.full((max(map(len, sequences)), len(sequences)), PADDING)
    for row, sequence in enumerate(sequences):
        tokens[:len(sequence), row] = torch.tensor(sequence)
    return tokens


def entry(tensor):
    return {"shape": list(tensor.shape),
            "values": [round(value, 8) for value in tensor.detach().flatten().tolist()]}


def biases(input_bias, recurrent_bias, size, gradients):
    """Those of a GRU as Scribe keeps them: of reset and update there is one instead of two."""
    shared = torch.cat([recurrent_bias[:2 * size], torch.zeros(size)])
    return input_bias if gradients else input_bias + shared, recurrent_bias[2 * size:]


def named(values, gradients):
    """Parameters, or their gradients, under the names that they have in Scribe."""
    found = {"source_embedding.weight": values["embedding.weight"],
             "output_bias": values["output_bias"],
             "decoder.attention.key_weight": values["key.weight"],
             "decoder.output.weight": values["combine.weight"],
             "decoder.output.bias": values["combine.bias"],
             "decoder.bridge.linear.weight": values["bridge.weight"],
             "decoder.bridge.linear.bias": values["bridge.bias"]}
    weight = values["cell.weight_ih"]
    found["decoder.layers.0.input_weight"] = weight[:, :EMBEDDING]
    found["decoder.feeding_weight"] = weight[:, EMBEDDING:]
    cells = [("decoder.layers.0", "cell.{}_{}", STATE),
             ("encoder.0.forward", "encoder.{}_{}_l0", HIDDEN),
             ("encoder.0.backward", "encoder.{}_{}_l0_reverse", HIDDEN)]
    for name, pattern, size in cells:
        if name.startswith("encoder"):
            found[name + ".input_weight"] = values[pattern.format("weight", "ih")]
        found[name + ".recurrent_weight"] = values[pattern.format("weight", "hh")]
        found[name + ".bias"], found[name + ".candidate_bias"] = biases(
            values[pattern.format("bias", "ih")], values[pattern.format("bias", "hh")], size,
            gradients)
    return {name: entry(value) for name, value in found.items()}


def search(network, width):
    lengths = torch.tensor([len(sequence) for sequence in SOURCES])
    find = translator.Search(network.eval(), BEGIN, [PADDING, BEGIN, END])
    with torch.no_grad():
        found = find(lay(SOURCES), lengths, 10 + lengths // 2, width)
    return [{"tokens": tokens.tolist(), "logProbability": round(score.item(), 6)}
            for tokens, score in found]


def main():
    network = translator.Translator(TOKENS, EMBEDDING, HIDDEN, STATE, EMBEDDING, dropout=0)
    for parameter in network.parameters():
        torch.nn.init.uniform_(parameter, -1.5, 1.5)
    # So that translations do not repeat one token.
    torch.nn.init.uniform_(network.output_bias, -0.3, 0.3)
    source, lengths = lay(SOURCES), torch.tensor([len(sequence) for sequence in SOURCES])
    tokens = lay([[BEGIN] + sequence for sequence in TRANSLATIONS])
    targets = lay([sequence + [END] for sequence in TRANSLATIONS])
    is_target = targets != PADDING
    logits = network(source, lengths, tokens, is_target)
    loss = torch.nn.functional.cross_entropy(
        logits, targets[is_target], label_smoothing=SMOOTHING)
    loss.backward()
    parameters = dict(network.named_parameters())
    print(json.dumps({
        "sources": SOURCES, "translations": TRANSLATIONS, "loss": round(loss.item(), 8),
        "logits": entry(logits),
        "parameters": named(parameters, gradients=False),
        "gradients": named({name: p.grad for name, p in parameters.items()}, gradients=True),
        "greedy": search(network, 1), "beam": search(network, 4),
    }))


main()

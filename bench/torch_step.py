"""Times one training step of a recurrent CTC network in PyTorch, on the CPU.

A step is what `scribe-bench step` times: forward, CTC loss, backward and Adam over one fixed batch
of full-length sequences, in fp32. Prints one JSON object.

    python bench/torch_step.py --network blstm256 --threads 2 --steps 5
"""

import argparse
import json
import statistics
import time

# name: (cell, layers, hidden, inputs, labels with blank, batch, frames, target length)
NETWORKS = {"blstm256": ("LSTM", 4, 256, 128, 80, 32, 300, 40)}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=NETWORKS, default="blstm256")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two to warm up")
    return parser.parse_args()


def make_step(torch, network):
    cell, layers, hidden, inputs, labels, batch, frames, target_length = NETWORKS[network]
    torch.manual_seed(1)
    recurrent = getattr(torch.nn, cell)(inputs, hidden, layers, bidirectional=True)
    output = torch.nn.Linear(2 * hidden, labels)
    parameters = [*recurrent.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-4, fused=True)

    features = torch.randn(frames, batch, inputs)
    targets = torch.randint(1, labels, (batch, target_length))
    frame_lengths = torch.full((batch,), frames)
    target_lengths = torch.full((batch,), target_length)

    def step():
        optimizer.zero_grad(set_to_none=True)
        log_probabilities = output(recurrent(features)[0]).log_softmax(-1)
        loss = torch.nn.functional.ctc_loss(
            log_probabilities, targets, frame_lengths, target_lengths)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def main():
    arguments = parse_arguments()
    import torch

    torch.set_num_threads(arguments.threads)
    step = make_step(torch, arguments.network)
    for _ in range(2):
        step()
    milliseconds = []
    for _ in range(arguments.steps):
        start = time.perf_counter()
        step()
        milliseconds.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({
        "network": arguments.network,
        "library": "torch " + torch.__version__,
        "threads": arguments.threads,
        "steps": arguments.steps,
        "medianMilliseconds": round(statistics.median(milliseconds), 3),
        "minimumMilliseconds": round(min(milliseconds), 3),
    }))


if __name__ == "__main__":
    main()

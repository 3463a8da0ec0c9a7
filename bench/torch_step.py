"""Times one training step of a CTC network in PyTorch, on the CPU.

A step is what `scribe-bench step` times: forward, CTC loss, backward and Adam over one fixed batch,
in fp32. Prints one JSON object.

    python bench/torch_step.py --network blstm256 --threads 2 --steps 5
"""

import argparse
import json
import statistics
import time

# name: (cell, layers, hidden, inputs, labels with blank, batch, frames, target length)
RECURRENT = {"blstm256": ("LSTM", 4, 256, 128, 80, 32, 300, 40)}
# name: (channels and whether pooled, height, layers, hidden, dropout, labels, batch, width, targets)
CONVOLUTIONAL = {
    "crnn": (
        ((16, True), (32, True), (48, True), (64, False), (80, False)),
        64, 3, 256, 0.25, 100, 16, 1000, 50)
}
NETWORKS = [*RECURRENT, *CONVOLUTIONAL]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=NETWORKS, default="blstm256")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two to warm up")
    parser.add_argument(
        "--channels-last", action="store_true",
        help="lay images out with the channel innermost")
    parser.add_argument(
        "--packed", action="store_true",
        help="hand the recurrent layers packed sequences instead of the padded batch")
    return parser.parse_args()


def make_recurrent_step(torch, arguments):
    cell, layers, hidden, inputs, labels, batch, frames, target_length = RECURRENT[arguments.network]
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


def make_convolutional_step(torch, arguments):
    (stages, height, layers, hidden, dropout, labels, batch, width,
     target_length) = CONVOLUTIONAL[arguments.network]
    torch.manual_seed(1)
    modules, channels, rows, divisor = [], 1, height, 1
    for outputs, pooled in stages:
        modules.append(torch.nn.Conv2d(channels, outputs, 3, padding=1, bias=False))
        if pooled:
            modules.append(torch.nn.MaxPool2d(2))
            rows, divisor = rows // 2, divisor * 2
        modules += [torch.nn.BatchNorm2d(outputs), torch.nn.LeakyReLU(0.01, inplace=True)]
        channels = outputs
    images = torch.nn.Sequential(*modules)
    recurrent = torch.nn.LSTM(
        channels * rows, hidden, layers, bidirectional=True, dropout=dropout)
    last_dropout = torch.nn.Dropout(dropout)
    output = torch.nn.Linear(2 * hidden, labels)
    parameters = [*images.parameters(), *recurrent.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-4, fused=True)

    # Widths fall evenly by a tenth, as in a batch sorted by length; the batch is padded.
    widths = [width - width * index // (10 * batch) for index in range(batch)]
    lines = torch.randn(batch, 1, height, width)
    for index, length in enumerate(widths):
        lines[index, :, :, length:] = 0
    if arguments.channels_last:
        images = images.to(memory_format=torch.channels_last)
        lines = lines.to(memory_format=torch.channels_last)
    frame_lengths = torch.tensor(widths) // divisor
    targets = torch.randint(1, labels, (batch, target_length))
    target_lengths = torch.full((batch,), target_length)

    def step():
        optimizer.zero_grad(set_to_none=True)
        columns = images(lines).permute(3, 0, 1, 2).flatten(2)
        if arguments.packed:
            packed = torch.nn.utils.rnn.pack_padded_sequence(columns, frame_lengths)
            states = torch.nn.utils.rnn.pad_packed_sequence(recurrent(packed)[0])[0]
        else:
            states = recurrent(columns)[0]
        log_probabilities = output(last_dropout(states)).log_softmax(-1)
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
    make_step = (
        make_recurrent_step if arguments.network in RECURRENT else make_convolutional_step)
    step = make_step(torch, arguments)
    for _ in range(2):
        step()
    milliseconds = []
    for _ in range(arguments.steps):
        start = time.perf_counter()
        step()
        milliseconds.append(1e3 * (time.perf_counter() - start))
    batch = (RECURRENT[arguments.network][5] if arguments.network in RECURRENT
             else CONVOLUTIONAL[arguments.network][6])
    median = statistics.median(milliseconds)
    print(json.dumps({
        "network": arguments.network,
        "library": "torch " + torch.__version__,
        "threads": arguments.threads,
        "steps": arguments.steps,
        "medianMilliseconds": round(median, 3),
        "sequencesPerSecond": round(1e3 * batch / median, 3),
        "minimumMilliseconds": round(min(milliseconds), 3),
    }))


if __name__ == "__main__":
    main()

"""The networks of `scribe-bench step` and `scribe-bench infer` in PyTorch.

Inputs are [time, batch, feature]; results are logits [time, batch, label].
"""

import dataclasses

import torch
from torch import nn


@dataclasses.dataclass(frozen=True)
class Workload:
    frames: int
    batch: int
    inputs: int
    labels: int
    target_length: int


WORKLOADS = {
    "blstm512": Workload(400, 16, 161, 29, 60),
    "blstm256": Workload(300, 32, 128, 80, 40),
    "deepspeech1": Workload(500, 8, 494, 29, 80),
    "bgru512": Workload(400, 16, 161, 29, 60),
    "crnn": Workload(1000, 16, 64, 100, 50),
}


class Recurrent(nn.Module):
    """Bidirectional layers, then logits."""

    def __init__(self, cell, layers, hidden, workload):
        super().__init__()
        self.recurrent = getattr(nn, cell)(workload.inputs, hidden, layers, bidirectional=True)
        self.output = nn.Linear(2 * hidden, workload.labels)

    def forward(self, x):
        return self.output(self.recurrent(x)[0])


class DeepSpeech(nn.Module):
    """Hannun et al. 2014: three dense layers, a recurrence whose directions are added, one more."""

    def __init__(self, workload, width=2048):
        super().__init__()
        self.first = nn.ModuleList(
            nn.Linear(inputs, width) for inputs in (workload.inputs, width, width))
        self.recurrent = nn.RNN(width, width, nonlinearity="relu", bidirectional=True)
        self.last = nn.Linear(width, width)
        self.output = nn.Linear(width, workload.labels)
        with torch.no_grad():
            # A rectified recurrence neither dies nor grows over 500 frames with this.
            self.recurrent.weight_hh_l0.mul_(0.5)
            self.recurrent.weight_hh_l0_reverse.mul_(0.5)

    def forward(self, x):
        for layer in self.first:
            x = layer(x).clamp(0, 20)
        forward, backward = self.recurrent(x)[0].chunk(2, dim=-1)
        return self.output(self.last(forward + backward).clamp(0, 20))


class LineRecognizer(nn.Module):
    """Five convolutions over a line of 64 rows, then three BLSTM layers of 256 with dropout."""

    STAGES = ((16, True), (32, True), (48, True), (64, False), (80, False))

    def __init__(self, workload, hidden=256, dropout=0.25):
        super().__init__()
        layers, channels, rows = [], 1, workload.inputs
        for outputs, pooled in self.STAGES:
            layers.append(nn.Conv2d(channels, outputs, 3, padding=1, bias=False))
            if pooled:
                layers.append(nn.MaxPool2d(2))
                rows //= 2
            layers += [nn.BatchNorm2d(outputs), nn.LeakyReLU(0.01, inplace=True)]
            channels = outputs
        # The channel innermost is the faster layout on processors.
        self.images = nn.Sequential(*layers).to(memory_format=torch.channels_last)
        self.recurrent = nn.LSTM(channels * rows, hidden, 3, bidirectional=True, dropout=dropout)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(2 * hidden, workload.labels)

    def forward(self, x):
        lines = x.permute(1, 2, 0).unsqueeze(1).contiguous(memory_format=torch.channels_last)
        columns = self.images(lines).permute(3, 0, 1, 2).flatten(2)
        return self.output(self.dropout(self.recurrent(columns)[0]))


def make(name):
    workload = WORKLOADS[name]
    torch.manual_seed(1)
    if name == "deepspeech1":
        return DeepSpeech(workload)
    if name == "crnn":
        return LineRecognizer(workload)
    cell, layers, hidden = {
        "blstm512": ("LSTM", 5, 512), "blstm256": ("LSTM", 4, 256), "bgru512": ("GRU", 5, 512),
    }[name]
    return Recurrent(cell, layers, hidden, workload)


def batch(name):
    """Features, their lengths, the lengths of the logits, targets and their lengths."""
    workload = WORKLOADS[name]
    torch.manual_seed(2)
    x = torch.randn(workload.frames, workload.batch, workload.inputs)
    lengths = torch.full((workload.batch,), workload.frames)
    output_lengths = lengths
    if name == "crnn":
        # Widths fall evenly by a tenth, as in a batch sorted by length; the batch is padded.
        lengths = torch.tensor([
            workload.frames - workload.frames * index // (10 * workload.batch)
            for index in range(workload.batch)])
        for index, length in enumerate(lengths):
            x[length:, index] = 0
        output_lengths = lengths // 8
    targets = torch.randint(1, workload.labels, (workload.batch, workload.target_length))
    target_lengths = torch.full((workload.batch,), workload.target_length)
    return x, lengths, output_lengths, targets, target_lengths


def operations(network, lengths):
    """Multiplications and additions of all products over sequences of these lengths, one way."""
    frames, total, rows = lengths.clone(), 0, 0
    if isinstance(network, LineRecognizer):
        rows = WORKLOADS["crnn"].inputs
        for module in network.images:
            if isinstance(module, nn.Conv2d):
                total += 2 * int(frames.sum()) * rows * module.weight.numel()
            elif isinstance(module, nn.MaxPool2d):
                frames, rows = frames // 2, rows // 2
    weights = sum(p.numel() for p in network.parameters() if p.dim() == 2)
    return total + 2 * weights * int(frames.sum())

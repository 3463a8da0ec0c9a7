"""Times training steps of an attentive decoder in PyTorch, on the CPU.

The network and the step are those of `scribe-bench attention`: forward, backward from a given gradient
of the attentional states, and Adam. Keys are projected once for all steps. Prints one JSON object for
each kind of scores.

    python bench/attention.py --threads 2 --cell lstm --mode compile
"""

import argparse

import measuring

KINDS = ["additive", "general", "dot", "multiHead", "location"]
BATCH, SOURCE, TIME, SIZE = 64, 20, 20, 256
HEADS, FILTERS, WIDTH = 4, 10, 31


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this one")
    parser.add_argument("--cell", choices=["lstm", "gru"], default="lstm")
    parser.add_argument("--mode", choices=["float32", "compile", "autocast"], default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=7)
    return parser.parse_args()


def make(torch, kind, cell):
    nn, functional = torch.nn, torch.nn.functional

    class Decoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.memory_size = SIZE if kind == "dot" else 2 * SIZE
            self.context_size = SIZE if kind == "multiHead" else self.memory_size
            self.cell = (nn.LSTMCell if cell == "lstm" else nn.GRUCell)(2 * SIZE, SIZE)
            self.output = nn.Linear(self.context_size + SIZE, SIZE)
            if kind != "dot":
                self.key = nn.Linear(self.memory_size, SIZE, bias=False)
            if kind in ("additive", "location", "multiHead"):
                self.query = nn.Linear(SIZE, SIZE)
            if kind in ("additive", "location"):
                self.energy = nn.Linear(SIZE, 1, bias=False)
            if kind == "multiHead":
                self.value = nn.Linear(self.memory_size, SIZE)
            if kind == "location":
                self.filter = nn.Conv1d(1, FILTERS, WIDTH, padding=WIDTH // 2, bias=False)
                self.location = nn.Linear(FILTERS, SIZE, bias=False)

        def read(self, h, keys, values, previous):
            """The context [batch, size] and the weights."""
            if kind == "multiHead":
                query = self.query(h).view(BATCH, HEADS, 1, SIZE // HEADS)
                context = functional.scaled_dot_product_attention(query, keys, values)
                return context.reshape(BATCH, SIZE), previous
            if kind in ("general", "dot"):
                scores = torch.bmm(keys, h[..., None])[..., 0] / SIZE ** 0.5
            else:
                energy = keys + self.query(h)[:, None]
                if kind == "location":
                    energy = energy + self.location(self.filter(previous[:, None]).transpose(1, 2))
                scores = self.energy(torch.tanh(energy))[..., 0]
            weights = scores.softmax(1)
            return torch.bmm(weights[:, None], values)[:, 0], weights

        def forward(self, inputs, memory):
            memory = memory.transpose(0, 1).contiguous()
            keys = memory if kind == "dot" else self.key(memory)
            values = memory
            if kind == "multiHead":
                keys, values = (
                    x.view(BATCH, SOURCE, HEADS, SIZE // HEADS).transpose(1, 2).contiguous()
                    for x in (keys, self.value(memory)))
            h = c = a = inputs.new_zeros(BATCH, SIZE)
            weights = inputs.new_zeros(BATCH, SOURCE)
            states = []
            for x in inputs:
                x = torch.cat([x, a], 1)
                if cell == "lstm":
                    h, c = self.cell(x, (h, c))
                else:
                    h = self.cell(x, h)
                context, weights = self.read(h, keys, values, weights)
                a = torch.tanh(self.output(torch.cat([context, h], 1)))
                states.append(a)
            return torch.stack(states)

    return Decoder()


def main():
    arguments = parse_arguments()
    measuring.limit_threads(arguments.threads)
    import torch

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(5)
    for kind in arguments.kind or KINDS:
        decoder = make(torch, kind, arguments.cell)
        forward = torch.compile(decoder) if arguments.mode == "compile" else decoder
        inputs = torch.randn(TIME, BATCH, SIZE, requires_grad=True)
        memory = torch.randn(SOURCE, BATCH, decoder.memory_size, requires_grad=True)
        gradient = 0.01 * torch.randn(TIME, BATCH, SIZE)
        optimizer = torch.optim.Adam(decoder.parameters(), lr=1e-4, fused=True)
        autocast = arguments.mode == "autocast"

        def step():
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                states = forward(inputs, memory)
            states.backward(gradient.to(states.dtype))
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            inputs.grad = memory.grad = None

        def run():
            durations = measuring.measure(step, arguments.repetitions, warm_up=2)
            measuring.emit(
                f"attention {kind} {arguments.cell}", "PyTorch", torch.__version__,
                arguments.mode, arguments.threads, durations)

        measuring.attempt(f"attention {kind}", run)


if __name__ == "__main__":
    main()

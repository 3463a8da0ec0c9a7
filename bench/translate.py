"""Times a training step of the translator of `configs/en-de.yaml` in PyTorch, and translating.

`scribe-bench translate` times the same: 64 pairs of 16 tokens on average, then 256 sentences, 160
beams at once, into translations of fixed length. Prints one JSON object for each.

    python bench/translate.py --mode autocast --threads 2
"""

import argparse
import contextlib
import statistics

import measuring

TOKENS, PAIRS, SENTENCES = 6000, 64, 256
# Beams that are followed at once; fewer and more are slower.
ROWS = 160
PADDING, BEGIN, END = 0, 1, 2
MODES = {
    "float32": "the default",
    "autocast": "training with products in bfloat16 where torch.autocast chooses so",
    "bfloat16": "translating with weights and states in bfloat16",
    "compile": "torch.compile in float32",
    "compile_autocast": "training with torch.compile under torch.autocast",
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--mode", choices=MODES, default="float32",
        help="; ".join(f"{name}: {text}" for name, text in MODES.items()))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10, help="timed training steps; 0 leaves out")
    parser.add_argument("--beam", type=int, action="append", help="may be repeated; 1 5 unless given")
    parser.add_argument("--only-training", action="store_true")
    parser.add_argument("--repetitions", type=int, default=7)
    return parser.parse_args()


def source_length(index):
    return 13 + index * 5 % 7


class Step:
    """One batch of pairs, trained on again and again."""

    def __init__(self, torch, translator, mode):
        self.torch, self.mode = torch, mode
        torch.manual_seed(5)
        self.network = translator.Translator(TOKENS).train()
        self.lengths = torch.tensor([source_length(index) for index in range(PAIRS)])
        written = 32 - self.lengths
        self.token_count = int(written.sum())
        self.source = self.made_up(self.lengths)
        self.targets = self.made_up(written)
        self.tokens = torch.cat([torch.full((1, PAIRS), BEGIN), self.targets[:-1]])
        # No logits are computed where nothing follows.
        self.is_target = self.targets != PADDING
        self.labels = self.targets[self.is_target]
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-4, fused=True)
        if mode.startswith("compile"):
            # The recurrence over packed sequences of the encoder cannot be traced.
            self.network.decode = torch.compile(self.network.decode)

    def made_up(self, lengths):
        """[time, batch], marks of the end last."""
        torch = self.torch
        tokens = torch.randint(3, TOKENS, (int(lengths.max()), len(lengths)))
        times = torch.arange(len(tokens))[:, None]
        tokens[times == lengths - 1] = END
        tokens[times >= lengths] = PADDING
        return tokens

    def __call__(self):
        torch = self.torch
        precision = contextlib.nullcontext()
        if "autocast" in self.mode:
            precision = torch.autocast("cpu", dtype=torch.bfloat16)
        with precision:
            logits = self.network(self.source, self.lengths, self.tokens, self.is_target)
            loss = torch.nn.functional.cross_entropy(
                logits.float(), self.labels, label_smoothing=0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()


class Translating:
    """Sentences that are translated with weights as they were drawn."""

    def __init__(self, torch, translator, mode):
        self.torch = torch
        torch.manual_seed(5)
        network = translator.Translator(TOKENS).eval()
        if mode == "bfloat16":
            network = network.bfloat16()
        step = torch.compile(network.step, dynamic=True) if mode == "compile" else None
        self.search = translator.Search(network, BEGIN, [PADDING, BEGIN, END], step)
        # Sentences of similar length lie together.
        lengths = torch.tensor(sorted(source_length(index) for index in range(SENTENCES)))
        self.lengths, self.token_count = lengths, int((10 + lengths // 2).sum())

    def batches(self, width):
        torch = self.torch
        for part in self.lengths.split(max(1, ROWS // width)):
            tokens = torch.randint(3, TOKENS, (int(part.max()), len(part)))
            tokens[torch.arange(len(tokens))[:, None] >= part] = PADDING
            yield tokens, part, 10 + part // 2

    def __call__(self, width):
        with self.torch.inference_mode():
            return sum(
                len(tokens) for source, lengths, written in self.batches(width)
                for tokens, _ in self.search(source, lengths, written, width))


def emit(torch, arguments, name, durations, token_count):
    measuring.emit(
        "translate, " + name, "PyTorch", torch.__version__, arguments.mode, arguments.threads,
        durations, tokensPerSecond=round(token_count / statistics.median(durations)),
        peakMemoryMebibytes=measuring.peak_memory())


def main():
    arguments = parse_arguments()
    measuring.limit_threads(arguments.threads)
    import torch

    import translator

    torch.set_num_threads(arguments.threads)
    if arguments.steps > 0 and arguments.mode != "bfloat16":
        step = Step(torch, translator, arguments.mode)
        durations = measuring.measure(step, arguments.steps, warm_up=2)
        emit(torch, arguments, "training step", durations, step.token_count)
    if arguments.only_training or "autocast" in arguments.mode:
        return
    work = Translating(torch, translator, arguments.mode)
    for width in arguments.beam or [1, 5]:
        found = work(width)
        if found != work.token_count:
            raise SystemExit(f"translate.py: {found} tokens, expected {work.token_count}")
        name = "greedy" if width == 1 else f"beam of {width}"
        durations = measuring.measure(lambda: work(width), arguments.repetitions)
        emit(torch, arguments, name, durations, work.token_count)


if __name__ == "__main__":
    main()

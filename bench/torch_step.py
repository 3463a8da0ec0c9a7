"""Times one training step of a CTC network in PyTorch, on the CPU.

A step is what `scribe-bench step` times: forward, CTC loss, backward and Adam over one fixed batch.
Prints one JSON object.

    python bench/torch_step.py --network blstm512 --mode autocast --threads 2 --steps 5
"""

import argparse
import contextlib
import statistics
import time

import measuring

MODES = {
    "float32": "the default",
    "autocast": "products in bfloat16 where torch.autocast chooses so",
    "bfloat16": "weights, states and products in bfloat16",
    "fpmath_bf16": "float32 tensors whose products oneDNN makes in bfloat16",
    "compile": "torch.compile in float32",
    "compile_autocast": "torch.compile under torch.autocast",
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="blstm256")
    parser.add_argument(
        "--mode", choices=MODES, default="float32",
        help="; ".join(f"{name}: {text}" for name, text in MODES.items()))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after two to warm up")
    return parser.parse_args()


class Step:
    """One batch, trained on again and again."""

    def __init__(self, torch, networks, name, mode):
        self.torch, self.mode = torch, mode
        self.network = networks.make(name)
        batch = networks.batch(name)
        self.x, self.lengths, self.output_lengths, self.targets, self.target_lengths = batch
        if mode == "bfloat16":
            self.network, self.x = self.network.bfloat16(), self.x.bfloat16()
        if mode == "fpmath_bf16":
            for family in ("matmul", "rnn", "conv"):
                getattr(torch.backends.mkldnn, family).fp32_precision = "bf16"
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-4, fused=True)
        self.forward = self.network
        if mode.startswith("compile"):
            self.forward = torch.compile(self.network)
        self.operations = 3 * networks.operations(self.network, self.lengths)
        self.phases = {"forward": [], "ctc": [], "backward": [], "update": []}

    def precision(self):
        if "autocast" in self.mode:
            return self.torch.autocast("cpu", dtype=self.torch.bfloat16)
        return contextlib.nullcontext()

    def __call__(self):
        times = [time.perf_counter()]
        with self.precision():
            logits = self.forward(self.x)
        times.append(time.perf_counter())
        loss = self.torch.nn.functional.ctc_loss(
            logits.float().log_softmax(-1), self.targets, self.output_lengths,
            self.target_lengths)
        times.append(time.perf_counter())
        loss.backward()
        times.append(time.perf_counter())
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        times.append(time.perf_counter())
        for phase, start, end in zip(self.phases.values(), times, times[1:]):
            phase.append(1e3 * (end - start))
        return loss.item()


def main():
    arguments = parse_arguments()
    measuring.limit_threads(arguments.threads)
    import torch

    import networks

    if arguments.network not in networks.WORKLOADS:
        raise SystemExit(
            f"torch_step.py: no network {arguments.network}; expected one of "
            + ", ".join(networks.WORKLOADS))
    torch.set_num_threads(arguments.threads)
    step = Step(torch, networks, arguments.network, arguments.mode)
    step()
    durations = measuring.measure(step, arguments.steps, warm_up=0)
    median = statistics.median(durations)
    measuring.emit(
        "step " + arguments.network, "PyTorch", torch.__version__, arguments.mode,
        arguments.threads, durations, step.operations, network=arguments.network,
        sequencesPerSecond=networks.WORKLOADS[arguments.network].batch / median,
        phases={name: round(statistics.median(values[2:]), 3)
                for name, values in step.phases.items()},
        peakMemoryMebibytes=measuring.peak_memory())


if __name__ == "__main__":
    main()

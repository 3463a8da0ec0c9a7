"""Times the way forth over one sequence of 1,000 frames in PyTorch and ONNX Runtime.

`scribe-bench infer` times the same. Prints one JSON object for each network and mode.

    python bench/inference.py --network blstm512 --threads 1
"""

import argparse
import logging
import pathlib
import warnings

import measuring

FRAMES = 1000
MODES = ["torch-float32", "torch-bfloat16", "torch-int8", "onnx-float32", "onnx-int8"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--network", action="append", help="may be repeated: blstm512 bgru512 deepspeech1 blstm256")
    parser.add_argument("--mode", action="append", choices=MODES, help="may be repeated")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument(
        "--models", type=pathlib.Path, default=pathlib.Path(".build/bench/models"),
        help="where the networks are kept as ONNX")
    return parser.parse_args()


class Contest:
    """One network and the input that every library gets."""

    def __init__(self, name, arguments):
        import torch

        import networks

        self.torch, self.name, self.arguments = torch, name, arguments
        self.network = networks.make(name).eval()
        torch.manual_seed(2)
        self.x = torch.randn(FRAMES, 1, networks.WORKLOADS[name].inputs)
        self.operations = networks.operations(self.network, torch.tensor([FRAMES]))
        with torch.inference_mode():
            self.reference = self.network(self.x)

    def run(self, mode):
        library, precision = mode.split("-")
        if library == "torch":
            body, version = self.torch_body(precision), self.torch.__version__
        else:
            import onnxruntime

            body, version = self.onnx_body(precision), onnxruntime.__version__
        with self.torch.inference_mode():
            self.check(body(), precision)
            durations = measuring.measure(body, self.arguments.repetitions)
        measuring.emit(
            "infer " + self.name, "PyTorch" if library == "torch" else "ONNX Runtime", version,
            precision, self.arguments.threads, durations, self.operations, network=self.name,
            audio_seconds=FRAMES / 100)

    def check(self, logits, precision):
        """A mode that computes something else is worth no time."""
        logits = self.torch.as_tensor(logits).float()
        error = float((logits - self.reference).abs().max() / self.reference.abs().max())
        limit = 1e-3 if precision == "float32" else 0.5
        if not error <= limit:
            raise ValueError(f"{precision} is off by {error:.2g} of the largest logit")

    def torch_body(self, precision):
        torch = self.torch
        if precision == "float32":
            return lambda: self.network(self.x)
        if precision == "bfloat16":
            import networks

            network, x = networks.make(self.name).eval().bfloat16(), self.x.bfloat16()
            return lambda: network(x)
        kinds = {torch.nn.LSTM, torch.nn.GRU, torch.nn.Linear}
        network = torch.ao.quantization.quantize_dynamic(self.network, kinds, dtype=torch.qint8)
        return lambda: network(self.x)

    def onnx_body(self, precision):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.arguments.threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(self.onnx_file(precision)), options, providers=["CPUExecutionProvider"])
        x = self.x.numpy()
        return lambda: session.run(None, {"x": x})[0]

    def onnx_file(self, precision):
        folder = self.arguments.models
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.onnx"
        if not path.exists():
            self.torch.onnx.export(
                self.network, (self.x,), str(path), input_names=["x"], output_names=["logits"],
                opset_version=17, dynamo=False)
        if precision == "float32":
            return path
        quantized = folder / f"{self.name}.int8.onnx"
        if not quantized.exists():
            from onnxruntime.quantization import QuantType, quantize_dynamic

            quantize_dynamic(
                str(path), str(quantized), weight_type=QuantType.QInt8,
                op_types_to_quantize=["LSTM", "MatMul", "Gemm"])
        return quantized


def main():
    arguments = parse_arguments()
    measuring.limit_threads(arguments.threads)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    import torch

    torch.set_num_threads(arguments.threads)
    for name in arguments.network or ["blstm512", "bgru512", "deepspeech1"]:
        contest = Contest(name, arguments)
        for mode in arguments.mode or MODES:
            measuring.attempt(f"{name} {mode}", lambda: contest.run(mode))


if __name__ == "__main__":
    main()

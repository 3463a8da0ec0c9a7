"""Times the CTC loss and its gradient in PyTorch, from log-probabilities and from logits.

`scribe-bench ctc` times the second, where the log-softmax is part of the work. Prints one JSON object
for each shape and way.

    python bench/ctc.py --threads 2
"""

import argparse

import measuring

# frames, batch, labels with blank, target length
SHAPES = [(500, 32, 29, 100), (300, 32, 5000, 50)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    measuring.limit_threads(arguments.threads)
    import torch

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(3)
    for frames, batch, labels, length in SHAPES:
        logits = torch.randn(frames, batch, labels, requires_grad=True)
        log_probabilities = logits.detach().log_softmax(-1).requires_grad_()
        targets = torch.randint(1, labels, (batch, length))
        sizes = torch.full((batch,), frames), torch.full((batch,), length)

        def with_log_softmax():
            logits.grad = None
            torch.nn.functional.ctc_loss(logits.log_softmax(-1), targets, *sizes).backward()

        def from_log_probabilities():
            log_probabilities.grad = None
            torch.nn.functional.ctc_loss(log_probabilities, targets, *sizes).backward()

        for mode, body in (("with log-softmax", with_log_softmax),
                           ("from log-probabilities", from_log_probabilities)):
            measuring.emit(
                f"ctc {frames}x{batch}x{labels}, targets of {length}", "PyTorch",
                torch.__version__, mode, arguments.threads,
                measuring.measure(body, arguments.repetitions))


if __name__ == "__main__":
    main()

import ArgumentParser
import Autograd
import Layers
import Tensors

struct CTCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctc",
    abstract: "Time the CTC loss and its gradient: 500 frames, 32 sequences, 29 labels, 100 long.")

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try printer(Self.record(threads: threading.threads, repetitions: options.repetitions))
  }

  static func record(threads: Int, repetitions: Int) -> BenchmarkRecord {
    WorkerPool.threadCount = threads
    let (frames, batch, labels, length) = (500, 32, 29, 100)
    var random = RandomSource(seed: 3)
    let scalars = (0..<frames * batch * labels).map { _ in random.normal() }
    let logits = Tensor(scalars, shape: [frames, batch, labels])
    let targets = (0..<batch).map { _ in
      (0..<length).map { _ in random.integer(in: 1...labels - 1) }
    }
    let lengths = Array(repeating: frames, count: batch)
    let measurement = measure(repetitions: repetitions) {
      let tape = Tape()
      let (loss, _) = ctcLoss(
        logits: tape.watch(logits), frameLengths: lengths, targets: targets, on: tape)
      _ = tape.gradients(of: loss)
    }
    return BenchmarkRecord("ctc 500x32x29, targets of 100", threads: threads, measurement)
  }
}

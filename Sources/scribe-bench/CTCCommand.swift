import ArgumentParser
import Autograd
import Layers
import Tensors

struct CTCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctc",
    abstract: "Time the CTC loss and its gradient: a small alphabet, and one of thousands.")

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    for record in Self.records(threads: threading.threads, repetitions: options.repetitions) {
      try printer(record)
    }
  }

  private struct Size {
    let frames: Int
    let batch: Int
    let labels: Int
    let targetLength: Int
  }

  private static let sizes = [
    Size(frames: 500, batch: 32, labels: 29, targetLength: 100),
    Size(frames: 300, batch: 16, labels: 5000, targetLength: 40),
  ]

  static func records(threads: Int, repetitions: Int) -> [BenchmarkRecord] {
    sizes.map { record($0, threads: threads, repetitions: repetitions) }
  }

  private static func record(
    _ size: Size, threads: Int, repetitions: Int
  ) -> BenchmarkRecord {
    WorkerPool.threadCount = threads
    let (frames, batch, labels) = (size.frames, size.batch, size.labels)
    var random = RandomSource(seed: 3)
    let scalars = (0..<frames * batch * labels).map { _ in random.normal() }
    let logits = Tensor(scalars, shape: [frames, batch, labels])
    let targets = (0..<batch).map { _ in
      (0..<size.targetLength).map { _ in random.integer(in: 1...labels - 1) }
    }
    let lengths = Array(repeating: frames, count: batch)
    let measurement = measure(repetitions: repetitions) {
      let tape = Tape()
      let (loss, _) = ctcLoss(
        logits: tape.watch(logits), frameLengths: lengths, targets: targets, on: tape)
      _ = tape.gradients(of: loss)
    }
    let name = "ctc \(frames)x\(batch)x\(labels), targets of \(size.targetLength)"
    return BenchmarkRecord(name, threads: threads, measurement)
  }
}

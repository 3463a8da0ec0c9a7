import ArgumentParser
import Autograd
import Benchmarking
import Layers
import Tensors

struct CTCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctc",
    abstract: "Time the CTC loss and its gradient, from logits: the log-softmax is part of it.")

  @Option(help: "Threads; may be repeated. One and all cores unless given.")
  var threads = Machine.oneAndAll

  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    for count in threads { try ThreadOptions.check(count) }
  }

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(
      threads: threads, repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    threads: [Int], repetitions: Int, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    for workload in CTCWorkload.usual {
      for count in threads {
        WorkerPool.threadCount = count
        let measurement = workload.measure(repetitions: repetitions)
        try body(
          BenchmarkRecord(
            workload.name, mode: "with log-softmax", threads: count, measurement))
      }
    }
  }
}

/// The sizes of a batch of label sequences.
private struct CTCWorkload {
  let frames: Int
  let batch = 32
  let labels: Int
  let targetLength: Int

  /// Letters of English, and the characters of a large script.
  static let usual = [
    CTCWorkload(frames: 500, labels: 29, targetLength: 100),
    CTCWorkload(frames: 300, labels: 5000, targetLength: 50),
  ]

  var name: String { "ctc \(frames)x\(batch)x\(labels), targets of \(targetLength)" }

  func measure(repetitions: Int) -> Measurement {
    var random = RandomSource(seed: 3)
    let shape: Shape = [frames, batch, labels]
    let logits = Tensor((0..<shape.count).map { _ in random.normal() }, shape: shape)
    let targets = (0..<batch).map { _ in
      (0..<targetLength).map { _ in random.integer(in: 1...labels - 1) }
    }
    let lengths = Array(repeating: frames, count: batch)
    return Benchmarking.measure(repetitions: repetitions) {
      let tape = Tape()
      let (loss, _) = ctcLoss(
        logits: tape.watch(logits), frameLengths: lengths, targets: targets, on: tape)
      _ = tape.gradients(of: loss)
    }
  }
}

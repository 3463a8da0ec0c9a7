import ArgumentParser
import Benchmarking
import Tensors

struct RecurrentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent",
    abstract: "Time recurrences alone: 300 frames of 32 sequences in both directions.")

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(
      threads: threading.threads, repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    threads: Int, repetitions: Int, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    let peak = Machine.peak(threads: threads)
    for (name, kind) in [("lstm", RecurrenceKind.lstm), ("gru", .gru), ("rnn", .rnn(.tanh))] {
      for hidden in [256, 512] {
        let workload = RecurrentWorkload(kind: kind, hidden: hidden)
        let (forth, back) = workload.measure(repetitions: repetitions)
        for (way, measurement) in [("forth", forth), ("back", back)] {
          let record = BenchmarkRecord("\(name) \(hidden) \(way)", threads: threads, measurement)
          try body(record.rate(operations: workload.operations, peak: peak))
        }
      }
    }
  }
}

/// A bidirectional recurrence whose input products are made already.
private struct RecurrentWorkload {
  let kind: RecurrenceKind
  let hidden: Int
  let frames = 300
  let batch = 32

  private var width: Int { kind.gateCount * hidden }

  /// Of the recurrent products, one way.
  var operations: Double { 2 * 2 * Double(frames * batch) * Double(width) * Double(hidden) }

  func measure(repetitions: Int) -> (forth: Measurement, back: Measurement) {
    var random = RandomSource(seed: 2)
    func tensor(_ shape: Shape, _ size: Float) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -size...size) }, shape: shape)
    }
    let weight = tensor([width, hidden], 1 / Float(hidden).squareRoot())
    let products = tensor([frames, batch, width], 1)
    let gradient = tensor([frames, batch, 2 * hidden], 0.01)
    let (forward, backward) = (PackedMatrix(weight, transposed: true), PackedMatrix(weight))
    let bias = kind == .gru ? Tensor(zeros: [hidden]) : nil

    func directions() -> [RecurrenceDirection] {
      [false, true].map { reverse in
        RecurrenceDirection(
          reverse: reverse, input: .products(products), forwardWeight: forward,
          backwardWeight: { backward }, candidateBias: bias)
      }
    }
    func pass(_ directions: [RecurrenceDirection]) -> RecurrencePass {
      RecurrencePass(
        kind, hiddenSize: hidden, frameLengths: Array(repeating: frames, count: batch),
        directions: directions, keepsActivations: true)
    }
    var forth: [Double] = []
    var back: [Double] = []
    for repetition in 0...repetitions {
      let fresh = directions()
      let clock = ContinuousClock()
      let start = clock.now
      var running = pass(fresh)
      let middle = clock.now
      running.backward(gradient)
      let end = clock.now
      guard repetition > 0 else { continue }
      forth.append(seconds(middle - start))
      back.append(seconds(end - middle))
    }
    return (Measurement(forth), Measurement(back))
  }
}

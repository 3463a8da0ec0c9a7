import ArgumentParser
import Benchmarking
import Tensors

struct ScalingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Time a training step and a product on 1, 2, 4, .. threads, to twice the cores.",
    discussion: """
      The numbers of threads take turns, so that a change in the machine's speed falls on all. More \
      threads than cores must not be slower than as many as cores.
      """)

  @Option(help: "The network; may be repeated.")
  var network: [NetworkName] = [.blstm256]

  @Option(help: "Rows, inner size and columns of a product, as 1600x1024x4096; may be repeated.")
  var shape = [ProductShape(rows: 1600, inner: 1024, columns: 4096)]

  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    for shape in shape {
      try Self.records(shape, repetitions: options.repetitions).forEach(printer.callAsFunction)
    }
    for name in network {
      try Self.records(name, repetitions: options.repetitions).forEach(printer.callAsFunction)
    }
  }

  static func records(_ shape: ProductShape, repetitions: Int) -> [BenchmarkRecord] {
    let product = shape.product()
    return records(
      "scaling product \(shape)", repetitions: repetitions, operations: shape.operations, product)
  }

  static func records(_ name: NetworkName, repetitions: Int) -> [BenchmarkRecord] {
    var step = TrainingStep(name, precision: .fp32)
    return records(
      "scaling step \(name.rawValue)", repetitions: repetitions, operations: step.operations
    ) { step.run() }
  }

  private static func records(
    _ name: String, repetitions: Int, operations: Double, _ body: () -> Void
  ) -> [BenchmarkRecord] {
    let counts = Machine.scalingThreadCounts
    // More threads than cores compute on the cores alone, so their peak is that of the cores.
    let peaks = counts.map { Machine.peak(threads: min($0, WorkerPool.coreCount)) }
    var durations = counts.map { _ in [Double]() }
    for repetition in 0...repetitions {
      for (index, count) in counts.enumerated() {
        WorkerPool.threadCount = count
        let duration = time(body)
        if repetition > 0 { durations[index].append(duration) }
      }
    }
    return counts.indices.map { index in
      var record = BenchmarkRecord(name, threads: counts[index], Measurement(durations[index]))
        .rate(operations: operations, peak: peaks[index])
      record.speedup = Measurement(zip(durations[0], durations[index]).map { $0 / $1 }).median
      return record
    }
  }
}

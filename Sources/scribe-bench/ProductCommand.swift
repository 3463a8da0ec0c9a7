import ArgumentParser
import Benchmarking
import Tensors

struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product", abstract: "Time matrix products over packed right operands.",
    discussion: """
      On several threads, products of at most 32 rows are timed as recurrences use them: each \
      thread makes its own. A product of one row reads each weight once, so its record also has the \
      gigabytes a second.
      """)

  @Option(
    name: .customLong("shape"), parsing: .singleValue,
    help: "Rows, inner size and columns of a product, as 1600x512x2048; may be repeated.")
  var shapes = ProductShape.large + ProductShape.small

  @Option(help: "Threads; may be repeated. One and all cores unless given.")
  var threads = Machine.oneAndAll

  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    for count in threads { try ThreadOptions.check(count) }
  }

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(
      shapes, threads: threads, repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    _ shapes: [ProductShape], threads: [Int], repetitions: Int,
    _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    for count in threads {
      let peak = Machine.peak(threads: count)
      for shape in shapes {
        for record in records(shape, threads: count, repetitions: repetitions, peak: peak) {
          try body(record)
        }
      }
    }
  }

  private static func records(
    _ shape: ProductShape, threads: Int, repetitions: Int, peak: Double
  ) -> [BenchmarkRecord] {
    func record(_ name: String, _ measurement: Measurement, products: Int = 1) -> BenchmarkRecord {
      let record = BenchmarkRecord(name, threads: threads, measurement)
        .rate(operations: Double(products) * shape.operations, peak: peak)
      return shape.isMemoryBound ? record.rate(bytes: Double(products) * shape.bytes) : record
    }
    if shape.isStep, threads > 1 {
      let measurement = shape.forthOnEachThread(threads, repetitions: repetitions)
      return [
        record("product \(shape), one on each thread", measurement, products: threads)
      ]
    }
    WorkerPool.threadCount = threads
    let forth = record("product \(shape)", shape.forth(repetitions: repetitions))
    guard !shape.isStep else { return [forth] }
    return [
      forth, record("gradient product \(shape)", shape.gradient(repetitions: repetitions)),
    ]
  }
}

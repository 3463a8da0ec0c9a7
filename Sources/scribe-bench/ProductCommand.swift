import ArgumentParser
import Tensors

struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product", abstract: "Time matrix products over packed right operands.")

  @Option(
    name: .customLong("shape"), parsing: .singleValue,
    help: "Rows, inner size and columns of a product, as 1600x512x2048; may be repeated.")
  var shapes = ProductShape.usual

  @OptionGroup var options: BenchmarkOptions

  func run() throws {
    let printer = BenchmarkPrinter(json: options.json)
    try Self.forEachRecord(shapes, repetitions: options.repetitions, printer.callAsFunction)
  }

  static func forEachRecord(
    _ shapes: [ProductShape], repetitions: Int, _ body: (BenchmarkRecord) throws -> Void
  ) throws {
    for threads in Set([1, WorkerPool.coreCount]).sorted() {
      let peak = Machine.peak(threads: threads)
      for shape in shapes {
        for form in ProductForm.allCases {
          let measurement = shape.measure(form, repetitions: repetitions)
          let name = "product \(shape) \(form.rawValue)"
          try body(
            BenchmarkRecord(name, threads: threads, measurement)
              .rate(operations: shape.operations, peak: peak))
        }
      }
    }
  }
}

/// How the operands of a product lie.
enum ProductForm: String, CaseIterable {
  /// x · Wᵀ over a weight that is packed already: the way forth.
  case packed
  /// dyᵀ · x with packing of x: the gradient of a weight.
  case gradient
}

/// The sizes of a product `[rows, inner] · [inner, columns]`.
struct ProductShape: ExpressibleByArgument, CustomStringConvertible {
  let rows: Int
  let inner: Int
  let columns: Int

  /// Input products of sequences, and single time steps of a batch of 16.
  static let usual = [
    ProductShape(rows: 9600, inner: 512, columns: 1024),
    ProductShape(rows: 1024, inner: 9600, columns: 512),
    ProductShape(rows: 4000, inner: 2048, columns: 2048),
    ProductShape(rows: 32, inner: 256, columns: 1024),
    ProductShape(rows: 16, inner: 512, columns: 2048),
  ]

  init(rows: Int, inner: Int, columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
  }

  init?(argument: String) {
    let sizes = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.count == 3, let rows = sizes[0], let inner = sizes[1], let columns = sizes[2],
      min(rows, inner, columns) > 0
    else { return nil }
    self.init(rows: rows, inner: inner, columns: columns)
  }

  var description: String { "\(rows)x\(inner)x\(columns)" }
  var operations: Double { 2 * Double(rows) * Double(inner) * Double(columns) }

  func measure(_ form: ProductForm, repetitions: Int) -> Measurement {
    var random = RandomSource(seed: 1)
    func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape: shape)
    }
    switch form {
    case .packed:
      let left = tensor([rows, inner])
      let right = PackedMatrix(tensor([inner, columns]))
      return scribe_bench.measure(repetitions: repetitions) { _ = left.multiplied(by: right) }
    case .gradient:
      let (left, right) = (tensor([inner, rows]), tensor([inner, columns]))
      return scribe_bench.measure(repetitions: repetitions) {
        _ = left.multiplied(by: right, transposeLeft: true)
      }
    }
  }
}

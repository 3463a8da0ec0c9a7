import ArgumentParser
import Benchmarking
import Dispatch
import Tensors

/// The sizes of a product `[rows, inner] · [inner, columns]`.
struct ProductShape: ExpressibleByArgument, CustomStringConvertible {
  let rows: Int
  let inner: Int
  let columns: Int

  /// Input products of sequences and gradients of weights.
  static let large = [
    ProductShape(rows: 9600, inner: 512, columns: 1024),
    ProductShape(rows: 1024, inner: 9600, columns: 512),
    ProductShape(rows: 4000, inner: 2048, columns: 2048),
    ProductShape(rows: 1600, inner: 1024, columns: 4096),
    ProductShape(rows: 1024, inner: 1024, columns: 1024),
  ]
  /// Single time steps of a batch, or of one sequence.
  static let small = [
    ProductShape(rows: 32, inner: 512, columns: 2048),
    ProductShape(rows: 32, inner: 256, columns: 1024),
    ProductShape(rows: 16, inner: 512, columns: 2048),
    ProductShape(rows: 16, inner: 256, columns: 1024),
    ProductShape(rows: 1, inner: 512, columns: 2048),
    ProductShape(rows: 1, inner: 1024, columns: 4096),
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
  /// Of both operands and the result in float32.
  var bytes: Double { 4 * Double(inner * columns + rows * inner + rows * columns) }
  /// Whether a product is one of the single steps that recurrences make, each on one thread.
  var isStep: Bool { rows <= 32 }
  /// Whether every weight is used once, so that memory sets the pace.
  var isMemoryBound: Bool { rows == 1 }

  fileprivate func tensor(_ shape: Shape, _ random: inout RandomSource) -> Tensor {
    Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape: shape)
  }

  /// x · Wᵀ over a weight that is packed already: the way forth.
  func forth(repetitions: Int) -> Measurement {
    measure(repetitions: repetitions, product())
  }

  /// The same as work that can be run again and again.
  func product() -> () -> Void {
    var random = RandomSource(seed: 1)
    let left = tensor([rows, inner], &random)
    let right = PackedMatrix(tensor([inner, columns], &random))
    return { _ = left.multiplied(by: right) }
  }

  /// dyᵀ · x with packing of x: the gradient of a weight.
  func gradient(repetitions: Int) -> Measurement {
    var random = RandomSource(seed: 1)
    let (left, right) = (tensor([inner, rows], &random), tensor([inner, columns], &random))
    return measure(repetitions: repetitions) {
      _ = left.multiplied(by: right, transposeLeft: true)
    }
  }

  /// Each thread its own product, again and again without waiting for the others, as the batch rows
  /// and directions of a recurrence are shared out; the time is that of one product of each thread.
  func forthOnEachThread(_ threads: Int, repetitions: Int) -> Measurement {
    var random = RandomSource(seed: 1)
    let operands = (0..<threads).map { _ in
      (tensor([rows, inner], &random), PackedMatrix(tensor([inner, columns], &random)))
    }
    WorkerPool.threadCount = 1  // so that a product stays on the thread that asks for it
    func run(_ count: Int) {
      DispatchQueue.concurrentPerform(iterations: threads) { index in
        for _ in 0..<count { _ = operands[index].0.multiplied(by: operands[index].1) }
      }
    }
    run(1)
    // A tenth of a second, beside which starting and joining the threads does not show.
    let count = max(1, Int(0.1 / max(1e-7, time { run(10) } / 10)))
    return Measurement((0..<repetitions).map { _ in time { run(count) } / Double(count) })
  }
}

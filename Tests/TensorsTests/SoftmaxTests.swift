import TestSupport
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SoftmaxTests {
  private static func reference(_ row: [Float]) -> [Double] {
    let largest = Double(row.max() ?? 0)
    let sum = row.reduce(0) { $0 + exp(Double($1) - largest) }
    return row.map { Double($0) - largest - log(sum) }
  }

  /// Widths around those of the vectors, and values far from zero.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 29, 31, 32, 33, 100, 1000])
  func logSoftmaxEqualsTheDefinition(columns: Int) {
    var random = RandomSource(seed: 13, columns)
    for offset in [Float(0), -5000, 5000] {
      let rows = (0..<6).map { _ in
        (0..<columns).map { _ in offset + random.uniform(in: -30...30) }
      }
      let y = Tensor(rows: rows).logSoftmax()
      // Half an ulp of a difference up to 60, and that of the logarithm.
      expectClose(
        y.scalars, rows.flatMap { Self.reference($0).map(Float.init) }, absolute: 1e-6,
        relative: 2e-7, "columns \(columns), offset \(offset), seed 13")
    }
  }

  @Test func gradientEqualsTheDefinition() {
    var random = RandomSource(seed: 14)
    for columns in [1, 3, 16, 29, 70] {
      let x = Tensor.random([5, columns], in: -3...3, &random)
      let dy = Tensor.random([5, columns], &random)
      let dx = x.logSoftmax().logSoftmaxGradient(dy)
      for row in 0..<5 {
        let p = Self.reference((0..<columns).map { x[row, $0] }).map { exp($0) }
        let sum = (0..<columns).reduce(0) { $0 + Double(dy[row, $1]) }
        let expected = (0..<columns).map { Float(Double(dy[row, $0]) - p[$0] * sum) }
        expectClose(
          (0..<columns).map { dx[row, $0] }, expected, absolute: Float(columns) * 2e-7,
          "columns \(columns), seed 14")
      }
    }
  }

  @Test func infiniteAndNaNLogits() {
    let infinity = Float.infinity
    let y = Tensor(rows: [
      [0, -infinity, 0], [infinity, 0, 0], [.nan, 0, 0], [0, 0, .nan],
      [-infinity, -infinity, -infinity],
    ]).logSoftmax()
    expectClose(y.scalars.prefix(3), [-log(Float(2)), -infinity, -log(Float(2))], absolute: 1e-6)
    #expect(y.scalars.dropFirst(3).allSatisfy { $0.isNaN })
  }

  @Test func emptyTensors() {
    #expect(Tensor(zeros: [0, 5]).logSoftmax().count == 0)
    #expect(Tensor(zeros: [5, 0]).logSoftmax().count == 0)
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 15)
    let x = Tensor.random([1003, 29], &random)
    let all = x.logSoftmax()
    WorkerPool.threadCount = 1
    let one = x.logSoftmax()
    WorkerPool.threadCount = WorkerPool.coreCount
    #expect(all == one)
  }
}

import TestSupport
import Tensors
import Testing

@Suite struct ColumnSumTests {
  /// Each sum is in the order of the rows, so it has the bits of a plain loop.
  @Test(arguments: [0, 1, 7, 8, 9, 33], [1, 15, 16, 17, 100])
  func sumsAreThoseOfAPlainLoop(rows: Int, columns: Int) {
    var random = RandomSource(seed: 21, rows, columns)
    let x = Tensor.random([rows, columns], &random)
    var expected = [Float](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { expected[column] += x[row, column] }
    }
    #expect(x.columnSums().scalars == expected)
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 22)
    let x = Tensor.random([3001, 77], &random)
    let all = x.columnSums()
    WorkerPool.threadCount = 1
    let one = x.columnSums()
    WorkerPool.threadCount = WorkerPool.coreCount
    #expect(all == one)
  }
}

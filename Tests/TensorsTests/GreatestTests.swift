import TestSupport
import Tensors
import Testing

@Suite struct GreatestTests {
  @Test func greatestOfTwoRows() {
    let x = Tensor([1, 5, 2, 9, 9, 9, 3, 4, 0], shape: [3, 3])
    let found = x.greatest([
      GreatestRequest(3, rows: 0..<3, offsets: [0, -5, 1]),
      GreatestRequest(1, rows: 2..<3, offsets: [0]), GreatestRequest(0, rows: 0..<1, offsets: [0]),
    ])
    #expect(
      found[0] == [
        GreatElement(row: 0, column: 1, value: 5), GreatElement(row: 2, column: 1, value: 5),
        GreatElement(row: 1, column: 0, value: 4),
      ])
    #expect(found[1].map(\.column) == [1] && found[2].isEmpty && found.count == 3)
  }

  @Test func equalsKeepTheirOrderAndInfinityIsLeftOut() {
    let x = Tensor([2, -.infinity, 2, .nan, 2, 1], shape: [2, 3])
    let found = x.greatest([GreatestRequest(9, rows: 0..<2, offsets: [0, 0])])[0]
    #expect(found.map { [$0.row, $0.column] } == [[0, 0], [0, 2], [1, 1], [1, 2]])
  }

  /// Widths around the blocks of the kernel, against sorting.
  @Test(arguments: [1, 15, 63, 64, 65, 129, 1000]) func equalsSorting(width: Int) {
    var random = RandomSource(seed: 3)
    let x = Tensor.random([4, width], &random)
    let offsets: [Float] = [0.5, 0, -0.25, 0.125]
    let all = (0..<4).flatMap { row in
      (0..<width).map { GreatElement(row: row, column: $0, value: x[row, $0] + offsets[row]) }
    }
    let sorted = all.enumerated().sorted {
      ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
    }
    .map(\.element)
    #expect(
      x.greatest([GreatestRequest(7, rows: 0..<4, offsets: offsets)])
        == [Array(sorted.prefix(7))])
  }

  @Test func fusedEqualsLogSoftmaxFirst() {
    var random = RandomSource(seed: 4)
    let x = Tensor.random([5, 77], in: -3...3, &random)
    let requests = [
      GreatestRequest(4, rows: 0..<2, offsets: [-1, -2]),
      GreatestRequest(2, rows: 2..<2, offsets: []),
      GreatestRequest(3, rows: 2..<5, offsets: [0, -0.5, -0.25]),
    ]
    var plain = x.logSoftmax()
    for row in 0..<5 { (plain[row, 3], plain[row, 70]) = (-.infinity, -.infinity) }
    var fused = x
    #expect(
      fused.greatestOfLogSoftmax(requests, excluding: [3, 70]) == plain.greatest(requests))
    #expect(fused == plain)
  }

  @Test func wrongCountOfOffsetsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = GreatestRequest(1, rows: 0..<2, offsets: [0])
    }
  }

  @Test func rowsBeyondTheMatrixTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor(zeros: [2, 3]).greatest([GreatestRequest(1, rows: 2..<3, offsets: [0])])
    }
  }
}

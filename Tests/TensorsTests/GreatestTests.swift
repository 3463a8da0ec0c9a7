import TestSupport
import Tensors
import Testing

@Suite struct GreatestTests {
  @Test func greatestOfTwoRows() {
    let x = Tensor([1, 5, 2, 9, 9, 9, 3, 4, 0], shape: [3, 3])
    #expect(
      x.greatest(3, rows: 0..<3, offsets: [0, -5, 1]) == [
        GreatElement(row: 0, column: 1, value: 5), GreatElement(row: 2, column: 1, value: 5),
        GreatElement(row: 1, column: 0, value: 4),
      ])
    #expect(x.greatest(1, rows: 2..<3, offsets: [0]).map(\.column) == [1])
    #expect(x.greatest(0, rows: 0..<1, offsets: [0]).isEmpty)
  }

  @Test func equalsKeepTheirOrderAndInfinityIsLeftOut() {
    let x = Tensor([2, -.infinity, 2, .nan, 2, 1], shape: [2, 3])
    #expect(
      x.greatest(9, rows: 0..<2, offsets: [0, 0]).map { [$0.row, $0.column] }
        == [[0, 0], [0, 2], [1, 1], [1, 2]])
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
    #expect(x.greatest(7, rows: 0..<4, offsets: offsets) == Array(sorted.prefix(7)))
  }

  @Test func wrongCountOfOffsetsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor(zeros: [2, 3]).greatest(1, rows: 0..<2, offsets: [0])
    }
  }
}

/// A table of values that stand for all others, each for those that lie nearest.
///
/// The values are placed by Lloyd's method (1957) in one dimension, from cells of equally many
/// distinct numbers: it lessens the mean squared error and gives far outliers a value of their own.
/// Few distinct numbers are kept exactly, and zero, if it occurs, always.
struct Quantizer: Sendable {
  private static let passes = 30

  /// The values in ascending order, at most 2^bits.
  let values: [Float]

  /// A table of at most 2^`bits` values.
  init(_ numbers: [Float], bits: Int) {
    let sorted = numbers.sorted()
    var distinct: [Float] = []
    var counts: [Double] = []
    for number in sorted {
      if number == distinct.last {
        counts[counts.count - 1] += 1
      } else {
        distinct.append(number)
        counts.append(1)
      }
    }
    let size = 1 << bits
    guard distinct.count > size else {
      values = distinct
      return
    }
    let hasZero = distinct.contains(0)
    let cells = Cells(distinct, counts)
    var table = cells.means(of: cells.even(hasZero ? size - 1 : size))
    for _ in 0..<Self.passes {
      let next = cells.means(of: cells.nearest(to: table))
      if next == table { break }
      table = next
    }
    if hasZero { table.append(0) }
    values = Set(table).sorted()
  }

  /// The number of the nearest value.
  func code(of number: Float) -> UInt32 {
    let upper = values.partition { $0 < number }
    if upper == values.count { return UInt32(upper - 1) }
    if upper == 0 || values[upper] - number < number - values[upper - 1] { return UInt32(upper) }
    return UInt32(upper - 1)
  }
}

extension [Float] {
  /// The index of the first element, in ascending order, that is not below the bound.
  fileprivate func partition(isBelow: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Sorted distinct numbers with sums, so that the mean of any range takes no loop.
private struct Cells {
  private let numbers: [Float]
  private var sums: [Double] = [0]
  private var counts: [Double] = [0]

  init(_ numbers: [Float], _ weights: [Double]) {
    self.numbers = numbers
    for (number, weight) in zip(numbers, weights) {
      sums.append(sums[sums.count - 1] + Double(number) * weight)
      counts.append(counts[counts.count - 1] + weight)
    }
  }

  /// Bounds of cells with equally many numbers.
  func even(_ cells: Int) -> [Int] { (0...cells).map { $0 * numbers.count / cells } }

  /// Bounds of the cells whose numbers are nearest to each value.
  func nearest(to values: [Float]) -> [Int] {
    let inner = zip(values, values.dropFirst()).map { low, high in
      let middle = low + (high - low) / 2
      return numbers.partition { $0 <= middle }
    }
    return [0] + inner + [numbers.count]
  }

  /// The mean of every cell that is not empty.
  func means(of bounds: [Int]) -> [Float] {
    zip(bounds, bounds.dropFirst()).filter { $0 < $1 }.map { start, end in
      Float((sums[end] - sums[start]) / (counts[end] - counts[start]))
    }
  }
}

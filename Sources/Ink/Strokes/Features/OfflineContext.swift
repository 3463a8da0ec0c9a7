/// Counts the ink around a point, wherever in the recording it was written.
///
/// The points on the paper are sorted by *x* once, so that each query looks at its own columns only.
struct OfflineContext {
  private let xs: [Double]
  private let ys: [Double]
  /// How many of the first points lie above and below the core.
  private let above: [Int]
  private let below: [Int]
  private let step: Double

  /// The most that a band or a square of the context map is said to hold.
  private static let limit: Float = 4

  init(_ trajectory: Trajectory) {
    step = trajectory.step
    let order = trajectory.xs.indices.filter { trajectory.isDown[$0] }
      .sorted { (trajectory.xs[$0], $0) < (trajectory.xs[$1], $1) }
    xs = order.map { trajectory.xs[$0] }
    ys = order.map { trajectory.ys[$0] }
    above = Self.cumulated(ys) { $0 > 0.5 }
    below = Self.cumulated(ys) { $0 < -0.5 }
  }

  private static func cumulated(_ values: [Double], _ holds: (Double) -> Bool) -> [Int] {
    var sums = [0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + (holds(value) ? 1 : 0)) }
    return sums
  }

  /// The index of the first point at or right of `x`.
  private func start(_ x: Double) -> Int {
    var (low, high) = (0, xs.count)
    while low < high {
      let middle = (low + high) / 2
      if xs[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Writes the ink above and below the core within `radius` of `x`.
  func bands(at x: Double, radius: Double, into row: UnsafeMutablePointer<Float>) {
    let (first, end) = (start(x - radius), start(x + radius))
    row[0] = min(Self.limit, Float(Double(above[end] - above[first]) * step / 2))
    row[1] = min(Self.limit, Float(Double(below[end] - below[first]) * step / 2))
  }

  /// Writes the nine squares of the context map around a point, row after row from the top.
  func map(x: Double, y: Double, cell: Double, into row: UnsafeMutablePointer<Float>) {
    let (left, top) = (x - 1.5 * cell, y + 1.5 * cell)
    for square in 0..<9 { row[square] = 0 }
    xs.withUnsafeBufferPointer { xs in
      ys.withUnsafeBufferPointer { ys in
        for index in start(left)..<start(left + 3 * cell) {
          let line = (top - ys[index]) / cell
          guard line >= 0, line < 3 else { continue }
          let column = min(2, Int((xs[index] - left) / cell))
          row[3 * Int(line) + column] += 1
        }
      }
    }
    let scale = Float(step / cell)
    for square in 0..<9 { row[square] = min(Self.limit, row[square] * scale) }
  }
}

/// How much ink there is at each height of a page, seen through soft upright strips.
///
/// A projection over the whole width mixes lines as soon as they slope; a strip is as wide as a
/// word or two, overlaps its neighbours, and stops at the walls between columns.
struct StripProfiles {
  /// Cells between the centres of neighbouring strips.
  let hop: Int
  let count: Int
  let rows: Int
  private let values: [Float]

  /// A height at which a strip has more ink than above and below.
  struct Peak {
    var row: Float
    var strength: Float
  }

  /// - Parameters:
  ///   - width: The deviation of a strip's weights, in cells.
  ///   - height: The deviation of the smoothing from row to row, in cells.
  init(_ map: DensityMap, walls: ColumnWalls, hop: Int, width: Float, height: Float) {
    self.hop = hop
    rows = map.rows
    count = (map.columns + hop - 1) / hop
    let across = gaussian(deviation: width)
    var sums = [Float](repeating: 0, count: count * rows)
    for row in 0..<rows {
      for strip in 0..<count {
        sums[strip * rows + row] = Self.weigh(map, walls, strip * hop + hop / 2, row, across)
      }
    }
    let down = gaussian(deviation: height)
    var smooth: [Float] = []
    for strip in 0..<count {
      smooth += Self.convolved(Array(sums[strip * rows..<(strip + 1) * rows]), down)
    }
    values = smooth
  }

  private static func weigh(
    _ map: DensityMap, _ walls: ColumnWalls, _ center: Int, _ row: Int, _ weights: [Float]
  ) -> Float {
    let reach = weights.count / 2
    let center = min(center, map.columns - 1)
    var sum: Float = 0
    let isOpen = !walls.separates(center - reach, center + reach, row: row)
    for column in max(0, center - reach)...min(map.columns - 1, center + reach) {
      let value = map[column, row]
      if value > 0, isOpen || !walls.separates(center, column, row: row) {
        sum += value * weights[column - center + reach]
      }
    }
    return sum
  }

  /// A strip's ink at a row.
  subscript(strip: Int, row: Int) -> Float { values[strip * rows + row] }

  /// The least ink of a strip between two of its rows.
  func valley(_ strip: Int, _ first: Float, _ second: Float) -> Float {
    let (low, high) = (Int(min(first, second)), Int(max(first, second)))
    return (max(0, low)...min(rows - 1, max(low, high))).reduce(.infinity) {
      min($0, self[strip, $1])
    }
  }

  /// The heights of a strip at which there is a line, perhaps.
  func peaks(_ strip: Int, above least: Float) -> [Peak] {
    var found: [Peak] = []
    var row = 0
    while row < rows {
      let value = self[strip, row]
      var end = row
      while end + 1 < rows, self[strip, end + 1] == value { end += 1 }
      let rises = row == 0 || self[strip, row - 1] < value
      let falls = end == rows - 1 || self[strip, end + 1] < value
      if value > least, rises, falls {
        found.append(Peak(row: Float(row + end) / 2, strength: value))
      }
      row = end + 1
    }
    return found
  }

  /// The usual distance from line to line, in cells: the lag at which the profiles, without what
  /// changes more slowly than `slowness` cells, are most like themselves; nil if there is none.
  func pitch(in lags: ClosedRange<Int>, slowness: Float) -> Float? {
    let last = min(lags.upperBound, rows / 2)
    guard lags.lowerBound < last else { return nil }
    let weights = gaussian(deviation: slowness)
    var likeness = [Float](repeating: 0, count: last + 1)
    for strip in 0..<count {
      let profile = Self.convolved(Array(values[strip * rows..<(strip + 1) * rows]), weights)
      let quick = profile.indices.map { values[strip * rows + $0] - profile[$0] }
      quick.withUnsafeBufferPointer { quick in
        for lag in lags.lowerBound...last {
          var sum: Float = 0
          for row in 0..<rows - lag { sum += quick[row] * quick[row + lag] }
          likeness[lag] += sum
        }
      }
    }
    let peaks = (lags.lowerBound + 1..<last).filter {
      likeness[$0] > 0 && likeness[$0] >= likeness[$0 - 1] && likeness[$0] > likeness[$0 + 1]
    }
    guard let highest = peaks.map({ likeness[$0] }).max() else { return nil }
    return peaks.first { likeness[$0] >= 0.4 * highest }.map { Float($0) }
  }

  /// The values weighed with their neighbours; beyond the ends there is nothing.
  private static func convolved(_ values: [Float], _ weights: [Float]) -> [Float] {
    let reach = weights.count / 2
    return values.indices.map { index in
      var sum: Float = 0
      for other in max(0, index - reach)...min(values.count - 1, index + reach) {
        sum += values[other] * weights[other - index + reach]
      }
      return sum
    }
  }
}

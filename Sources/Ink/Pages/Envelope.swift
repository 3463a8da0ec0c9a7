/// How far a line's ink reaches up and down along the line, with a little paper around it.
struct Envelope {
  /// The box around the envelope.
  let box: PageBox
  private let step: Int
  private var tops: [Int]
  private var bottoms: [Int]

  /// - Parameters:
  ///   - step: Columns that share one height.
  ///   - reach: Columns to both sides whose ink counts too, so that the outline is calm.
  init(
    _ components: [InkComponent], step: Int, reach: Int, margin: Int, width: Int, height: Int
  ) {
    let left = components.reduce(Int.max) { min($0, $1.left) }
    let right = components.reduce(Int.min) { max($0, $1.right) }
    self.step = step
    let (start, end) = (max(0, left - margin), min(width, right + margin))
    let count = (end - start + step - 1) / step
    var (high, low) = ([Int](repeating: .max, count: count), [Int](repeating: .min, count: count))
    for component in components {
      for run in component.runs {
        for place in (Int(run.start) - start) / step...(Int(run.end) - 1 - start) / step {
          high[place] = min(high[place], Int(run.y))
          low[place] = max(low[place], Int(run.y) + 1)
        }
      }
    }
    tops = Self.spread(high, reach / step, .max, min)
    bottoms = Self.spread(low, reach / step, .min, max)
    tops = tops.map { max(0, $0 - margin) }
    bottoms = bottoms.map { min(height, $0 + margin) }
    let (top, bottom) = (tops.min() ?? 0, bottoms.max() ?? 0)
    box = PageBox(x: start, y: top, width: end - start, height: bottom - top)
  }

  /// The extreme of each neighbourhood; a place without ink takes the nearest on both sides.
  private static func spread(
    _ values: [Int], _ reach: Int, _ none: Int, _ extreme: (Int, Int) -> Int
  ) -> [Int] {
    var wide = values.indices.map { index in
      values[max(0, index - reach)...min(values.count - 1, index + reach)].reduce(none, extreme)
    }
    var last = none
    let fromLeft = wide.map { value -> Int in
      if value != none { last = value }
      return last
    }
    last = none
    for index in wide.indices.reversed() {
      if wide[index] != none { last = wide[index] } else { wide[index] = extreme(fromLeft[index], last) }
    }
    return wide
  }

  /// The rows inside the envelope in a column.
  func rows(at x: Int) -> (top: Int, bottom: Int) {
    let place = (x - box.x) / step
    return (tops[place], bottoms[place])
  }

  /// The corners, clockwise from the upper left.
  var outline: [PagePoint] {
    let above = corners(tops)
    return above + corners(bottoms).reversed()
  }

  private func corners(_ values: [Int]) -> [PagePoint] {
    var points: [PagePoint] = []
    for (index, value) in values.enumerated()
    where index == 0 || values[index - 1] != value {
      let x = Double(box.x + index * step)
      if index > 0 { points.append(PagePoint(x: x, y: Double(values[index - 1]))) }
      points.append(PagePoint(x: x, y: Double(value)))
    }
    points.append(PagePoint(x: Double(box.x + box.width), y: Double(values[values.count - 1])))
    return points
  }
}

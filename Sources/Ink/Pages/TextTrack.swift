/// The middle of a line of writing, followed from strip to strip.
struct TextTrack {
  /// A place on the way, in cells.
  struct Point {
    var strip: Int
    var row: Float
    var strength: Float
  }

  var points: [Point]

  var first: Point { points[0] }
  var last: Point { points[points.count - 1] }

  /// How strongly the strips show it, on average.
  var strength: Float { total / Float(points.count) }

  /// The strength of all its points together.
  var total: Float { points.reduce(0) { $0 + $1.strength } }

  /// How many strips it passes.
  var span: Int { last.strip - first.strip + 1 }

  /// Rows per strip over up to `count` points from an end, by least squares, kept to gentle slopes.
  func slope(atEnd: Bool, count: Int, limit: Float) -> Float {
    let part = atEnd ? points.suffix(count) : points.prefix(count)
    guard part.count >= 4 else { return 0 }
    let number = Float(part.count)
    let meanStrip = part.reduce(0) { $0 + Float($1.strip) } / number
    let meanRow = part.reduce(0) { $0 + $1.row } / number
    var (product, square) = (Float(0), Float(0))
    for point in part {
      let offset = Float(point.strip) - meanStrip
      product += offset * (point.row - meanRow)
      square += offset * offset
    }
    return min(max(product / square, -limit), limit)
  }

  /// The row at a strip, interpolated inside and going on level outside.
  func row(at strip: Float) -> Float {
    if strip <= Float(first.strip) { return first.row }
    if strip >= Float(last.strip) { return last.row }
    var (low, high) = (0, points.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Float(points[middle].strip) <= strip { low = middle } else { high = middle }
    }
    let (a, b) = (points[low], points[high])
    return a.row + (b.row - a.row) * (strip - Float(a.strip)) / Float(b.strip - a.strip)
  }

  /// The strips that two tracks both pass.
  func common(_ other: TextTrack) -> ClosedRange<Int>? {
    let (low, high) = (
      max(first.strip, other.first.strip), min(last.strip, other.last.strip)
    )
    return low <= high ? low...high : nil
  }

  /// The mean distance to another track below this one, over the strips that both pass.
  func distance(to other: TextTrack) -> Float? {
    common(other).map { range in
      range.reduce(0) { $0 + other.row(at: Float($1)) - row(at: Float($1)) }
        / Float(range.count)
    }
  }
}

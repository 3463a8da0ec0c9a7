/// The points of a stroke as doubles, without repetitions, with the length of the way to each.
struct Polyline {
  var xs: [Double] = []
  var ys: [Double] = []
  var times: [Double] = []
  /// The length of the way from the first point to each.
  private(set) var distances: [Double] = []

  init(_ stroke: Stroke) {
    xs.reserveCapacity(stroke.points.count)
    ys.reserveCapacity(stroke.points.count)
    for point in stroke.points {
      let (x, y) = (Double(point.x), Double(point.y))
      if let last = xs.last, last == x, ys[ys.count - 1] == y { continue }
      xs.append(x)
      ys.append(y)
      times.append(Double(point.time ?? 0))
    }
    measure()
  }

  var length: Double { distances.last ?? 0 }

  /// Applies x' = a·x + b·y + e, y' = c·x + d·y + f.
  mutating func apply(_ map: AffineMap) {
    for index in xs.indices {
      (xs[index], ys[index]) = map(xs[index], ys[index])
    }
    measure()
  }

  private mutating func measure() {
    distances = [Double](repeating: 0, count: xs.count)
    for index in xs.indices.dropFirst() {
      let (dx, dy) = (xs[index] - xs[index - 1], ys[index] - ys[index - 1])
      distances[index] = distances[index - 1] + (dx * dx + dy * dy).squareRoot()
    }
  }

  /// Calls `body` with `intervals + 1` points of equal distance along the way, both ends included.
  func sample(intervals: Int, _ body: (_ x: Double, _ y: Double, _ time: Double) -> Void) {
    guard let last = xs.indices.last else { return }
    guard intervals > 0, length > 0 else { return body(xs[0], ys[0], times[0]) }
    var segment = 1
    for number in 0...intervals {
      let wanted = length * Double(number) / Double(intervals)
      while segment < last, distances[segment] < wanted { segment += 1 }
      let span = distances[segment] - distances[segment - 1]
      let part = span > 0 ? min(1, max(0, (wanted - distances[segment - 1]) / span)) : 0
      body(
        xs[segment - 1] + part * (xs[segment] - xs[segment - 1]),
        ys[segment - 1] + part * (ys[segment] - ys[segment - 1]),
        times[segment - 1] + part * (times[segment] - times[segment - 1]))
    }
  }
}

/// x' = a·x + b·y + e, y' = c·x + d·y + f.
struct AffineMap {
  var a = 1.0
  var b = 0.0
  var c = 0.0
  var d = 1.0
  var e = 0.0
  var f = 0.0

  func callAsFunction(_ x: Double, _ y: Double) -> (Double, Double) {
    (a * x + b * y + e, c * x + d * y + f)
  }

  /// This map, and then `next`.
  func then(_ next: AffineMap) -> AffineMap {
    AffineMap(
      a: next.a * a + next.b * c, b: next.a * b + next.b * d,
      c: next.c * a + next.d * c, d: next.c * b + next.d * d,
      e: next.a * e + next.b * f + next.e, f: next.c * e + next.d * f + next.f)
  }
}

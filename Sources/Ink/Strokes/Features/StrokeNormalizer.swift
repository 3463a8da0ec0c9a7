/// Finds slope, slant and size of writing and the map that takes them out.
///
/// All estimates come from points at equal distances along the ink and shrink towards "none" the less
/// ink there is, so that a single character is hardly turned and a line is turned fully.
struct StrokeNormalizer {
  let configuration: StrokeFeatureConfiguration

  /// How many times the variance of *y* is added to that of *x* when the slope is fitted: a word of
  /// one letter has little of a slope, and a line has it fully after ``slopeRounds``.
  private static let slopePrior = 9.0
  private static let slopeRounds = 2
  /// Upright ink, in core heights, that speaks for no slant.
  private static let slantPrior = 2.0
  /// Segments within this cotangent of the present slant count as upright.
  private static let uprightLimit = 1.2

  /// The map to core heights, *y* downwards from the middle of the core.
  func map(for lines: [Polyline]) -> AffineMap {
    guard let first = lines.first(where: { !$0.xs.isEmpty }) else { return AffineMap() }
    var map = AffineMap(e: -first.xs[0], f: -first.ys[0])
    var ink = InkSamples(lines)
    ink.apply(map)
    if configuration.slope {
      for _ in 0..<Self.slopeRounds { turn(&ink, &map) }
    }
    if configuration.slant {
      for _ in 0..<Self.slopeRounds { shear(&ink, &map) }
    }
    let (unit, centre) = measure(ink)
    return map.then(AffineMap(a: 1 / unit, d: 1 / unit, f: -centre / unit))
  }

  /// The core height of a recording as it stands, above 0.
  static func coreHeight(of recording: PenRecording) -> Double {
    let lines = recording.strokes.map(Polyline.init).filter { !$0.xs.isEmpty }
    return StrokeNormalizer(configuration: StrokeFeatureConfiguration())
      .measure(InkSamples(lines)).unit
  }

  private func turn(_ ink: inout InkSamples, _ map: inout AffineMap) {
    let moments = ink.moments
    let spread = moments.xx + Self.slopePrior * moments.yy
    guard spread > 0 else { return }
    let slope = moments.xy / spread
    let cosine = 1 / (1 + slope * slope).squareRoot()
    let turn = AffineMap(a: cosine, b: slope * cosine, c: -slope * cosine, d: cosine)
    ink.apply(turn)
    map = map.then(turn)
  }

  private func shear(_ ink: inout InkSamples, _ map: inout AffineMap) {
    let (lower, upper) = ink.quartiles
    var (along, square) = (0.0, 0.0)
    for index in ink.xs.indices.dropFirst() where !ink.startsStroke[index] {
      let (dx, dy) = (ink.xs[index] - ink.xs[index - 1], ink.ys[index] - ink.ys[index - 1])
      guard abs(dx) <= Self.uprightLimit * abs(dy) else { continue }
      along += dx * dy
      square += dy * dy
    }
    let prior = ink.step * Self.slantPrior * 2 * (upper - lower)
    guard square + prior > 0 else { return }
    let shear = AffineMap(b: -along / (square + prior))
    ink.apply(shear)
    map = map.then(shear)
  }

  /// The core height, above 0, and the middle of the core.
  private func measure(_ ink: InkSamples) -> (unit: Double, centre: Double) {
    let (left, right) = (ink.xs.min() ?? 0, ink.xs.max() ?? 0)
    let (top, bottom) = (ink.ys.min() ?? 0, ink.ys.max() ?? 0)
    // Dashes and rows of dots have no height of their own; their width stands in for it.
    let flat = max(ink.flatness * ink.typicalSide / 8, (right - left) / 256)
    var unit = (bottom - top) / 2
    var centre = (top + bottom) / 2
    if configuration.size == .coreHeight {
      let (lower, upper) = ink.quartiles
      unit = max(2 * (upper - lower), (bottom - top) / 3)
      centre = (lower + upper) / 2
    }
    unit = max(unit, flat)
    return (unit > 0 ? unit : 1, centre)
  }
}

/// Points at equal distances along the ink of all strokes.
struct InkSamples {
  private(set) var xs: [Double] = []
  private(set) var ys: [Double] = []
  private(set) var startsStroke: [Bool] = []
  /// About the distance from one point to the next.
  private(set) var step: Double
  /// The median over strokes of the longer side of their rectangle.
  private(set) var typicalSide: Double

  private static let counts = 64...4096

  init(_ lines: [Polyline]) {
    let length = lines.reduce(0) { $0 + $1.length }
    let points = lines.reduce(0) { $0 + $1.xs.count }
    let wanted = min(max(4 * points, Self.counts.lowerBound), Self.counts.upperBound)
    step = length / Double(wanted)
    typicalSide = Self.median(
      lines.map { line in
        max(
          (line.xs.max() ?? 0) - (line.xs.min() ?? 0), (line.ys.max() ?? 0) - (line.ys.min() ?? 0))
      })
    for line in lines {
      let start = xs.count
      let intervals = step > 0 ? Int((line.length / step).rounded(.up)) : 0
      line.sample(intervals: intervals) { x, y, _ in
        xs.append(x)
        ys.append(y)
        startsStroke.append(xs.count - 1 == start)
      }
    }
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  mutating func apply(_ map: AffineMap) {
    for index in xs.indices { (xs[index], ys[index]) = map(xs[index], ys[index]) }
  }

  /// 1 for ink that only goes sideways, 0 for ink that goes up and down a quarter as far or more.
  var flatness: Double {
    var (along, up) = (0.0, 0.0)
    for index in xs.indices.dropFirst() where !startsStroke[index] {
      along += abs(xs[index] - xs[index - 1])
      up += abs(ys[index] - ys[index - 1])
    }
    return along > 0 ? max(0, 1 - 4 * up / along) : 0
  }

  /// The heights below which a quarter and three quarters of the ink lie.
  var quartiles: (Double, Double) {
    let sorted = ys.sorted()
    guard let last = sorted.indices.last else { return (0, 0) }
    func quantile(_ part: Double) -> Double {
      let place = part * Double(last)
      let below = Int(place)
      return sorted[below] + (place - Double(below))
        * (sorted[min(below + 1, last)] - sorted[below])
    }
    return (quantile(0.25), quantile(0.75))
  }

  /// Mean products of the coordinates less their means.
  var moments: (xx: Double, xy: Double, yy: Double) {
    let count = Double(max(1, xs.count))
    let (meanX, meanY) = (xs.reduce(0, +) / count, ys.reduce(0, +) / count)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for index in xs.indices {
      let (x, y) = (xs[index] - meanX, ys[index] - meanY)
      xx += x * x
      xy += x * y
      yy += y * y
    }
    return (xx / count, xy / count, yy / count)
  }
}

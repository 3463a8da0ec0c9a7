/// Gathers the strokes of a recording from a file, and checks their numbers and their number.
struct StrokeCollector {
  let file: String
  let limits: StrokeLimits
  private(set) var strokes: [Stroke] = []
  private var pointCount = 0
  private var start: Double?

  init(file: String, limits: StrokeLimits) {
    (self.file, self.limits) = (file, limits)
  }

  /// The index of the stroke that is written last.
  var last: Int { strokes.count - 1 }

  /// Begins a stroke.
  mutating func begin(line: Int) throws(StrokeError) {
    guard strokes.count < limits.strokes else {
      throw .tooMany(file: file, line: line, what: "strokes", limit: limits.strokes)
    }
    strokes.append(Stroke(points: []))
  }

  /// Appends a point to the stroke with an index, by default the last.
  ///
  /// Times become relative to the first, which keeps clocks that count since 1970 exact in 32 bits.
  mutating func add(
    x: Double, y: Double, time: Double?, pressure: Double?, to index: Int? = nil, line: Int
  ) throws(StrokeError) {
    guard pointCount < limits.points else {
      throw .tooMany(file: file, line: line, what: "points", limit: limits.points)
    }
    pointCount += 1
    var point = StrokePoint(x: try float(x, line), y: try float(y, line))
    if let time {
      if start == nil { start = time }
      point.time = try float(time - (start ?? 0), line)
    }
    if let pressure { point.pressure = Float(min(1, max(0, pressure))) }
    strokes[index ?? last].points.append(point)
  }

  /// Ends a stroke, which must have points.
  func end(line: Int) throws(StrokeError) {
    guard let stroke = strokes.last, !stroke.points.isEmpty else {
      throw .invalid(
        file: file, line: line, found: "a stroke without points", expected: "one point or more")
    }
  }

  private func float(_ value: Double, _ line: Int) throws(StrokeError) -> Float {
    let small = Float(value)
    guard small.isFinite else {
      throw .invalid(
        file: file, line: line, found: "the number \(value)",
        expected: "finite numbers below \(Float.greatestFiniteMagnitude)")
    }
    return small
  }
}

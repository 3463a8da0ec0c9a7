/// The way of the pen after normalisation: points at equal distances, in core heights, *y* upwards.
struct Trajectory {
  private(set) var xs: [Double] = []
  private(set) var ys: [Double] = []
  /// Whether the pen is on the paper.
  private(set) var isDown: [Bool] = []
  /// Speed over its mean; 0 where it is not known.
  private(set) var speeds: [Double] = []
  /// Whether a delayed stroke was taken out at this *x*.
  private(set) var hasHat: [Bool] = []
  /// The distance of neighbouring points on the paper that was aimed at.
  private(set) var step: Double
  /// From the recording to these coordinates.
  let map: AffineMap

  /// Recordings that would give more points get longer steps; none gives more than twice as many.
  static let maximumCount = 1 << 14

  init(_ recording: PenRecording, configuration: StrokeFeatureConfiguration) {
    step = Double(configuration.step)
    var lines = recording.strokes.map(Polyline.init).filter { !$0.xs.isEmpty }
    map = StrokeNormalizer(configuration: configuration).map(for: lines)
      .then(AffineMap(d: -1))
    for index in lines.indices { lines[index].apply(map) }
    let delayed = configuration.removesDelayedStrokes ? DelayedStrokes.find(in: lines) : []
    let kept = lines.indices.filter { !delayed.contains($0) }.map { lines[$0] }
    lay(kept, airStep: Double(configuration.airStep), timed: recording.hasTimes)
    mark(delayed.map { lines[$0] })
  }

  var count: Int { xs.count }

  private mutating func lay(_ lines: [Polyline], airStep: Double, timed: Bool) {
    let ink = lines.reduce(0) { $0 + $1.length }
    let mean = timed ? Self.meanSpeed(lines) : 0
    var air = 0.0
    for (line, next) in zip(lines, lines.dropFirst()) { air += Self.gap(line, next) }
    // Every stroke has its first point, and each interval is rounded to at least one.
    let expected = ink / step + (airStep > 0 ? air / airStep : 0) + 3 * Double(lines.count)
    let growth = max(1, expected / Double(Self.maximumCount))
    step *= growth
    for (index, line) in lines.enumerated() {
      if count >= Self.maximumCount { break }
      if index > 0, airStep > 0 { fly(lines[index - 1], line, airStep * growth) }
      draw(line, mean)
      if airStep == 0 { isDown[count - 1] = false }
    }
  }

  private mutating func draw(_ line: Polyline, _ mean: Double) {
    let intervals = line.length > 0 ? max(1, Int((line.length / step).rounded())) : 0
    let start = count
    var times: [Double] = []
    line.sample(intervals: intervals) { x, y, time in
      append(x, y, isDown: true)
      times.append(time)
    }
    guard mean > 0, intervals > 0 else { return }
    let spacing = line.length / Double(intervals)
    for index in times.indices {
      let (before, after) = (max(0, index - 1), min(times.count - 1, index + 1))
      let elapsed = times[after] - times[before]
      guard elapsed > 0 else { continue }
      speeds[start + index] = min(4, spacing * Double(after - before) / elapsed / mean)
    }
  }

  private mutating func fly(_ from: Polyline, _ to: Polyline, _ airStep: Double) {
    let (x0, y0) = (from.xs[from.xs.count - 1], from.ys[from.ys.count - 1])
    let between = max(1, Int((Self.gap(from, to) / airStep).rounded()) - 1)
    for number in 1...between {
      let part = Double(number) / Double(between + 1)
      append(x0 + part * (to.xs[0] - x0), y0 + part * (to.ys[0] - y0), isDown: false)
    }
  }

  private mutating func append(_ x: Double, _ y: Double, isDown down: Bool) {
    xs.append(x)
    ys.append(y)
    isDown.append(down)
    speeds.append(0)
    hasHat.append(false)
  }

  private mutating func mark(_ delayed: [Polyline]) {
    for line in delayed {
      guard let left = line.xs.min(), let right = line.xs.max() else { continue }
      for index in xs.indices where xs[index] >= left - 0.1 && xs[index] <= right + 0.1 {
        hasHat[index] = true
      }
    }
  }

  private static func gap(_ line: Polyline, _ next: Polyline) -> Double {
    let last = line.xs.count - 1
    let (dx, dy) = (next.xs[0] - line.xs[last], next.ys[0] - line.ys[last])
    return (dx * dx + dy * dy).squareRoot()
  }

  private static func meanSpeed(_ lines: [Polyline]) -> Double {
    var (length, duration) = (0.0, 0.0)
    for line in lines where line.length > 0 {
      length += line.length
      duration += max(0, line.times[line.times.count - 1] - line.times[0])
    }
    return duration > 0 ? length / duration : 0
  }
}

/// Finds the dots and bars that were set after the letters right of them had been written.
enum DelayedStrokes {
  /// The indices of small strokes wholly above the core and left of what was already written.
  static func find(in lines: [Polyline]) -> [Int] {
    var written = -Double.infinity
    var found: [Int] = []
    for (index, line) in lines.enumerated() {
      guard let left = line.xs.min(), let right = line.xs.max(), let top = line.ys.max(),
        let bottom = line.ys.min()
      else { continue }
      if right < written, bottom > 0.5, top - bottom < 1, right - left < 2 {
        found.append(index)
      } else {
        written = max(written, right)
      }
    }
    return found
  }
}

import Markup

/// Makes points of the channels of a trace: one scale for *x* and *y*, *y* downwards, seconds, 0...1.
struct InkMLPoint {
  private let x: Int
  private let y: Int
  private let time: Int?
  private let force: Int?
  private let scaleX: Double
  private let scaleY: Double
  private let secondsPerTick: Double
  private let timeBase: Double
  private let forceRange: ClosedRange<Double>

  init(
    _ context: InkMLContext, _ timestamps: [String: Double], _ element: MarkupElement,
    file: String, _ line: Int
  ) throws(StrokeError) {
    let format = context.format
    guard let x = format.index("X"), let y = format.index("Y"), max(x, y) < format.regularCount
    else {
      throw .invalid(
        file: file, line: line,
        found:
          "a trace of channels \(format.channels.prefix(8).map(\.name).joined(separator: " "))",
        expected: "X and Y among the regular channels")
    }
    (self.x, self.y) = (x, y)
    (scaleX, scaleY) = InkMLUnit.scales(format.channels[x], format.channels[y], context)
    time = format.index("T")
    force = format.index("F")
    let clock = time.map { format.channels[$0] }
    secondsPerTick = clock?.units.flatMap { InkMLUnit.times[$0] } ?? 1e-3
    let reference = clock?.respectTo.map { String($0.drop { $0 == "#" }) }
    timeBase = reference.flatMap { timestamps[$0] } ?? 0
    let pressure = force.map { format.channels[$0] }
    let isPercent = pressure?.units == "%"
    let (low, high) = (pressure?.minimum ?? 0, pressure?.maximum ?? (isPercent ? 100 : 1))
    forceRange = low < high ? low...high : 0...1
  }

  /// Appends the point that a trace has just completed.
  func add(
    _ trace: borrowing InkMLTrace, to collector: inout StrokeCollector, _ stroke: Int
  ) throws(StrokeError) {
    guard let x = trace.states[x].value, let y = trace.states[y].value else {
      throw .invalid(
        file: trace.file, line: trace.line, found: "a point without X or Y",
        expected: "values of both in the first point of a trace")
    }
    let seconds = time.flatMap { trace.states[$0].value }.map { timeBase + $0 * secondsPerTick }
    let pressure = force.flatMap { trace.states[$0].value }.map {
      ($0 - forceRange.lowerBound) / (forceRange.upperBound - forceRange.lowerBound)
    }
    try collector.add(
      x: x * scaleX, y: y * scaleY, time: seconds, pressure: pressure, to: stroke, line: trace.line)
  }
}

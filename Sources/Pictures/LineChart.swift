/// Curves over epochs or steps, such as loss and error rates.
public struct LineChart: VectorPicture {
  /// A vertical axis.
  public struct Axis: Sendable {
    /// What is measured, with its unit.
    public var title: String
    /// Whether equal ratios are equally far apart; values of 0 and less are then left out.
    public var logarithmic: Bool
    /// The values that the axis must cover besides those of its curves.
    public var including: [Double]

    /// An axis; a linear one starts at 0 if `including` says so.
    public init(_ title: String, logarithmic: Bool = false, including: [Double] = []) {
      (self.title, self.logarithmic, self.including) = (title, logarithmic, including)
    }
  }

  /// The axis that a curve belongs to.
  public enum Side: Sendable {
    /// The axis on the left.
    case left
    /// The axis on the right; its curves are dashed.
    case right
  }

  /// One curve.
  public struct Series: Sendable {
    /// Its name in the legend.
    public var name: String
    /// Where its points stand along the horizontal axis, in order.
    public var x: [Double]
    /// The value of each point; where it is not finite, the curve is interrupted.
    public var y: [Double]
    /// Its axis.
    public var side: Side

    /// A curve through the points of `x` and `y`.
    public init(_ name: String, x: [Double], y: [Double], on side: Side = .left) {
      precondition(
        x.count == y.count, "LineChart.Series: \(x.count) places for \(y.count) values")
      (self.name, self.x, self.y, self.side) = (name, x, y, side)
    }
  }

  /// The area between two curves of the left axis, such as the range that a forecast is likely in.
  public struct Band: Sendable {
    /// Its name in the legend.
    public var name: String
    /// Where its points stand along the horizontal axis, in order.
    public var x: [Double]
    /// The lower bound at each point.
    public var low: [Double]
    /// The upper bound at each point.
    public var high: [Double]
    /// The curve whose colour it has, by its place in the list.
    public var series: Int
    /// How much it covers what lies below, 0...1.
    public var opacity: Double

    /// An area between the bounds at `x`; where one of them is not finite, it is interrupted.
    public init(
      _ name: String, x: [Double], low: [Double], high: [Double], colorOf series: Int,
      opacity: Double = 0.2
    ) {
      precondition(
        x.count == low.count && x.count == high.count,
        "LineChart.Band: \(x.count) places for \(low.count) and \(high.count) bounds")
      (self.name, self.x, self.low, self.high) = (name, x, low, high)
      (self.series, self.opacity) = (series, opacity)
    }
  }

  /// A place of the horizontal axis with words instead of a number, such as a date.
  public struct Mark: Sendable {
    /// The place.
    public var x: Double
    /// The words.
    public var label: String

    /// Words at a place.
    public init(_ x: Double, _ label: String) { (self.x, self.label) = (x, label) }
  }

  /// The line over the picture.
  public var title: String
  /// What the horizontal axis counts.
  public var xTitle: String
  /// The axis on the left.
  public var left: Axis
  /// The axis on the right, drawn if a curve belongs to it.
  public var right: Axis
  /// The curves, in the order of the legend.
  public var series: [Series]
  /// Areas behind the curves, each over those before it.
  public var bands: [Band] = []
  /// What stands along the horizontal axis; numbers where there is nothing.
  public var marks: [Mark] = []
  /// The width of the picture in pixels.
  public var width = 1000
  /// The height of the picture in pixels.
  public var height = 600

  /// A chart of these curves.
  public init(
    title: String, xTitle: String, left: Axis, right: Axis = Axis(""), series: [Series]
  ) {
    (self.title, self.xTitle, self.left, self.right) = (title, xTitle, left, right)
    self.series = series
  }

  /// Draws the chart.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) { (width, height) }

  func draw(on canvas: Canvas) -> [String: Rectangle] {
    precondition(
      (200...16_000).contains(width) && (150...16_000).contains(height),
      "LineChart: \(width) × \(height) pixels, expected 200...16000 × 150...16000")
    let layout = LineChartLayout(self, canvas)
    layout.drawAxes()
    layout.drawLegend()
    layout.drawBands()
    layout.drawCurves()
    return ["curves": layout.plot]
  }
}

/// What a name of the legend belongs to, by its place in the list.
private enum LegendEntry {
  case curve(Int)
  case band(Int)

  var index: Int {
    switch self {
    case .curve(let index), .band(let index): index
    }
  }
}

/// A chart with its scales and its places on the canvas.
private struct LineChartLayout {
  let chart: LineChart
  let canvas: Canvas
  let x: Scale
  let left: Scale
  let right: Scale?
  let legend: [(entry: LegendEntry, place: Point)]
  let plot: Rectangle

  private static let small = Canvas.Style(size: 13, color: .faintInk)
  private static let swatch = 26.0

  init(_ chart: LineChart, _ canvas: Canvas) {
    (self.chart, self.canvas) = (chart, canvas)
    let xs = chart.series.flatMap(\.x) + chart.bands.flatMap(\.x)
    x = Scale(
      covering: xs, count: chart.width / 110, whole: xs.allSatisfy { $0 == $0.rounded() },
      rounded: false)
    left = Self.scale(chart, .left, chart.left)
    right =
      chart.series.contains { $0.side == .right } ? Self.scale(chart, .right, chart.right) : nil
    legend = Self.legend(chart, canvas)
    func margin(_ scale: Scale, _ title: String) -> Double {
      let labels = scale.ticks.map { canvas.width(of: $0.label, Self.small) }.max() ?? 0
      return labels + 26 + (title.isEmpty ? 0 : 24)
    }
    let top = (legend.last?.place.y ?? 36) + 26
    let from = margin(left, chart.left.title).rounded()
    let to = Double(chart.width) - (right.map { margin($0, chart.right.title) } ?? 30).rounded()
    plot = Rectangle(x: from, y: top, width: to - from, height: Double(chart.height) - top - 62)
  }

  private static func scale(
    _ chart: LineChart, _ side: LineChart.Side, _ axis: LineChart.Axis
  ) -> Scale {
    let curves = chart.series.filter { $0.side == side }.flatMap(\.y)
    let bounds = side == .left ? chart.bands.flatMap { $0.low + $0.high } : []
    let values = curves + bounds
    return Scale(
      covering: values + axis.including, axis.logarithmic ? .logarithmic : .linear,
      count: max(3, chart.height / 90))
  }

  /// Names one after another, on as many lines as they need.
  private static func legend(_ chart: LineChart, _ canvas: Canvas) -> [(LegendEntry, Point)] {
    var place = Point(x: 24, y: 62)
    let entries =
      chart.series.indices.map { LegendEntry.curve($0) }
      + chart.bands.indices.map { LegendEntry.band($0) }
    return entries.map { entry in
      let width = swatch + 8 + canvas.width(of: name(chart, entry), small) + 24
      if place.x > 24, place.x + width > Double(chart.width) {
        place = Point(x: 24, y: place.y + 22)
      }
      defer { place.x += width }
      return (entry, place)
    }
  }

  private static func name(_ chart: LineChart, _ entry: LegendEntry) -> String {
    guard case .curve(let index) = entry else { return chart.bands[entry.index].name }
    let series = chart.series[index]
    return series.side == .right ? series.name + " (right)" : series.name
  }

  func drawLegend() {
    canvas.text(chart.title, at: Point(x: 24, y: 30), .start, .init(size: 18, bold: true))
    for (entry, place) in legend {
      let end = Point(x: place.x + Self.swatch, y: place.y)
      switch entry {
      case .curve(let index):
        canvas.line([place, end], color(index), width: 2.5, dash: dash(index))
      case .band(let index):
        let box = Rectangle(x: place.x, y: place.y - 6, width: Self.swatch, height: 12)
        canvas.fill(box, color(chart.bands[index].series), opacity: chart.bands[index].opacity)
      }
      canvas.text(
        Self.name(chart, entry), at: Point(x: end.x + 8, y: place.y), .start, .init(size: 13))
    }
  }

  func drawAxes() {
    for tick in left.ticks {
      guard let y = height(tick.value, left) else { continue }
      canvas.line([Point(x: plot.x, y: y), Point(x: plot.maxX, y: y)], .grid)
      canvas.text(tick.label, at: Point(x: plot.x - 10, y: y), .end, Self.small)
    }
    for tick in right?.ticks ?? [] {
      guard let right, let y = height(tick.value, right) else { continue }
      canvas.line([Point(x: plot.maxX, y: y), Point(x: plot.maxX + 5, y: y)], .frame)
      canvas.text(tick.label, at: Point(x: plot.maxX + 10, y: y), .start, Self.small)
    }
    let marks =
      chart.marks.isEmpty ? x.ticks.map { LineChart.Mark($0.value, $0.label) } : chart.marks
    for tick in marks where x.range.contains(tick.x) {
      guard let x = across(tick.x) else { continue }
      canvas.line([Point(x: x, y: plot.y), Point(x: x, y: plot.maxY)], .grid)
      canvas.line([Point(x: x, y: plot.maxY), Point(x: x, y: plot.maxY + 5)], .frame)
      canvas.text(tick.label, at: Point(x: x, y: plot.maxY + 18), .middle, Self.small)
    }
    canvas.outline(plot, .frame)
    let middle = plot.y + plot.height / 2
    canvas.text(chart.left.title, at: Point(x: 20, y: middle), turned: true)
    if right != nil {
      canvas.text(
        chart.right.title, at: Point(x: Double(chart.width) - 20, y: middle), turned: true)
    }
    canvas.text(
      chart.xTitle, at: Point(x: plot.x + plot.width / 2, y: Double(chart.height) - 20))
  }

  /// The plot and room for the dots at its edge.
  private var frame: Rectangle {
    Rectangle(x: plot.x - 4, y: plot.y - 4, width: plot.width + 8, height: plot.height + 8)
  }

  func drawBands() {
    canvas.clipped(to: frame) {
      for band in chart.bands {
        let bounds = band.x.indices.map { index -> (low: Point, high: Point)? in
          guard let x = across(band.x[index]), let low = height(band.low[index], left),
            let high = height(band.high[index], left)
          else { return nil }
          return (Point(x: x, y: low), Point(x: x, y: high))
        }
        for run in bounds.split(whereSeparator: { $0 == nil }) {
          let run = run.compactMap { $0 }
          canvas.fill(
            run.map(\.low) + run.reversed().map(\.high), color(band.series), opacity: band.opacity)
        }
      }
    }
  }

  func drawCurves() {
    canvas.clipped(to: frame) {
      for (index, series) in chart.series.enumerated() {
        let runs = self.runs(series)
        let marked = series.x.count <= 50
        for run in runs {
          canvas.line(run, color(index), width: marked ? 2.2 : 1.3, dash: dash(index))
          guard marked || run.count == 1 else { continue }
          for point in run { canvas.dot(point, radius: 3, color(index)) }
        }
      }
    }
  }

  /// The stretches of a curve that have a place, in pixels.
  private func runs(_ series: LineChart.Series) -> [[Point]] {
    let scale = series.side == .left ? left : right ?? left
    let places = zip(series.x, series.y).map { point -> Point? in
      guard let x = across(point.0), let y = height(point.1, scale) else { return nil }
      return Point(x: x, y: y)
    }
    return places.split { $0 == nil }.map { thinned($0.compactMap { $0 }) }
  }

  /// At most four points for each pixel across: of each stretch the lowest and the highest.
  private func thinned(_ points: [Point]) -> [Point] {
    let length = (points.count + 2 * Int(plot.width) - 1) / (2 * Int(plot.width))
    guard length > 2 else { return points }
    return stride(from: 0, to: points.count, by: length).flatMap { start -> [Point] in
      let part = points[start..<min(start + length, points.count)].enumerated()
      guard let low = part.min(by: { $0.element.y < $1.element.y }),
        let high = part.max(by: { $0.element.y < $1.element.y })
      else { return [] }
      return low.offset < high.offset
        ? [low.element, high.element] : [high.element, low.element]
    }
  }

  private func across(_ value: Double) -> Double? {
    x.fraction(value).map { plot.x + $0 * plot.width }
  }

  private func height(_ value: Double, _ scale: Scale) -> Double? {
    scale.fraction(value).map { plot.maxY - $0 * plot.height }
  }

  private func color(_ index: Int) -> Color { Color.series[index % Color.series.count] }

  private func dash(_ index: Int) -> [Double] { chart.series[index].side == .right ? [7, 4] : [] }
}

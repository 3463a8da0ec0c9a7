/// Lengths side by side, such as how long several libraries take for the same work.
public struct BarChart: VectorPicture {
  /// One length.
  public struct Bar: Sendable {
    /// What it belongs to, written before it.
    public var name: String
    /// Its length; a bar that is not finite or below 0 has only its name and its note.
    public var value: Double
    /// What its length varies between, drawn as a whisker.
    public var spread: ClosedRange<Double>?
    /// A text behind it.
    public var note: String
    /// Which of ``Color/series`` it has; beyond the last, they begin again.
    public var color: Int

    /// A bar of this length.
    public init(
      _ name: String, _ value: Double, spread: ClosedRange<Double>? = nil, note: String = "",
      color: Int = 0
    ) {
      precondition(color >= 0, "BarChart.Bar: colour \(color), expected 0 or more")
      (self.name, self.value, self.spread, self.note) = (name, value, spread, note)
      self.color = color
    }
  }

  /// Bars that are compared with each other.
  public struct Group: Sendable {
    /// The line over the bars.
    public var name: String
    /// The bars from top to bottom.
    public var bars: [Bar]

    /// A group of these bars.
    public init(_ name: String, _ bars: [Bar]) { (self.name, self.bars) = (name, bars) }
  }

  /// The line over the picture.
  public var title: String
  /// What the lengths measure.
  public var axisTitle: String
  /// The groups from top to bottom.
  public var groups: [Group]
  /// A length that is marked by a line across all groups.
  public var reference: Double?
  /// The width of the picture in pixels.
  public var width = 860

  /// A chart of these groups, as high as they need.
  public init(title: String, axisTitle: String, groups: [Group], reference: Double? = nil) {
    (self.title, self.axisTitle) = (title, axisTitle)
    (self.groups, self.reference) = (groups, reference)
  }

  /// Draws the chart.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) { (width, BarChartLayout.height(of: self)) }

  func draw(on canvas: Canvas) -> [String: Rectangle] {
    precondition(
      (300...16_000).contains(width), "BarChart: \(width) pixels wide, expected 300...16000")
    let layout = BarChartLayout(self, canvas)
    layout.drawAxis()
    layout.drawGroups()
    return ["bars": layout.plot]
  }
}

/// A chart with its scale and its places on the canvas.
private struct BarChartLayout {
  let chart: BarChart
  let canvas: Canvas
  let scale: Scale
  let plot: Rectangle

  private static let small = Canvas.Style(size: 12, color: .faintInk)
  private static let nameStyle = Canvas.Style(size: 12)
  private static let top = 52.0
  private static let bottom = 50.0
  private static let groupNameHeight = 24.0
  private static let rowHeight = 19.0
  private static let groupGap = 10.0

  static func height(of chart: BarChart) -> Int {
    Int(top + bottom + chart.groups.reduce(0) { $0 + height(of: $1) })
  }

  private static func height(of group: BarChart.Group) -> Double {
    groupNameHeight + rowHeight * Double(group.bars.count) + groupGap
  }

  init(_ chart: BarChart, _ canvas: Canvas) {
    (self.chart, self.canvas) = (chart, canvas)
    let bars = chart.groups.flatMap(\.bars)
    let ends = bars.map(\.value) + bars.compactMap(\.spread?.upperBound) + [chart.reference ?? 0]
    scale = Scale(
      covering: [0] + ends.filter { $0.isFinite && $0 > 0 }, count: max(2, chart.width / 140))
    let names = bars.map { canvas.width(of: $0.name, Self.nameStyle) }.max() ?? 0
    let notes = bars.map { canvas.width(of: $0.note, Self.small) }.max() ?? 0
    // Long texts never push the bars out of the picture.
    let left = min(36 + names, 0.45 * Double(chart.width)).rounded()
    let right = min(24 + notes, 0.25 * Double(chart.width)).rounded()
    plot = Rectangle(
      x: left, y: Self.top, width: Double(chart.width) - left - right,
      height: Double(Self.height(of: chart)) - Self.top - Self.bottom)
  }

  func drawAxis() {
    canvas.text(chart.title, at: Point(x: 24, y: 28), .start, .init(size: 17, bold: true))
    for tick in scale.ticks {
      guard let x = across(tick.value) else { continue }
      canvas.line([Point(x: x, y: plot.y), Point(x: x, y: plot.maxY)], .grid)
      canvas.text(tick.label, at: Point(x: x, y: plot.maxY + 14), .middle, Self.small)
    }
    canvas.text(
      chart.axisTitle, at: Point(x: plot.x + plot.width / 2, y: plot.maxY + 34), .middle,
      Self.nameStyle)
  }

  func drawGroups() {
    var y = plot.y
    for group in chart.groups {
      canvas.text(
        group.name, at: Point(x: 24, y: y + Self.groupNameHeight / 2), .start,
        .init(size: 13, bold: true))
      for (index, bar) in group.bars.enumerated() {
        let upper = y + Self.groupNameHeight + Double(index) * Self.rowHeight
        draw(bar, middle: upper + Self.rowHeight / 2)
      }
      y += Self.height(of: group)
    }
    if let reference = chart.reference, let x = across(reference) {
      canvas.line([Point(x: x, y: plot.y), Point(x: x, y: plot.maxY)], .ink, dash: [4, 3])
    }
  }

  private func draw(_ bar: BarChart.Bar, middle y: Double) {
    canvas.text(bar.name, at: Point(x: plot.x - 8, y: y), .end, Self.nameStyle)
    var end = plot.x
    if bar.value >= 0, let x = across(bar.value) {
      let thickness = Self.rowHeight - 5
      canvas.fill(
        Rectangle(x: plot.x, y: y - thickness / 2, width: x - plot.x, height: thickness),
        Color.series[bar.color % Color.series.count])
      end = x
    }
    if let spread = bar.spread, let from = across(spread.lowerBound),
      let to = across(spread.upperBound)
    {
      canvas.line([Point(x: from, y: y), Point(x: to, y: y)], .ink)
      for x in [from, to] { canvas.line([Point(x: x, y: y - 3), Point(x: x, y: y + 3)], .ink) }
      end = max(end, to)
    }
    canvas.text(bar.note, at: Point(x: end + 8, y: y), .start, Self.small)
  }

  private func across(_ value: Double) -> Double? {
    scale.fraction(value).map { plot.x + $0 * plot.width }
  }
}

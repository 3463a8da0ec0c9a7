/// How often words are right against how sure the recogniser was of them.
///
/// Bars show the share of right words in each bin of confidence, the diagonal what it should be; below
/// stand the numbers of words (Murphy and Winkler 1977).
public struct ReliabilityDiagram: VectorPicture {
  /// Words of similar confidence.
  public struct Bin: Sendable, Equatable {
    /// The lowest confidence that belongs to it.
    public var lower: Double
    /// The highest.
    public var upper: Double
    /// The number of words.
    public var count: Int
    /// Their mean confidence.
    public var confidence: Double
    /// The share of right ones.
    public var accuracy: Double

    /// A bin from `lower` to `upper`, all shares in `0...1`.
    public init(lower: Double, upper: Double, count: Int, confidence: Double, accuracy: Double) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
      (self.confidence, self.accuracy) = (confidence, accuracy)
    }
  }

  /// Bins of one kind of confidence, beside which others stand.
  public struct Panel: Sendable {
    /// The line over the panel.
    public var title: String
    /// The bins, ascending; those without words are left empty.
    public var bins: [Bin]

    /// A panel of these bins.
    public init(title: String, bins: [Bin]) { (self.title, self.bins) = (title, bins) }
  }

  /// The line over the picture.
  public var title: String
  /// The panels from left to right.
  public var panels: [Panel]

  /// A diagram of these panels.
  public init(title: String, panels: [Panel]) { (self.title, self.panels) = (title, panels) }

  /// Draws the diagram.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) {
    (max(1, panels.count) * Int(PanelLayout.width), Int(PanelLayout.height))
  }

  /// The plots are called `accuracy 0`, `count 0`, `accuracy 1` and so on.
  func draw(on canvas: Canvas) -> [String: Rectangle] {
    precondition(
      panels.count <= 30, "ReliabilityDiagram: \(panels.count) panels, expected at most 30")
    canvas.text(title, at: Point(x: 24, y: 30), .start, .init(size: 18, bold: true))
    var plots: [String: Rectangle] = [:]
    for (index, panel) in panels.enumerated() {
      let layout = PanelLayout(panel, canvas, left: Double(index) * PanelLayout.width)
      layout.draw()
      plots["accuracy \(index)"] = layout.upper
      plots["count \(index)"] = layout.lower
    }
    return plots
  }
}

/// A panel with its places on the canvas.
private struct PanelLayout {
  static let width = 480.0
  static let height = 620.0

  let panel: ReliabilityDiagram.Panel
  let canvas: Canvas
  /// Where the shares stand.
  let upper: Rectangle
  /// Where the numbers stand.
  let lower: Rectangle
  private let share = Scale(covering: [0, 1], count: 5)
  private let counts: Scale

  private static let small = Canvas.Style(size: 12, color: .faintInk)

  init(_ panel: ReliabilityDiagram.Panel, _ canvas: Canvas, left: Double) {
    (self.panel, self.canvas) = (panel, canvas)
    upper = Rectangle(x: left + 76, y: 84, width: 376, height: 340)
    lower = Rectangle(x: left + 76, y: 444, width: 376, height: 104)
    counts = Scale(covering: [0] + panel.bins.map { Double($0.count) }, count: 3, whole: true)
  }

  func draw() {
    canvas.text(
      panel.title, at: Point(x: upper.x, y: upper.y - 18), .start, .init(size: 13, bold: true))
    grid(upper, share, title: "share of right words")
    grid(lower, counts, title: "words")
    for bin in panel.bins where bin.count > 0 { draw(bin) }
    canvas.line(
      [Point(x: upper.x, y: upper.maxY), Point(x: upper.maxX, y: upper.y)], .ink, width: 1.2,
      dash: [5, 4])
    for bin in panel.bins where bin.count > 0 {
      if let x = across(bin.confidence), let y = height(bin.accuracy, share, upper) {
        canvas.dot(Point(x: x, y: y), radius: 3.5, .ink)
      }
    }
    canvas.outline(upper, .frame)
    canvas.outline(lower, .frame)
    for tick in share.ticks {
      guard let x = across(tick.value) else { continue }
      canvas.text(tick.label, at: Point(x: x, y: lower.maxY + 16), .middle, Self.small)
    }
    canvas.text("confidence", at: Point(x: upper.x + upper.width / 2, y: lower.maxY + 38))
    legend()
  }

  private func legend() {
    var x = upper.x
    for (name, color, opacity) in [
      ("share of right words", Color.series[0], 1),
      ("difference to the confidence", Color.series[1], 0.55),
    ] {
      canvas.fill(
        Rectangle(x: x, y: lower.maxY + 53, width: 12, height: 10), color, opacity: opacity)
      canvas.text(name, at: Point(x: x + 18, y: lower.maxY + 58), .start, Self.small)
      x += 18 + canvas.width(of: name, Self.small) + 22
    }
  }

  private func grid(_ plot: Rectangle, _ scale: Scale, title: String) {
    for tick in scale.ticks {
      guard let y = height(tick.value, scale, plot) else { continue }
      canvas.line([Point(x: plot.x, y: y), Point(x: plot.maxX, y: y)], .grid)
      canvas.text(tick.label, at: Point(x: plot.x - 8, y: y), .end, Self.small)
    }
    for tick in share.ticks {
      guard let x = across(tick.value) else { continue }
      canvas.line([Point(x: x, y: plot.y), Point(x: x, y: plot.maxY)], .grid)
    }
    canvas.text(
      title, at: Point(x: plot.x - 58, y: plot.y + plot.height / 2), .middle, .init(size: 12),
      turned: true)
  }

  /// The bar of a bin, its number, and how far the bar is from the diagonal.
  private func draw(_ bin: ReliabilityDiagram.Bin) {
    guard let left = across(bin.lower), let right = across(bin.upper),
      let top = height(bin.accuracy, share, upper),
      let ideal = height(bin.confidence, share, upper),
      let number = height(Double(bin.count), counts, lower)
    else { return }
    let (x, width) = (left + 1, max(1, right - left - 2))
    canvas.fill(
      Rectangle(x: x, y: top, width: width, height: upper.maxY - top), Color.series[0])
    canvas.fill(
      Rectangle(x: x, y: min(top, ideal), width: width, height: abs(top - ideal)),
      Color.series[1], opacity: 0.55)
    canvas.fill(
      Rectangle(x: x, y: number, width: width, height: lower.maxY - number), Color.series[5])
  }

  private func across(_ value: Double) -> Double? {
    share.fraction(value).map { upper.x + $0 * upper.width }
  }

  private func height(_ value: Double, _ scale: Scale, _ plot: Rectangle) -> Double? {
    scale.fraction(value).map { plot.maxY - $0 * plot.height }
  }
}

/// A line of writing as a network sees it, with the letters that were read above their columns.
public struct LinePicture: Picture {
  /// A letter and the columns that say it.
  public struct Mark: Sendable, Equatable {
    /// The letter.
    public var text: String
    /// The first column.
    public var start: Double
    /// The column after the last one.
    public var end: Double
    /// How sure the decoder was, in `0...1`.
    public var confidence: Float

    /// A letter over columns.
    public init(text: String, start: Double, end: Double, confidence: Float) {
      (self.text, self.start, self.end) = (text, start, end)
      self.confidence = confidence
    }
  }

  /// What stands above the picture.
  public var title: String
  /// The line.
  public var line: GrayRaster
  /// The letters.
  public var marks: [Mark]
  /// Rows of numbers below the line, such as features: a name, and a value for each column.
  public var rows: [(name: String, values: [Float])] = []

  /// A line with its letters.
  public init(title: String, line: GrayRaster, marks: [Mark] = []) {
    (self.title, self.line, self.marks) = (title, line, marks)
  }

  private static let border = 12.0
  private static let titleHeight = 26.0
  private static let letterHeight = 34.0
  private static let rowHeight = 16.0
  /// Cairo's surfaces end at 32,767 pixels.
  private static let widest = 32_000

  /// Draws the picture.
  public func draw() throws(PictureError) -> Drawing {
    let names = try nameWidth()
    let room = Self.widest - Int(2 * Self.border + names)
    guard line.width <= room else {
      throw .drawing(reason: "\(line.width) columns, expected at most \(room)")
    }
    let scale = max(1, min(3, room / line.width))
    let plot = Rectangle(
      x: Self.border + names, y: Self.titleHeight + Self.letterHeight,
      width: Double(line.width * scale), height: Double(line.height * scale))
    let lower = rows.isEmpty ? 0 : Self.rowHeight * Double(rows.count) + Self.border
    let surface = try Surface(
      width: Int(max(plot.maxX + Self.border, 240)), height: Int(plot.maxY + Self.border + lower))
    let canvas = try Canvas(surface)
    canvas.text(
      title, at: Point(x: Self.border, y: Self.titleHeight / 2), .start,
      Canvas.Style(size: 13, bold: true))
    canvas.paint(try line.surface(scale: scale), at: Point(x: plot.x, y: plot.y))
    canvas.outline(plot, .frame)
    for mark in marks { draw(mark, canvas, plot, Double(scale)) }
    for (index, row) in rows.enumerated() {
      let y = plot.maxY + Self.border + Double(index) * Self.rowHeight
      draw(row, canvas, Rectangle(x: plot.x, y: y, width: plot.width, height: Self.rowHeight))
    }
    try canvas.finish()
    return Drawing(surface: surface, plots: ["line": plot])
  }

  private func nameWidth() throws(PictureError) -> Double {
    guard !rows.isEmpty else { return 0 }
    let canvas = try Canvas(try Surface(width: 1, height: 1))
    let widths = rows.map { canvas.width(of: $0.name, Canvas.Style(size: 11)) }
    return (widths.max() ?? 0) + 8
  }

  private func draw(
    _ mark: Mark, _ canvas: Canvas, _ plot: Rectangle, _ scale: Double
  ) {
    let color = ColorMap.confidence[mark.confidence]
    let (left, right) = (plot.x + mark.start * scale, plot.x + mark.end * scale)
    canvas.fill(
      Rectangle(x: left, y: plot.y, width: max(1, right - left), height: plot.height), color,
      opacity: 0.22)
    canvas.fill(
      Rectangle(x: left, y: plot.y - 4, width: max(1, right - left), height: 4), color)
    let text = mark.text == " " ? "␣" : mark.text
    canvas.text(
      text, at: Point(x: (left + right) / 2, y: plot.y - Self.letterHeight / 2), .middle,
      Canvas.Style(size: 15))
  }

  /// A row of numbers, its own range spread over the colours.
  private func draw(
    _ row: (name: String, values: [Float]), _ canvas: Canvas, _ box: Rectangle
  ) {
    canvas.text(
      row.name, at: Point(x: box.x - 6, y: box.y + box.height / 2), .end,
      Canvas.Style(size: 11, color: .faintInk))
    let finite = row.values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let step = box.width / Double(max(1, row.values.count))
    for (column, value) in row.values.enumerated() {
      let share = high > low ? (value - low) / (high - low) : 0
      canvas.fill(
        Rectangle(
          x: box.x + Double(column) * step, y: box.y + 1, width: step + 0.5,
          height: box.height - 2),
        ColorMap.ember[share])
    }
  }
}

/// The picture of a page with its lines outlined and numbered in the order of reading.
public struct LayoutPicture: Picture {
  /// A line of the page.
  public struct Line: Sendable {
    /// The corners of its outline, in pixels of the page.
    public var outline: [(x: Double, y: Double)]
    /// Where its number stands.
    public var label: (x: Double, y: Double)

    /// A line with its outline and the place of its number.
    public init(outline: [(x: Double, y: Double)], label: (x: Double, y: Double)) {
      (self.outline, self.label) = (outline, label)
    }
  }

  /// The page.
  public var page: GrayRaster
  /// Its lines in the order of reading.
  public var lines: [Line]

  /// A page and its lines.
  public init(page: GrayRaster, lines: [Line]) { (self.page, self.lines) = (page, lines) }

  /// Draws the picture.
  public func draw() throws(PictureError) -> Drawing {
    let surface = try Surface(width: page.width, height: page.height)
    let canvas = try Canvas(surface)
    canvas.paint(try page.surface(scale: 1), at: Point(x: 0, y: 0))
    // Legible on a page of any resolution.
    let unit = Double(max(page.width, page.height)) / 1200
    for (index, line) in lines.enumerated() {
      let color = Color.series[index % Color.series.count]
      let corners = line.outline.map { Point(x: $0.x, y: $0.y) }
      canvas.line(corners + corners.prefix(1), color, width: max(1, 1.5 * unit))
      let size = max(11, 16 * unit)
      let style = Canvas.Style(size: size, bold: true, color: color)
      let place = Point(x: max(size, line.label.x), y: max(size / 2, line.label.y))
      canvas.text("\(index + 1)", at: place, .end, style)
    }
    try canvas.finish()
    return Drawing(
      surface: surface,
      plots: [
        "page": Rectangle(
          x: 0, y: 0, width: Double(page.width), height: Double(page.height))
      ])
  }
}

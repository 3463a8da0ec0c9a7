/// A plane of two features: what a classifier takes each place for, and the examples on it.
///
/// Places are coloured by class, the paler the less certain; a line runs between classes. An example
/// that the classifier gets wrong has a ring.
public struct DecisionPicture: VectorPicture {
  /// An example.
  public struct Example: Sendable, Equatable {
    /// The first feature.
    public var x: Double
    /// The second feature.
    public var y: Double
    /// The class, an index of the classes.
    public var label: Int
    /// Whether it is taken for another class.
    public var isWrong: Bool

    /// An example of a class.
    public init(x: Double, y: Double, label: Int, isWrong: Bool) {
      (self.x, self.y, self.label, self.isWrong) = (x, y, label, isWrong)
    }
  }

  /// A grid of places, for which a classifier is asked.
  public struct Plane: Sendable, Equatable {
    /// What the first feature covers.
    public let x: ClosedRange<Double>
    /// What the second feature covers.
    public let y: ClosedRange<Double>
    /// Places from left to right.
    public let columnCount: Int
    /// Places from top to bottom.
    public let rowCount: Int

    /// A plane around examples, with a margin.
    public init(x: [Double], y: [Double], columnCount: Int = 280, rowCount: Int = 240) {
      precondition(
        columnCount > 0 && rowCount > 0, "DecisionPicture.Plane: \(columnCount) × \(rowCount)")
      (self.x, self.y) = (Self.around(x), Self.around(y))
      (self.columnCount, self.rowCount) = (columnCount, rowCount)
    }

    private static func around(_ values: [Double]) -> ClosedRange<Double> {
      let finite = values.filter(\.isFinite)
      guard let low = finite.min(), let high = finite.max() else { return 0...1 }
      let room = high > low ? 0.12 * (high - low) : max(1, 0.1 * abs(high))
      return low - room...high + room
    }

    /// The features of each place, rows from the top.
    public var places: [(x: Double, y: Double)] {
      let stepX = (x.upperBound - x.lowerBound) / Double(columnCount)
      let stepY = (y.upperBound - y.lowerBound) / Double(rowCount)
      var places: [(x: Double, y: Double)] = []
      for row in 0..<rowCount {
        let placeY = y.upperBound - stepY * (Double(row) + 0.5)
        for column in 0..<columnCount {
          places.append((x.lowerBound + stepX * (Double(column) + 0.5), placeY))
        }
      }
      return places
    }
  }

  /// The line over the picture.
  public var title: String
  /// The name of the first feature.
  public var xTitle: String
  /// The name of the second feature.
  public var yTitle: String
  /// The names of the classes.
  public var classes: [String]
  /// The examples.
  public var examples: [Example]
  /// Where the classifier was asked.
  public let plane: Plane
  /// The class of each place.
  public let labels: [Int]
  /// How certain it is, 0...1.
  public let certainties: [Float]

  /// A picture of these answers and examples.
  public init(
    title: String, xTitle: String, yTitle: String, classes: [String], examples: [Example],
    plane: Plane, labels: [Int], certainties: [Float]
  ) {
    let count = plane.columnCount * plane.rowCount
    precondition(
      labels.count == count && certainties.count == count,
      "DecisionPicture: \(labels.count) labels and \(certainties.count) certainties for "
        + "\(count) places")
    (self.title, self.xTitle, self.yTitle) = (title, xTitle, yTitle)
    (self.classes, self.examples) = (classes, examples)
    (self.plane, self.labels, self.certainties) = (plane, labels, certainties)
  }

  /// Draws the picture.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) {
    (Int(Self.left) + 2 * plane.columnCount + 30, Int(Self.top) + 2 * plane.rowCount + 66)
  }

  private static let left = 76.0
  private static let top = 84.0

  func draw(on canvas: Canvas) -> [String: Rectangle] {
    let plot = Rectangle(
      x: Self.left, y: Self.top, width: 2 * Double(plane.columnCount),
      height: 2 * Double(plane.rowCount))
    canvas.text(title, at: Point(x: 24, y: 28), .start, .init(size: 17, bold: true))
    drawLegend(canvas)
    drawRegions(canvas, plot)
    drawBoundary(canvas, plot)
    drawAxes(canvas, plot)
    canvas.clipped(to: plot) { drawExamples(canvas, plot) }
    canvas.outline(plot, .frame)
    return ["plane": plot]
  }

  /// The colour of a class; beyond six, hues around the circle.
  private func color(_ label: Int) -> Color {
    guard classes.count > Color.series.count else { return Color.series[label] }
    return .oklch(
      lightness: label.isMultiple(of: 2) ? 0.58 : 0.7, chroma: 0.15,
      hue: 360 * Double(label) / Double(classes.count))
  }

  /// Runs of equal colour along each row.
  private func drawRegions(_ canvas: Canvas, _ plot: Rectangle) {
    func shade(_ index: Int) -> Int { Int(4 * max(0, min(0.999, certainties[index]))) }
    for row in 0..<plane.rowCount {
      let first = row * plane.columnCount
      var start = 0
      for column in 1...plane.columnCount {
        let isEnd = column == plane.columnCount
        let (a, b) = (first + start, first + column)
        if !isEnd, labels[a] == labels[b], shade(a) == shade(b) { continue }
        canvas.fill(
          Rectangle(
            x: plot.x + 2 * Double(start), y: plot.y + 2 * Double(row),
            width: 2 * Double(column - start), height: 2),
          color(labels[a]), opacity: 0.1 + 0.07 * Double(shade(a)))
        start = column
      }
    }
  }

  /// A dark mark at each place whose right or lower neighbour is of another class.
  private func drawBoundary(_ canvas: Canvas, _ plot: Rectangle) {
    for row in 0..<plane.rowCount {
      for column in 0..<plane.columnCount {
        let index = row * plane.columnCount + column
        let right = column + 1 < plane.columnCount && labels[index + 1] != labels[index]
        let below =
          row + 1 < plane.rowCount && labels[index + plane.columnCount] != labels[index]
        let (x, y) = (plot.x + 2 * Double(column), plot.y + 2 * Double(row))
        if right { canvas.fill(Rectangle(x: x + 1, y: y, width: 2, height: 2), .ink) }
        if below { canvas.fill(Rectangle(x: x, y: y + 1, width: 2, height: 2), .ink) }
      }
    }
  }

  private func drawAxes(_ canvas: Canvas, _ plot: Rectangle) {
    let small = Canvas.Style(size: 12, color: .faintInk)
    let (xScale, yScale) = (scale(plane.x), scale(plane.y))
    for tick in xScale.ticks {
      guard let part = xScale.fraction(tick.value) else { continue }
      let x = plot.x + part * plot.width
      canvas.line([Point(x: x, y: plot.maxY), Point(x: x, y: plot.maxY + 5)], .frame)
      canvas.text(tick.label, at: Point(x: x, y: plot.maxY + 17), .middle, small)
    }
    for tick in yScale.ticks {
      guard let part = yScale.fraction(tick.value) else { continue }
      let y = plot.maxY - part * plot.height
      canvas.line([Point(x: plot.x - 5, y: y), Point(x: plot.x, y: y)], .frame)
      canvas.text(tick.label, at: Point(x: plot.x - 10, y: y), .end, small)
    }
    canvas.text(
      xTitle, at: Point(x: plot.x + plot.width / 2, y: plot.maxY + 42), .middle, .init(size: 13))
    canvas.text(
      yTitle, at: Point(x: 22, y: plot.y + plot.height / 2), .middle, .init(size: 13), turned: true)
  }

  private func scale(_ range: ClosedRange<Double>) -> Scale {
    Scale(covering: [range.lowerBound, range.upperBound], count: 6, rounded: false)
  }

  private func drawExamples(_ canvas: Canvas, _ plot: Rectangle) {
    let (xScale, yScale) = (scale(plane.x), scale(plane.y))
    let radius = examples.count <= 40 ? 5.5 : examples.count <= 400 ? 3.5 : 2
    for example in examples {
      guard let x = xScale.fraction(example.x), let y = yScale.fraction(example.y) else { continue }
      let place = Point(x: plot.x + x * plot.width, y: plot.maxY - y * plot.height)
      if example.isWrong { canvas.dot(place, radius: radius + 3, .ink) }
      canvas.dot(place, radius: radius + 1.2, .white)
      canvas.dot(place, radius: radius, color(example.label))
    }
  }

  private func drawLegend(_ canvas: Canvas) {
    let style = Canvas.Style(size: 13)
    var x = Self.left
    for (label, name) in classes.enumerated() {
      let width = canvas.width(of: name, style)
      guard x + width + 40 < Double(size.width) else { break }
      canvas.dot(Point(x: x + 5, y: 58), radius: 5, color(label))
      canvas.text(name, at: Point(x: x + 16, y: 58), .start, style)
      x += width + 36
    }
    guard examples.contains(where: \.isWrong), x + 70 < Double(size.width) else { return }
    canvas.dot(Point(x: x + 5, y: 58), radius: 6, .ink)
    canvas.dot(Point(x: x + 5, y: 58), radius: 4, .white)
    canvas.text("wrong", at: Point(x: x + 18, y: 58), .start, style)
  }
}

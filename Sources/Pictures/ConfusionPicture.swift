/// How often each class was taken for each: a row for a class, a column for an answer. Right answers
/// are blue and wrong ones red, the stronger the larger their share of the row.
public struct ConfusionPicture: VectorPicture {
  /// The line over the picture.
  public var title: String
  /// The names of the classes.
  public var classes: [String]
  /// How often, `[class · classes.count + answer]`.
  public var counts: [Int]

  /// A picture of these counts.
  public init(title: String, classes: [String], counts: [Int]) {
    precondition(
      !classes.isEmpty && counts.count == classes.count * classes.count,
      "ConfusionPicture: \(counts.count) counts for \(classes.count) classes, expected the square")
    (self.title, self.classes, self.counts) = (title, classes, counts)
  }

  /// Draws the picture.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) {
    let side = Int(cell) * classes.count
    return (max(420, Int(left) + side + 40), Int(top) + side + 64)
  }

  private var longestName: Double { Double(classes.map(\.count).max() ?? 1) }
  private var left: Double { min(240, 44 + 8 * longestName).rounded() }
  private var top: Double { isTurned ? min(240, 62 + 8 * longestName).rounded() : 78 }
  /// The side of a cell: as large as a page has room for.
  private var cell: Double {
    max(6, min(56, (760 / Double(classes.count)).rounded(.down)))
  }
  /// Whether names over the columns stand upright because they are wider than these.
  private var isTurned: Bool { 8 * longestName > cell - 4 }

  func draw(on canvas: Canvas) -> [String: Rectangle] {
    let side = cell * Double(classes.count)
    let plot = Rectangle(x: left, y: top, width: side, height: side)
    canvas.text(title, at: Point(x: 20, y: 26), .start, .init(size: 17, bold: true))
    for row in classes.indices {
      let total = classes.indices.reduce(0) { $0 + counts[row * classes.count + $1] }
      for column in classes.indices { draw(row, column, of: total, on: canvas, in: plot) }
    }
    for index in 1..<max(1, classes.count) where cell >= 10 {
      let at = cell * Double(index)
      canvas.line(
        [Point(x: plot.x, y: plot.y + at), Point(x: plot.maxX, y: plot.y + at)], .grid)
      canvas.line(
        [Point(x: plot.x + at, y: plot.y), Point(x: plot.x + at, y: plot.maxY)], .grid)
    }
    canvas.outline(plot, .frame)
    drawNames(canvas, plot)
    return ["cells": plot]
  }

  private func draw(
    _ row: Int, _ column: Int, of total: Int, on canvas: Canvas, in plot: Rectangle
  ) {
    let count = counts[row * classes.count + column]
    guard count > 0, total > 0 else { return }
    let share = Double(count) / Double(total)
    let isRight = row == column
    // A few wrong answers of a hundred should be seen, so their shade grows with the root.
    let strength = isRight ? 0.15 + 0.6 * share : 0.08 + 0.85 * min(1, (4 * share).squareRoot())
    let box = Rectangle(
      x: plot.x + Double(column) * cell, y: plot.y + Double(row) * cell, width: cell,
      height: cell)
    canvas.fill(box, Color.series[isRight ? 0 : 1], opacity: strength)
    let text = "\(count)"
    let size = min(13, cell * 0.6, (cell - 4) / (0.6 * Double(text.count)))
    guard size >= 6 else { return }
    canvas.text(
      text, at: Point(x: box.x + cell / 2, y: box.y + cell / 2), .middle,
      .init(size: size, color: strength > 0.55 ? .white : .ink))
  }

  private func drawNames(_ canvas: Canvas, _ plot: Rectangle) {
    let size = min(13, max(6, cell * 0.8))
    for (index, name) in classes.enumerated() {
      let middle = (Double(index) + 0.5) * cell
      canvas.text(
        name, at: Point(x: plot.x - 8, y: plot.y + middle), .end, .init(size: size))
      canvas.text(
        name, at: Point(x: plot.x + middle, y: plot.y - (isTurned ? 8 : 12)),
        isTurned ? .start : .middle, .init(size: size), turned: isTurned)
    }
    let right = classes.indices.reduce(0) { $0 + counts[$1 * classes.count + $1] }
    let all = counts.reduce(0, +)
    let rate = NumberText.fixed(100 * Double(all - right) / Double(max(1, all)), decimals: 2)
    canvas.text("answer", at: Point(x: plot.x + plot.width / 2, y: 52), .middle, .init(size: 12))
    canvas.text(
      "class", at: Point(x: 16, y: plot.y + plot.height / 2), .middle, .init(size: 12), turned: true
    )
    canvas.text(
      "\(all - right) of \(all) wrong, \(rate) %", at: Point(x: plot.x, y: plot.maxY + 26), .start,
      .init(size: 13, color: .faintInk))
  }
}

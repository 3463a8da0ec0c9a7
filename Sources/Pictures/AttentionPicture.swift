/// How much each output of a network attended to each position of its input, as colours.
///
/// Outputs run from the top down, positions of the input from left to right; the brightest colour is
/// the greatest weight of the picture. Where there are more rows or columns than pixels, the largest
/// weight of those that fall together is shown.
public struct AttentionPicture: VectorPicture {
  /// What the positions of the input are.
  public enum Positions: Sendable, Equatable {
    /// A text for each of them, written over its column.
    case labels([String])
    /// Stretches of time of so many seconds, with a scale below.
    case seconds(Double)
    /// Stretches of something else, each of so many units, with a scale below and its title.
    case steps(Double, title: String)
  }

  /// The line over the picture.
  public var title: String
  /// For each output the weights of the positions, all rows of the same length.
  public let weights: [[Float]]
  /// A text for each output, written to the left of its row.
  public let outputs: [String]
  /// What the positions of the input are.
  public let positions: Positions

  /// A picture of weights `[output, position]`, at least one of each.
  public init(title: String, weights: [[Float]], outputs: [String], positions: Positions) {
    let width = weights.first?.count ?? 0
    precondition(
      width > 0 && weights.allSatisfy { $0.count == width } && outputs.count == weights.count,
      "AttentionPicture: got \(weights.count) rows of \(Set(weights.map(\.count)).sorted()) weights "
        + "with \(outputs.count) texts, expected a text for each row and rows of one length")
    switch positions {
    case .labels(let labels):
      precondition(
        labels.count == width, "AttentionPicture: got \(labels.count) texts for \(width) columns")
    case .seconds(let step), .steps(let step, _):
      precondition(
        step > 0 && step.isFinite, "AttentionPicture: got steps of \(step), expected over 0")
    }
    self.title = title
    self.weights = weights
    self.outputs = outputs
    self.positions = positions
  }

  /// Draws the picture; its size is bounded whatever the number of weights.
  public func draw() throws(PictureError) -> Drawing { try drawing() }

  /// The bytes of an SVG file.
  public func svg() throws(PictureError) -> [UInt8]? { try document() }

  var size: (width: Int, height: Int) {
    let heat = AttentionLayout(self).heat
    return (Int(heat.maxX) + 96, Int(heat.maxY) + (isLabelled ? 24 : 64))
  }

  var isLabelled: Bool {
    if case .labels = positions { return true }
    return false
  }

  func draw(on canvas: Canvas) -> [String: Rectangle] {
    let layout = AttentionLayout(self)
    canvas.text(title, at: Point(x: 24, y: 26), .start, .init(size: 17, bold: true))
    layout.drawWeights(on: canvas)
    layout.drawOutputs(on: canvas)
    layout.drawPositions(on: canvas)
    return ["heat": layout.heat]
  }
}

/// The places of an attention picture's parts.
private struct AttentionLayout {
  let picture: AttentionPicture
  let heat: Rectangle
  private let pooled: Matrix
  private let greatest: Float

  private static let small = Canvas.Style(size: 12)
  private static let faint = Canvas.Style(size: 12, color: .faintInk)
  /// Pixels of a letter of that size, about; nothing is measured before there is a canvas.
  private static let letterWidth = 7.5
  private static let longestText = 220.0

  init(_ picture: AttentionPicture) {
    self.picture = picture
    let (rows, columns) = (picture.weights.count, picture.weights[0].count)
    let matrix = Matrix(
      values: picture.weights.flatMap { $0 }, frameCount: rows, binCount: columns)
    let down = Self.extent(of: rows, cell: 22, atLeast: 12, atMost: 1200)
    let across =
      picture.isLabelled
      ? Self.extent(of: columns, cell: 26, atLeast: 14, atMost: 2000)
      : min(2000, columns * max(1, (900 + columns / 2) / columns))
    pooled = matrix.pooled(frames: min(rows, down), bins: min(columns, across))
    greatest = max(pooled.values.max() ?? 0, .leastNormalMagnitude)
    var top = 52.0
    if case .labels(let labels) = picture.positions { top += Self.width(of: labels) + 12 }
    heat = Rectangle(
      x: 30 + Self.width(of: picture.outputs), y: top, width: Double(across), height: Double(down))
  }

  /// Pixels for so many cells: of the wanted size if they are few, of the least size if they are many.
  private static func extent(of count: Int, cell: Int, atLeast least: Int, atMost most: Int) -> Int
  {
    min(most, count * max(least, min(cell, most / 2 / count)))
  }

  private static func width(of texts: [String]) -> Double {
    // Whole pixels, so that the edges of cells are sharp.
    min(longestText, (letterWidth * Double(texts.map(\.count).max() ?? 0)).rounded(.up))
  }

  /// The edges of the `index`-th of `count` equal parts, in whole pixels.
  private static func edges(_ index: Int, of count: Int, _ start: Double, _ extent: Double)
    -> (Double, Double)
  {
    let share = extent / Double(count)
    return (
      start + (Double(index) * share).rounded(), start + (Double(index + 1) * share).rounded()
    )
  }

  func drawWeights(on canvas: Canvas) {
    let dark = ColorMap.ember[0]
    canvas.fill(heat, dark)
    for row in 0..<pooled.frameCount {
      let (top, bottom) = Self.edges(row, of: pooled.frameCount, heat.y, heat.height)
      for column in 0..<pooled.binCount {
        let color = ColorMap.ember[pooled.values[row * pooled.binCount + column] / greatest]
        // Most weights are near zero and need no cell of their own.
        guard color != dark else { continue }
        let (left, right) = Self.edges(column, of: pooled.binCount, heat.x, heat.width)
        canvas.fill(
          Rectangle(x: left, y: top, width: right - left, height: bottom - top), color)
      }
    }
    canvas.outline(heat, .frame)
    drawScale(on: canvas)
  }

  private func drawScale(on canvas: Canvas) {
    let height = max(60, min(heat.height, 330))
    let bar = Rectangle(x: heat.maxX + 14, y: heat.y, width: 14, height: min(height, heat.height))
    for row in 0..<Int(bar.height) {
      let color = ColorMap.ember[1 - Float(row) / Float(max(1, bar.height - 1))]
      canvas.fill(Rectangle(x: bar.x, y: bar.y + Double(row), width: bar.width, height: 1), color)
    }
    canvas.outline(bar, .frame)
    let scale = Scale(
      covering: [0, Double(greatest)], count: max(1, min(5, Int(bar.height / 26))), rounded: false)
    for tick in scale.ticks {
      let y = bar.maxY - (scale.fraction(tick.value) ?? 0) * bar.height
      canvas.text(tick.label, at: Point(x: bar.maxX + 7, y: y), .start, Self.faint)
    }
  }

  func drawOutputs(on canvas: Canvas) {
    let count = picture.outputs.count
    let share = heat.height / Double(count)
    // Texts that would lie upon each other are left out.
    let every = max(1, Int((12 / share).rounded(.up)))
    canvas.clipped(to: Rectangle(x: 0, y: heat.y - 8, width: heat.x, height: heat.height + 16)) {
      for index in stride(from: 0, to: count, by: every) {
        let y = heat.y + (Double(index) + 0.5) * share
        canvas.text(
          Self.visible(picture.outputs[index]), at: Point(x: heat.x - 8, y: y), .end, Self.small)
      }
    }
  }

  func drawPositions(on canvas: Canvas) {
    switch picture.positions {
    case .labels(let labels):
      let share = heat.width / Double(labels.count)
      let every = max(1, Int((14 / share).rounded(.up)))
      for index in stride(from: 0, to: labels.count, by: every) {
        let x = heat.x + (Double(index) + 0.5) * share
        canvas.text(
          Self.visible(labels[index]), at: Point(x: x, y: heat.y - 8), .start, Self.small,
          turned: true)
      }
    case .seconds(let step): drawScale(of: step, title: "time in s", on: canvas)
    case .steps(let step, let title): drawScale(of: step, title: title, on: canvas)
    }
  }

  private func drawScale(of step: Double, title: String, on canvas: Canvas) {
    let extent = Double(picture.weights[0].count) * step
    let scale = Scale(covering: [0, extent], count: Int(heat.width) / 110, rounded: false)
    for tick in scale.ticks {
      let x = heat.x + tick.value / extent * heat.width
      canvas.line([Point(x: x, y: heat.maxY + 1), Point(x: x, y: heat.maxY + 6)], .frame)
      canvas.text(tick.label, at: Point(x: x, y: heat.maxY + 18), .middle, Self.faint)
    }
    canvas.text(title, at: Point(x: heat.x + heat.width / 2, y: heat.maxY + 42))
  }

  /// A space is shown as an open box, so that its row does not look forgotten.
  private static func visible(_ text: String) -> String { text == " " ? "␣" : text }
}

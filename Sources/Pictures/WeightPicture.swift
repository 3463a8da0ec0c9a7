/// What the units of a first layer look for in a picture: a tile for each unit, its weights in the
/// places of the pixels, red for more than zero and blue for less.
public struct WeightPicture: Picture {
  /// The line over the picture.
  public var title: String
  /// Pixels in a row of a tile.
  public let width: Int
  /// Rows of a tile.
  public let height: Int
  /// The weights of each unit, row after row.
  public let units: [[Float]]

  /// A picture of the units with the longest weights, at most `most`, the longest first.
  public init(title: String, weights: [[Float]], width: Int, height: Int, most: Int = 100) {
    precondition(
      width > 0 && height > 0 && !weights.isEmpty && most > 0
        && weights.allSatisfy { $0.count == width * height },
      "WeightPicture: got units of \(weights.first?.count ?? 0) weights, "
        + "expected \(width) × \(height)")
    (self.title, self.width, self.height) = (title, width, height)
    let lengths = weights.map { $0.reduce(0) { $0 + $1 * $1 } }
    let order = weights.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    units = order.prefix(most).map { weights[$0] }
  }

  private static let gap = 4
  private static let margin = 24
  private static let top = 56

  /// The pixels of a weight, so that a tile is some 70 wide.
  private var zoom: Int { max(1, min(8, 72 / max(width, height))) }
  private var columnCount: Int {
    var columns = 1
    while columns * columns < units.count { columns += 1 }
    return max(columns, min(units.count, 4))
  }

  /// Draws the picture; the plot `tile 0` is that of the first unit, and so on.
  public func draw() throws(PictureError) -> Drawing {
    let (tileWidth, tileHeight) = (width * zoom, height * zoom)
    let columns = columnCount
    let rows = (units.count + columns - 1) / columns
    let surface = try Surface(
      width: max(360, 2 * Self.margin + columns * (tileWidth + Self.gap) - Self.gap),
      height: Self.top + Self.margin + rows * (tileHeight + Self.gap) - Self.gap)
    let canvas = try Canvas(surface)
    canvas.text(
      title, at: Point(x: Double(Self.margin), y: 28), .start, .init(size: 17, bold: true))
    var plots: [String: Rectangle] = [:]
    for (index, unit) in units.enumerated() {
      let corner = Point(
        x: Double(Self.margin + index % columns * (tileWidth + Self.gap)),
        y: Double(Self.top + index / columns * (tileHeight + Self.gap)))
      canvas.paint(try tile(unit), at: corner)
      plots["tile \(index)"] = Rectangle(
        x: corner.x, y: corner.y, width: Double(tileWidth), height: Double(tileHeight))
    }
    try canvas.finish()
    return Drawing(surface: surface, plots: plots)
  }

  /// A unit's weights in colours; the strongest colour is the largest weight but for a hundredth.
  private func tile(_ unit: [Float]) throws(PictureError) -> Surface {
    let sizes = unit.map(abs).filter(\.isFinite).sorted()
    let largest = sizes.isEmpty ? 1 : sizes[sizes.count - 1 - sizes.count / 100]
    let scale = 0.5 / max(largest, .leastNormalMagnitude)
    let surface = try Surface(width: width * zoom, height: height * zoom)
    try surface.withPixels { pixels, stride in
      for y in 0..<height * zoom {
        for x in 0..<width * zoom {
          let weight = unit[y / zoom * width + x / zoom]
          pixels[y * stride + x] = ColorMap.diverging[0.5 + weight * scale].pixel
        }
      }
    }
    return surface
  }
}

import Configuration

/// How strokes are drawn as an image of a line.
public struct StrokeRenderingConfiguration: Configuration {
  /// Rows of the image.
  public var height = 64
  /// Empty rows and columns on each side.
  public var margin = 8
  /// The mean width of the pen, in core heights.
  public var penWidth: Float = 0.12
  /// How much wider and narrower pressure makes the pen, 0...1; no pressure, no effect.
  public var pressure: Float = 0.6
  /// How much slow and fast movements widen and narrow the pen, 0...1; no times, no effect.
  public var speed: Float = 0.3
  /// How much the pen differs between along and across its nib, 0...1.
  public var nib: Float = 0.25
  /// The angle of the nib to the line, in degrees, anticlockwise.
  public var nibAngle: Float = 40
  /// Whether the points are joined by curves instead of straight lines.
  public var smooth = true

  /// A pen of middle width on a line of 64 rows.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case height, margin, penWidth, pressure, speed, nib, nibAngle, smooth
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.height, into: &height)
    try container.read(.margin, into: &margin)
    try container.read(.penWidth, into: &penWidth)
    try container.read(.pressure, into: &pressure)
    try container.read(.speed, into: &speed)
    try container.read(.nib, into: &nib)
    try container.read(.nibAngle, into: &nibAngle)
    try container.read(.smooth, into: &smooth)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard (8...2048).contains(height) else {
      throw .invalid(key: "height", found: "\(height)", expected: "8 to 2048 rows")
    }
    guard margin >= 0, 2 * margin <= height - 4 else {
      throw .invalid(
        key: "margin", found: "\(margin)", expected: "0 to \((height - 4) / 2), as height allows")
    }
    try requireStroke(penWidth, in: 0.01...1, "penWidth")
    try requireStroke(pressure, in: 0...1, "pressure")
    try requireStroke(speed, in: 0...1, "speed")
    try requireStroke(nib, in: 0...1, "nib")
    try requireStroke(nibAngle, in: -180...180, "nibAngle")
  }
}

import Configuration

/// How images of lines are brought to a common form; stored inside the model.
///
/// By default only the height and the polarity are settled, so that an image that has the height and
/// is dark on light passes unchanged. The steps follow one another in the order of the properties
/// from ``polarity`` on; the height comes last.
public struct LineNormalizationConfiguration: Configuration {
  /// How light and dark are told apart.
  public enum Polarity: String, Codable, Sendable, CaseIterable {
    /// Light writing on dark is inverted.
    case auto
    /// Images are taken as dark on light.
    case keep
  }

  /// The height of normalised images, in pixels.
  public var height = 64
  /// Lines that would be wider are squeezed to this many pixels.
  public var maximumWidth = 8192
  /// Whether light writing on dark is looked for.
  public var polarity = Polarity.auto
  /// Uneven light is divided out.
  public var background = Background()
  /// The shades are stretched from black ink to white paper.
  public var contrast = Contrast()
  /// Writing that climbs or falls is made level.
  public var slope = Slope()
  /// Leaning letters are made upright.
  public var slant = Slant()
  /// Blank margins are cut off, and fixed ones put in their place.
  public var margins = Margins()

  /// Height 64 and nothing more than it takes.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case height, maximumWidth, polarity, background, contrast, slope, slant, margins
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.height, into: &height)
    try container.read(.maximumWidth, into: &maximumWidth)
    try container.read(.polarity, into: &polarity)
    try container.read(.background, into: &background)
    try container.read(.contrast, into: &contrast)
    try container.read(.slope, into: &slope)
    try container.read(.slant, into: &slant)
    try container.read(.margins, into: &margins)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try Self.check("height", height, in: 8...1024)
    try Self.check("maximumWidth", maximumWidth, in: 16...1_000_000)
    try Self.check("background.blockSize", background.blockSize, in: 0.1...10)
    try Self.check("contrast.ink", contrast.ink, in: 0...0.5)
    try Self.check("contrast.paper", contrast.paper, in: 0.1...1)
    guard contrast.ink < contrast.paper else {
      throw .invalid(
        key: "contrast.ink", found: "\(contrast.ink)",
        expected: "less than paper, which is \(contrast.paper)")
    }
    try Self.check("slope.maximum", slope.maximum, in: 0.1...30)
    try Self.check("slant.maximum", slant.maximum, in: 1...60)
    try Self.check("margins.horizontal", margins.horizontal, in: 0...1000)
    try Self.check("margins.vertical", margins.vertical, in: 0...(height - 4) / 2)
  }

  private static func check<Value: Comparable>(
    _ key: String, _ value: Value, in range: ClosedRange<Value>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw .invalid(
        key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

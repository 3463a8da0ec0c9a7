import Configuration
import Ink

/// How a picture becomes the features of a classifier: one number for each pixel, ink 1 and paper 0.
public struct PictureFormat: Configuration {
  /// Which shade is the ink.
  public enum Polarity: String, Codable, Sendable, CaseIterable {
    /// What the picture looks like: few thin strokes of another shade.
    case automatic
    /// Dark on light.
    case darkInk
    /// Light on dark.
    case lightInk
  }

  /// Pixels in a row.
  public var width = 28
  /// Rows.
  public var height = 28
  /// Which shade of a picture file is the ink. In IDX files it is the high numbers, as in MNIST.
  public var polarity = Polarity.automatic
  /// If given, what is written is cut out, scaled to fit a box of so many pixels, and placed with its
  /// centre of mass in the middle, as MNIST's digits were (LeCun et al. 1998); otherwise the whole
  /// picture is scaled. IDX files are taken to be made so already.
  public var inkBox: Int?

  /// MNIST's size.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case width, height, polarity, inkBox
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.width, into: &width)
    try container.read(.height, into: &height)
    try container.read(.polarity, into: &polarity)
    try container.read(.inkBox, into: &inkBox)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require((1...1024).contains(width), "width", width, "1 to 1024 pixels")
    try require((1...1024).contains(height), "height", height, "1 to 1024 pixels")
    if let inkBox {
      let most = min(width, height)
      try require((1...most).contains(inkBox), "inkBox", inkBox, "1 to \(most), within the picture")
    }
  }

  /// The number of features.
  public var pixelCount: Int { width * height }

  /// The size in words.
  var size: String { "\(width) × \(height) pixels" }
}

/// Throws unless a number of a configuration is as it must be.
func require<Value>(
  _ condition: Bool, _ key: String, _ found: Value, _ expected: String
) throws(ConfigurationError) {
  guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
}

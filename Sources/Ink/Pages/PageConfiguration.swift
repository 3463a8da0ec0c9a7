import Configuration

/// How a page is cleaned, straightened and split into lines.
public struct PageConfiguration: Configuration {
  /// How uneven paper is made even before the ink is told from it.
  public enum Background: String, Codable, Sendable, CaseIterable {
    /// Grey values are divided by the brightness of the paper around them.
    case division
    /// Black and white by the local mean and deviation (Sauvola and Pietikäinen 2000).
    case sauvola
    /// Grey values are taken as they are.
    case none
  }

  /// What is done about uneven paper.
  public var background = Background.division
  /// Whether a skewed page is turned until its lines lie level.
  public var deskew = true
  /// The largest skew that is looked for, in degrees.
  public var maximumSkew: Float = 7
  /// Whether the printed rules of ruled paper and of margins are taken away.
  public var removeRules = true
  /// Whether the black borders that a scanner leaves around a page are taken away.
  public var removeBorders = true
  /// Whether gaps that run down the page separate columns.
  public var columns = true
  /// Writing less high than this, in pixels, is not a line.
  public var minimumLineHeight = 10
  /// Paper left around a line's ink, in pixels.
  public var margin = 4

  /// The usual treatment of a scan or a photograph.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case background, deskew, maximumSkew, removeRules, removeBorders, columns, minimumLineHeight
    case margin
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.background, into: &background)
    try container.read(.deskew, into: &deskew)
    try container.read(.maximumSkew, into: &maximumSkew)
    try container.read(.removeRules, into: &removeRules)
    try container.read(.removeBorders, into: &removeBorders)
    try container.read(.columns, into: &columns)
    try container.read(.minimumLineHeight, into: &minimumLineHeight)
    try container.read(.margin, into: &margin)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard (0.5...20).contains(maximumSkew) else {
      throw .invalid(key: "maximumSkew", found: "\(maximumSkew)", expected: "0.5 to 20 degrees")
    }
    guard (6...1000).contains(minimumLineHeight) else {
      throw .invalid(
        key: "minimumLineHeight", found: "\(minimumLineHeight)", expected: "6 to 1000 pixels")
    }
    guard (0...200).contains(margin) else {
      throw .invalid(key: "margin", found: "\(margin)", expected: "0 to 200 pixels")
    }
  }
}

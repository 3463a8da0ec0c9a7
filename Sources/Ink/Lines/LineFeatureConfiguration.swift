import Configuration

/// How the image of a line becomes frames of features, one for each column.
public struct LineFeatureConfiguration: Configuration {
  /// What is said about a column.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The ink of every pixel, from the top.
    case pixels
    /// Nine geometric values (Marti and Bunke 2001).
    case columnGeometry
  }

  /// What the values of a frame of ``Kind/columnGeometry`` are, in words.
  public static let columnGeometryNames = [
    "ink", "center", "second moment", "upper contour", "lower contour", "upper slope",
    "lower slope", "transitions", "ink between",
  ]

  /// What is said about a column.
  public var kind = Kind.pixels
  /// How images are brought to a common form first.
  public var normalization = LineNormalizationConfiguration()

  /// Pixels of lines 64 pixels high.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case kind, normalization }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.normalization, into: &normalization)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try normalization.validate(under: "normalization")
  }

  /// Values per frame.
  public var featureSize: Int {
    switch kind {
    case .pixels: normalization.height
    case .columnGeometry: ColumnGeometry.count
    }
  }
}

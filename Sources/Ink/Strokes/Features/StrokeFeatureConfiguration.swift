import Configuration

/// What a network sees of pen strokes: how they are normalised and described.
///
/// Lengths are in heights of the core, the band between the base line and the top of small letters;
/// digits fill it.
public struct StrokeFeatureConfiguration: Configuration {
  /// What a frame holds.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The 25 features of a resampled point.
    case strokes
  }

  /// How the size of the writing is measured.
  public enum Size: String, Codable, Sendable, CaseIterable {
    /// By the band that holds the ink: twice the distance between the quartiles of its height. Strokes that
    /// reach far up or down hardly change it.
    case coreHeight
    /// By the whole height, of which the core is the middle half.
    case boundingBox
  }

  /// What a frame holds.
  public var kind = Kind.strokes
  /// How the size of the writing is measured.
  public var size = Size.coreHeight
  /// Whether a rising or falling line is turned level.
  public var slope = true
  /// Whether leaning writing is sheared upright.
  public var slant = true
  /// The distance of neighbouring points on the paper after resampling, in core heights.
  public var step: Float = 0.15
  /// The distance of neighbouring points between strokes, in core heights; 0 leaves out the way
  /// through the air.
  public var airStep: Float = 0.3
  /// Whether dots and bars set after the word are taken out and marked by the hat feature instead.
  public var removesDelayedStrokes = false
  /// Points to either side whose mean is subtracted from *x*.
  public var highPassRadius = 20
  /// Points to either side that make the vicinity.
  public var vicinityRadius = 4
  /// How far to either side parts above and below the core are counted, in core heights.
  public var bandRadius: Float = 0.75
  /// The side of one of the nine squares of the context map, in core heights.
  public var contextCell: Float = 0.5

  /// Features for lines of text and for strings of digits.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, size, slope, slant, step, airStep, removesDelayedStrokes
    case highPassRadius, vicinityRadius, bandRadius, contextCell
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.size, into: &size)
    try container.read(.slope, into: &slope)
    try container.read(.slant, into: &slant)
    try container.read(.step, into: &step)
    try container.read(.airStep, into: &airStep)
    try container.read(.removesDelayedStrokes, into: &removesDelayedStrokes)
    try container.read(.highPassRadius, into: &highPassRadius)
    try container.read(.vicinityRadius, into: &vicinityRadius)
    try container.read(.bandRadius, into: &bandRadius)
    try container.read(.contextCell, into: &contextCell)
  }

  /// Values per point.
  public var featureSize: Int { StrokeFeature.allCases.count }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require((0.01...2).contains(step), .step, step, "0.01 to 2 core heights")
    try require(
      airStep == 0 || (0.01...10).contains(airStep), .airStep, airStep,
      "0 or 0.01 to 10 core heights")
    try require(
      (1...1000).contains(highPassRadius), .highPassRadius, highPassRadius, "1 to 1000 points")
    try require(
      (1...100).contains(vicinityRadius), .vicinityRadius, vicinityRadius, "1 to 100 points")
    try require(
      (0.05...10).contains(bandRadius), .bandRadius, bandRadius, "0.05 to 10 core heights")
    try require(
      (0.05...5).contains(contextCell), .contextCell, contextCell, "0.05 to 5 core heights")
  }

  private func require(
    _ condition: Bool, _ key: CodingKeys, _ found: some Any, _ expected: String
  ) throws(ConfigurationError) {
    if !condition { throw .invalid(key: key.stringValue, found: "\(found)", expected: expected) }
  }
}

import Configuration

/// Which samples a training learns from and which it is measured on.
///
/// Paths are manifests of any kind that ``Manifest`` reads, relative to the working folder.
public struct DataConfiguration: Configuration {
  /// Manifests to learn from.
  public var train: [String] = []
  /// Manifests to measure on after each epoch.
  public var validation: [String] = []
  /// Speakers or writers whose samples are not learned from.
  public var excludedSpeakers: [String] = []
  /// Characters that occur less often in the training set are left out of the alphabet, and so are
  /// the samples that hold them.
  public var minimumCharacterCount = 1
  /// Characters that occur less often in the training set are listed when the training begins.
  public var rareCharacterCount = 5
  /// Longer recordings are left out, in seconds.
  public var maximumDuration = 60.0
  /// Samples whose features have more frames are left out: columns of a line, points of strokes.
  public var maximumFrames = 20_000
  /// How much decoded sound, or how many normalised lines, are kept in memory, in megabytes.
  public var cacheMegabytes = 1024

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case train, validation, excludedSpeakers, minimumCharacterCount, rareCharacterCount
    case maximumDuration, maximumFrames, cacheMegabytes
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.train, into: &train)
    try container.read(.validation, into: &validation)
    try container.read(.excludedSpeakers, into: &excludedSpeakers)
    try container.read(.minimumCharacterCount, into: &minimumCharacterCount)
    try container.read(.rareCharacterCount, into: &rareCharacterCount)
    try container.read(.maximumDuration, into: &maximumDuration)
    try container.read(.maximumFrames, into: &maximumFrames)
    try container.read(.cacheMegabytes, into: &cacheMegabytes)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ found: Any, _ expected: String)
      throws(ConfigurationError)
    {
      guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try check(!train.isEmpty, "train", "empty", "one manifest or more")
    try check(
      minimumCharacterCount > 0, "minimumCharacterCount", minimumCharacterCount, "1 or more")
    try check(rareCharacterCount >= 0, "rareCharacterCount", rareCharacterCount, "0 or more")
    try check(maximumDuration > 0, "maximumDuration", maximumDuration, "above 0")
    try check(maximumFrames > 0, "maximumFrames", maximumFrames, "1 or more")
    try check(cacheMegabytes >= 0, "cacheMegabytes", cacheMegabytes, "0 or more")
  }
}

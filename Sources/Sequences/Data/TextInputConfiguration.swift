import Configuration

/// What texts are cut into, and which tokens a model knows.
public struct TextInputConfiguration: Configuration {
  /// What a token is.
  public var unit = TextUnit.character
  /// Tokens that occur less often in the training set are unknown.
  public var minimumCount = 1
  /// The most tokens that are known, the most frequent ones; null for all.
  public var maximumSize: Int?

  /// Characters, all of them.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case unit, minimumCount, maximumSize }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.unit, into: &unit)
    try container.read(.minimumCount, into: &minimumCount)
    try container.read(.maximumSize, into: &maximumSize)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try checkSize("minimumCount", minimumCount, in: 1...1_000_000)
    if let maximumSize { try checkSize("maximumSize", maximumSize, in: 1...1_000_000) }
  }
}

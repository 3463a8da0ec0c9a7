import Configuration

/// How text becomes tokens.
public struct VocabularyConfiguration: Configuration {
  /// What a token is.
  public enum Unit: String, Codable, CaseIterable, Sendable {
    /// Parts of words joined by byte-pair encoding (Sennrich et al. 2016).
    case bpe
    /// Parts of words of a unigram language model (Kudo 2018).
    case unigram
    /// Words and marks of punctuation.
    case word
    /// Characters.
    case character
  }

  /// What a token is.
  public var unit = Unit.bpe
  /// The most tokens, special ones included; of words and characters the most frequent are kept.
  public var size = 6000
  /// Words and characters that occur less often are unknown.
  public var minimumCount = 1
  /// What is done to a text before it is split into subwords.
  public var normalization = SubwordNormalization.nfkc
  /// Whether both languages have one vocabulary.
  public var isShared = true

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case unit, size, minimumCount, normalization, isShared
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.unit, into: &unit)
    try container.read(.size, into: &size)
    try container.read(.minimumCount, into: &minimumCount)
    try container.read(.normalization, into: &normalization)
    try container.read(.isShared, into: &isShared)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard 8...1_000_000 ~= size else {
      throw .invalid(key: "size", found: "\(size)", expected: "8...1000000")
    }
    guard minimumCount > 0 else {
      throw .invalid(key: "minimumCount", found: "\(minimumCount)", expected: "1 or more")
    }
  }
}

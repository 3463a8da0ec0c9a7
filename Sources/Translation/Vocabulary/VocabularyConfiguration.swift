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
  /// The probability that a merge of byte-pair encoding is left out while a network learns (Provilkov et
  /// al. 2020); see ``SubwordSampler``.
  public var dropout: Float = 0
  /// If not nil, splits into pieces of the unigram model are drawn while a network learns, by their
  /// probabilities to this power (Kudo 2018).
  public var samplingPower: Float?
  /// Whether both languages have one vocabulary.
  public var isShared = true

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case unit, size, minimumCount, normalization, dropout, samplingPower, isShared
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.unit, into: &unit)
    try container.read(.size, into: &size)
    try container.read(.minimumCount, into: &minimumCount)
    try container.read(.normalization, into: &normalization)
    try container.read(.dropout, into: &dropout)
    try container.read(.samplingPower, into: &samplingPower)
    try container.read(.isShared, into: &isShared)
  }

  /// How splits vary while a network learns; nil if they do not.
  public var sampling: SubwordSampler.Method? {
    if let samplingPower { return .unigram(power: samplingPower) }
    return dropout > 0 ? .dropout(dropout) : nil
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard 8...1_000_000 ~= size else {
      throw .invalid(key: "size", found: "\(size)", expected: "8...1000000")
    }
    guard minimumCount > 0 else {
      throw .invalid(key: "minimumCount", found: "\(minimumCount)", expected: "1 or more")
    }
    guard 0..<1 ~= dropout, dropout == 0 || unit == .bpe else {
      throw .invalid(
        key: "dropout", found: "\(dropout)",
        expected: "0 or more, below 1, and 0 unless the unit is bpe")
    }
    guard samplingPower.map({ $0 >= 0 && unit == .unigram }) ?? true else {
      throw .invalid(
        key: "samplingPower", found: samplingPower.map { "\($0)" } ?? "nothing",
        expected: "0 or more, and only where the unit is unigram")
    }
  }
}

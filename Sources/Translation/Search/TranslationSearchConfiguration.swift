import Configuration

/// How the best translation is looked for.
public struct TranslationSearchConfiguration: Configuration {
  /// Partial translations that are followed at once; 1 takes the best token each time.
  public var beamWidth = 5
  /// α: scores are divided by ((5 + length) / 6)^α (Wu et al. 2016), so that long translations are
  /// not put behind short ones; 0 leaves them.
  public var lengthPenalty: Float = 1
  /// β: rewards translations that attend to every token of the source (Wu et al. 2016); 0 does not.
  public var coveragePenalty: Float = 0
  /// A translation has at most so many tokens for each of the source, and ten besides.
  public var maximumLengthRatio: Float = 2

  /// How many sentences best go through the networks together: enough rows to keep the products
  /// busy, few enough for a step to stay in the caches.
  public var sentencesAtOnce: Int { max(1, 160 / beamWidth) }

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case beamWidth, lengthPenalty, coveragePenalty, maximumLengthRatio
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.beamWidth, into: &beamWidth)
    try container.read(.lengthPenalty, into: &lengthPenalty)
    try container.read(.coveragePenalty, into: &coveragePenalty)
    try container.read(.maximumLengthRatio, into: &maximumLengthRatio)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ found: Any, _ expected: String)
      throws(ConfigurationError)
    {
      guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try check(1...1000 ~= beamWidth, "beamWidth", beamWidth, "1...1000")
    try check(0...10 ~= lengthPenalty, "lengthPenalty", lengthPenalty, "0...10")
    try check(0...10 ~= coveragePenalty, "coveragePenalty", coveragePenalty, "0...10")
    try check(
      0...100 ~= maximumLengthRatio, "maximumLengthRatio", maximumLengthRatio, "0...100")
  }
}

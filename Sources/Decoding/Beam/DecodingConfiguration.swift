import Configuration

/// How the beam search weighs its evidence and what it leaves out.
///
/// The search maximises log P(text|signal) + Σ (`languageModelWeight` · log P(word) + `wordBonus`) +
/// Σ (`characterModelWeight` · log P(character) + `characterBonus`) + the boosts of hot words. A sum
/// belongs to a model and is left out with it.
public struct DecodingConfiguration: Configuration {
  /// The most prefixes that are kept from frame to frame.
  public var beamWidth = 100
  /// How far, in nats, a prefix may score below the best one and be kept; null keeps all.
  public var scoreThreshold: Float? = 12
  /// The most labels that a frame may add, the most probable ones; null is all.
  public var maximumLabels: Int?
  /// The log-probability below which a frame adds no label; null is none.
  public var minimumLogProbability: Float? = -6
  /// The labels of a frame that hold this much of the probability are considered, 1 is all.
  public var cumulativeProbability: Float = 1
  /// The weight of the word model's log-probabilities, α.
  public var languageModelWeight: Float = 0.5
  /// What each word adds where there is a word model, β.
  public var wordBonus: Float = 1.5
  /// What a word that the word model does not know adds to the score of an unknown word.
  public var unknownWordOffset: Float = -10
  /// The weight of the character model's log-probabilities.
  public var characterModelWeight: Float = 0.5
  /// What each character adds where there is a character model.
  public var characterBonus: Float = 0.5
  /// Whether an unfinished word is ranked by the most probable word that it may become.
  public var lookAhead = true
  /// Whether the models' probability that the sentence ends is part of the score.
  public var sentenceEnd = true
  /// Whether only words that the word model knows are written.
  public var vocabularyOnly = false
  /// What each word of a hot phrase adds unless the phrase says otherwise.
  public var hotWordBoost: Float = 8
  /// How many readings are given, at most.
  public var hypothesisCount = 1

  /// A beam of 100 and moderate weights.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case beamWidth, scoreThreshold, maximumLabels, minimumLogProbability, cumulativeProbability
    case languageModelWeight, wordBonus, unknownWordOffset, characterModelWeight, characterBonus
    case lookAhead, sentenceEnd, vocabularyOnly, hotWordBoost, hypothesisCount
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.beamWidth, into: &beamWidth)
    try container.read(.scoreThreshold, into: &scoreThreshold)
    try container.read(.maximumLabels, into: &maximumLabels)
    try container.read(.minimumLogProbability, into: &minimumLogProbability)
    try container.read(.cumulativeProbability, into: &cumulativeProbability)
    try container.read(.languageModelWeight, into: &languageModelWeight)
    try container.read(.wordBonus, into: &wordBonus)
    try container.read(.unknownWordOffset, into: &unknownWordOffset)
    try container.read(.characterModelWeight, into: &characterModelWeight)
    try container.read(.characterBonus, into: &characterBonus)
    try container.read(.lookAhead, into: &lookAhead)
    try container.read(.sentenceEnd, into: &sentenceEnd)
    try container.read(.vocabularyOnly, into: &vocabularyOnly)
    try container.read(.hotWordBoost, into: &hotWordBoost)
    try container.read(.hypothesisCount, into: &hypothesisCount)
  }

  /// Writes every key; those without a value as null, because their defaults have one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(beamWidth, forKey: .beamWidth)
    try container.encode(scoreThreshold, forKey: .scoreThreshold)
    try container.encode(maximumLabels, forKey: .maximumLabels)
    try container.encode(minimumLogProbability, forKey: .minimumLogProbability)
    try container.encode(cumulativeProbability, forKey: .cumulativeProbability)
    try container.encode(languageModelWeight, forKey: .languageModelWeight)
    try container.encode(wordBonus, forKey: .wordBonus)
    try container.encode(unknownWordOffset, forKey: .unknownWordOffset)
    try container.encode(characterModelWeight, forKey: .characterModelWeight)
    try container.encode(characterBonus, forKey: .characterBonus)
    try container.encode(lookAhead, forKey: .lookAhead)
    try container.encode(sentenceEnd, forKey: .sentenceEnd)
    try container.encode(vocabularyOnly, forKey: .vocabularyOnly)
    try container.encode(hotWordBoost, forKey: .hotWordBoost)
    try container.encode(hypothesisCount, forKey: .hypothesisCount)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try check("beamWidth", beamWidth, in: 1...100_000)
    try check("hypothesisCount", hypothesisCount, in: 1...100_000)
    if let maximumLabels { try check("maximumLabels", maximumLabels, in: 1...1_000_000) }
    if let scoreThreshold { try check("scoreThreshold", scoreThreshold, in: 0...1e6) }
    if let minimumLogProbability {
      try check("minimumLogProbability", minimumLogProbability, in: -1e6...0)
    }
    guard cumulativeProbability > 0, cumulativeProbability <= 1 else {
      throw .invalid(
        key: "cumulativeProbability", found: "\(cumulativeProbability)",
        expected: "more than 0, at most 1")
    }
    try check("languageModelWeight", languageModelWeight, in: 0...1000)
    try check("characterModelWeight", characterModelWeight, in: 0...1000)
    try check("wordBonus", wordBonus, in: -1000...1000)
    try check("characterBonus", characterBonus, in: -1000...1000)
    try check("unknownWordOffset", unknownWordOffset, in: -1000...1000)
    try check("hotWordBoost", hotWordBoost, in: -1000...1000)
  }

  private func check<Value: Comparable>(
    _ key: String, _ value: Value, in range: ClosedRange<Value>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw .invalid(
        key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

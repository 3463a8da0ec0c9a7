import Configuration
import Translation

/// All that makes a translator: parallel texts, vocabularies, network, and the rules of training.
public struct TranslationRecipe: TrainingRecipe {
  /// How long, how fast, in what steps.
  public var rules = TrainingRules()
  /// Which sentences are learned and which are held back.
  public var data = TranslationDataConfiguration()
  /// How text becomes tokens.
  public var vocabulary = VocabularyConfiguration()
  /// The network.
  public var model = TranslationNetworkConfiguration()
  /// How translations are looked for when they are judged, and by the finished model.
  public var search = TranslationSearchConfiguration()
  /// The probability that is spread over all tokens instead of the right one.
  public var labelSmoothing: Float = 0.1
  /// How often the network is fed with its own tokens instead of the right ones.
  public var scheduledSampling = ScheduledSampling()

  /// The defaults.
  public init() { rules.task = .translation }

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case data, vocabulary, model, search, labelSmoothing, scheduledSampling
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.vocabulary, into: &vocabulary)
    try container.read(.model, into: &model)
    try container.read(.search, into: &search)
    try container.read(.labelSmoothing, into: &labelSmoothing)
    try container.read(.scheduledSampling, into: &scheduledSampling)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    try container.encode(vocabulary, forKey: .vocabulary)
    try container.encode(model, forKey: .model)
    try container.encode(search, forKey: .search)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(scheduledSampling, forKey: .scheduledSampling)
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    try data.validate(under: "data")
    try vocabulary.validate(under: "vocabulary")
    try model.validate(under: "model")
    try search.validate(under: "search")
    try scheduledSampling.validate(under: "scheduledSampling")
    guard 0..<1 ~= labelSmoothing else {
      throw .invalid(
        key: "labelSmoothing", found: "\(labelSmoothing)", expected: "0 or more, below 1")
    }
    guard !model.sharesEmbeddings || vocabulary.isShared else {
      throw .invalid(
        key: "model.sharesEmbeddings", found: "true",
        expected: "false where vocabulary.isShared is false")
    }
  }
}

/// Which sentences a training learns from and which it is measured on: files of one sentence a line,
/// line by line translations of each other.
public struct TranslationDataConfiguration: Configuration {
  /// Sentences to learn from, in the language that is read.
  public var source = ""
  /// Their translations.
  public var target = ""
  /// Sentences to measure on after each epoch.
  public var validationSource: String?
  /// Their translations.
  public var validationTarget: String?
  /// Pairs with more tokens on either side are left out.
  public var maximumLength = 100
  /// Pairs of which a side has so many times as many tokens as the other are left out; none if nil.
  public var maximumLengthRatio: Float?
  /// The most sentences whose translation is looked for after each epoch; 0 measures the loss alone.
  public var validationTranslations = 2000

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case source, target, validationSource, validationTarget, maximumLength
    case maximumLengthRatio, validationTranslations
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.source, into: &source)
    try container.read(.target, into: &target)
    try container.read(.validationSource, into: &validationSource)
    try container.read(.validationTarget, into: &validationTarget)
    try container.read(.maximumLength, into: &maximumLength)
    try container.read(.maximumLengthRatio, into: &maximumLengthRatio)
    try container.read(.validationTranslations, into: &validationTranslations)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ found: Any, _ expected: String)
      throws(ConfigurationError)
    {
      guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try check(!source.isEmpty, "source", "nothing", "a text file with a sentence a line")
    try check(!target.isEmpty, "target", "nothing", "a text file with a sentence a line")
    try check(
      (validationSource == nil) == (validationTarget == nil), "validationTarget",
      validationTarget ?? "nothing", "validationSource and validationTarget, or neither")
    try check(maximumLength > 0, "maximumLength", maximumLength, "1 or more")
    try check(
      maximumLengthRatio ?? 1 >= 1, "maximumLengthRatio", maximumLengthRatio ?? 1, "1 or more")
    try check(
      validationTranslations >= 0, "validationTranslations", validationTranslations, "0 or more")
  }
}

/// The vocabularies of the language that is read and of the one that is written.
public struct VocabularyPair: Sendable {
  /// That of the sentences.
  public let source: Vocabulary
  /// That of the translations.
  public let target: Vocabulary
  /// Whether they are one.
  public let isShared: Bool

  /// Learns the tokens of parallel texts.
  public init(
    learningFrom corpus: ParallelCorpus, _ configuration: VocabularyConfiguration
  ) throws(TranslationError) {
    isShared = configuration.isShared
    if isShared {
      source = try Vocabulary(learningFrom: corpus.source + corpus.target, configuration)
      target = source
    } else {
      source = try Vocabulary(learningFrom: corpus.source, configuration)
      target = try Vocabulary(learningFrom: corpus.target, configuration)
    }
  }
}

extension VocabularyPair: Codable {
  private enum CodingKeys: String, CodingKey { case shared, source, target }

  /// Reads stored vocabularies.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let shared = try container.decodeIfPresent(Vocabulary.self, forKey: .shared) {
      (source, target, isShared) = (shared, shared, true)
    } else {
      source = try container.decode(Vocabulary.self, forKey: .source)
      target = try container.decode(Vocabulary.self, forKey: .target)
      isShared = false
    }
  }

  /// Writes the vocabularies, a shared one once.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if isShared {
      try container.encode(source, forKey: .shared)
    } else {
      try container.encode(source, forKey: .source)
      try container.encode(target, forKey: .target)
    }
  }
}

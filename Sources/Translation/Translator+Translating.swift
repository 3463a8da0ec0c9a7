/// A translation of a sentence.
public struct Translation: Sendable, Equatable {
  /// The text.
  public var text: String
  /// What translations of one sentence are ordered by; see ``TranslationSearch``.
  public var score: Float
  /// The mean logarithm of the probability of a token, in nats.
  public var logProbability: Float
  /// The texts of the tokens that were read, the mark of the end last.
  public var sourceTokens: [String]
  /// The texts of those that were written; the mark of the end is among them.
  public var tokens: [String]
  /// How much each token read was attended to by each one written, `[written][read]`.
  public var attention: [[Float]]
  /// Whether it ends by itself, and not because it grew too long.
  public var isComplete: Bool
}

extension Translator {
  /// The translations of sentences, for each the best one first; an empty sentence stays empty.
  public func translate(_ sentences: [String]) -> [[Translation]] {
    TranslatorGroup([self]).translate(sentences)
  }
}

/// Translators that decide together; one alone is a group too.
public struct TranslatorGroup: Sendable {
  private let translators: [Translator]
  /// How translations are looked for.
  public var search: TranslationSearchConfiguration
  /// What to write for words that the vocabulary lacks; without it they are copied as they are.
  public var dictionary: TranslationDictionary?

  /// A group of translators with the same vocabularies.
  public init(_ translators: [Translator]) {
    precondition(!translators.isEmpty, "TranslatorGroup: got none, expected one or more")
    self.translators = translators
    search = translators[0].configuration.search
  }

  private var vocabularies: VocabularyPair { translators[0].vocabularies }

  /// The translations of sentences, for each the best one first; an empty sentence stays empty.
  public func translate(_ sentences: [String]) -> [[Translation]] {
    let source = vocabularies.source
    return translate(
      tokens: sentences.map { sentence in
        let tokens = source.encode(sentence)
        return tokens.isEmpty ? [] : tokens + [source.end]
      }, texts: sentences.map { source.split($0) + [source.text(of: source.end)] })
  }

  /// The translations of sentences that are tokens already.
  ///
  /// - Parameter texts: The texts of the tokens, from which unknown words are copied.
  func translate(tokens: [[Int]], texts: [[String]]) -> [[Translation]] {
    let target = vocabularies.target
    let search = TranslationSearch(
      translators.map(\.network), configuration: search, begin: target.begin, end: target.end,
      excluded: [target.padding, target.begin])
    // Sentences of similar length waste the least time in a batch.
    let order = tokens.indices.sorted { (tokens[$0].count, $0) < (tokens[$1].count, $1) }
    var results = [[Translation]](repeating: [], count: tokens.count)
    let batchSize = self.search.sentencesAtOnce
    for first in stride(from: 0, to: order.count, by: batchSize) {
      let places = order[first..<min(first + batchSize, order.count)]
      for (place, found) in zip(places, search(places.map { tokens[$0] })) {
        results[place] = found.map { translation($0, source: texts[place]) }
      }
    }
    return results
  }

  private func translation(
    _ hypothesis: TranslationHypothesis, source: [String]
  ) -> Translation {
    let target = vocabularies.target
    var texts = hypothesis.tokens.map(target.text(of:))
    var text = ""
    if target.isOfWords {
      texts = copyingUnknownWords(
        hypothesis.tokens, texts, unknown: target.unknown, source: source,
        attention: hypothesis.attention, dictionary: dictionary)
      text = target.join(texts)
    } else {
      text = target.decode(hypothesis.tokens)
    }
    if hypothesis.isComplete { texts.append(target.text(of: target.end)) }
    return Translation(
      text: text, score: hypothesis.score,
      logProbability: hypothesis.logProbability / Float(max(1, hypothesis.attention.count)),
      sourceTokens: source, tokens: texts, attention: hypothesis.attention,
      isComplete: hypothesis.isComplete)
  }
}

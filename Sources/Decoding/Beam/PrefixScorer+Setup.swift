extension PrefixScorer {
  /// Checks that the parts fit together, and builds the tables.
  init(
    alphabet: Alphabet, configuration: DecodingConfiguration, words: (any LanguageModel)?,
    characters: (any LanguageModel)?, lexicon: [String]?, hotWords: [HotWord]
  ) throws(DecodingError) {
    guard alphabet.direction == .leftToRight || (words == nil && characters == nil) else {
      throw .directionOfModel
    }
    guard words != nil || lexicon != nil || !configuration.vocabularyOnly else {
      throw .noVocabulary
    }
    let phrases = try hotWords.map { hotWord throws(DecodingError) in
      try HotPhrase(hotWord, alphabet, configuration.hotWordBoost)
    }
    let encoder = WordEncoder(alphabet)
    var table: WordTable?
    if let lexicon {
      table = try Self.table(of: lexicon, alphabet, encoder, words)
    } else if let words {
      table = try Self.table(of: words, encoder, isClosed: configuration.vocabularyOnly)
    }
    if var known = table {
      for word in phrases.flatMap(\.words) {
        known.insert(
          word, token: words?.unknownToken ?? 0,
          score: words.map { $0.unigramScore($0.unknownToken) } ?? 0)
      }
      known.finish()
      table = known
    }
    let delimiter = alphabet.wordDelimiterLabel.map(Int32.init)
    self.init(
      configuration: configuration, delimiter: delimiter, words: words, characters: characters,
      characterTokens: characters.map { Self.tokens(of: alphabet, in: $0) } ?? [], table: table,
      hotWords: phrases.isEmpty
        ? nil : HotWordAutomaton(phrases.map { ($0.labels, $0.boost) }, delimiter: delimiter),
      unknownWordScore: words.map { $0.unigramScore($0.unknownToken) } ?? 0)
  }

  /// The same scorer with other weights.
  func with(_ configuration: DecodingConfiguration) -> PrefixScorer {
    var scorer = self
    scorer.configuration = configuration
    return scorer
  }

  private static func table(
    of lexicon: [String], _ alphabet: Alphabet, _ encoder: WordEncoder,
    _ model: (any LanguageModel)?
  ) throws(DecodingError) -> WordTable {
    guard !lexicon.isEmpty else { throw .emptyLexicon }
    var tokens: [String: UInt32] = [:]
    for unit in model?.vocabulary ?? [] { tokens[unit.text] = unit.token }
    let unknown = model?.unknownToken ?? 0
    var table = WordTable(isClosed: true)
    for word in lexicon {
      guard let labels = encoder.labels(of: word), !labels.isEmpty else {
        throw refusal(of: word, alphabet)
      }
      let token = tokens[word] ?? unknown
      table.insert(labels, token: token, score: model?.unigramScore(token) ?? 0)
    }
    return table
  }

  /// Why a word of the lexicon has no labels of its own.
  private static func refusal(of word: String, _ alphabet: Alphabet) -> DecodingError {
    do {
      _ = try alphabet.encode(word)
    } catch {
      return .lexiconWord(word, reason: error)
    }
    return .notOneWord(word)
  }

  private static func table(
    of model: any LanguageModel, _ encoder: WordEncoder, isClosed: Bool
  ) throws(DecodingError) -> WordTable {
    let vocabulary = model.vocabulary
    var table = WordTable(isClosed: isClosed)
    for unit in vocabulary {
      guard let labels = encoder.labels(of: unit.text) else { continue }
      table.insert(labels, token: unit.token, score: model.unigramScore(unit.token))
    }
    guard table.entries.count > 1 else { throw .foreignVocabulary(words: vocabulary.count) }
    return table
  }

  private static func tokens(of alphabet: Alphabet, in model: any LanguageModel) -> [UInt32] {
    var tokens: [Character: UInt32] = [:]
    for unit in model.vocabulary where unit.text.count == 1 {
      for character in unit.text { tokens[character] = unit.token }
    }
    return [model.unknownToken] + alphabet.graphemes.map { tokens[$0] ?? model.unknownToken }
  }
}

/// A hot word or phrase in labels.
private struct HotPhrase {
  /// The words with single delimiters between them.
  var labels: [Int32]
  /// The words.
  var words: [[Int32]]
  /// What the whole phrase earns.
  var boost: Float

  init(_ hotWord: HotWord, _ alphabet: Alphabet, _ boost: Float) throws(DecodingError) {
    let parts = hotWord.text.split(whereSeparator: \.isWhitespace)
    guard !parts.isEmpty else { throw .emptyHotWord }
    let each = hotWord.boost ?? boost
    guard (-1000...1000).contains(each) else { throw .boost(hotWord.text, found: each) }
    let delimiter = alphabet.wordDelimiterLabel.map(Int32.init)
    do {
      labels = try alphabet.encode(parts.joined(separator: " ")).map(Int32.init)
    } catch {
      throw .hotWord(hotWord.text, reason: error)
    }
    words = labels.split { $0 == delimiter }.map(Array.init)
    self.boost = each * Float(parts.count)
  }
}

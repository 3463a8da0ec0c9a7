import NGrams

/// An n-gram model as the beam search asks for it.
public struct NGramLanguageModel: LanguageModel {
  /// The n-grams.
  public let model: NGramModel

  /// Makes an n-gram model answer the beam search.
  public init(_ model: NGramModel) { self.model = model }

  private static let marks: Set<String> = ["<unk>", "<s>", "</s>"]

  /// The words or characters without marks; the blank of character models as it is written.
  public var vocabulary: [(text: String, token: UInt32)] {
    var units: [(text: String, token: UInt32)] = []
    units.reserveCapacity(model.vocabularyCount)
    for (token, text) in model.vocabulary.enumerated() where !Self.marks.contains(text) {
      let isBlank = model.unit == .character && text == NGramUnit.space
      units.append((isBlank ? " " : text, UInt32(token)))
    }
    return units
  }

  /// The number of `<unk>`.
  public var unknownToken: UInt32 { NGramModel.unknown }

  /// The state after `<s>`.
  public func begin() -> LanguageModelState { Self.state(model.begin) }

  /// The natural logarithm of the probability of a unit after a state, which moves on.
  public func score(_ token: UInt32, after state: inout LanguageModelState) -> Float {
    let (score, next) = model.score(Self.state(state), token)
    state = Self.state(next)
    return score * NGramModel.naturalLogarithm
  }

  /// The natural logarithm of the probability of `</s>` after a state.
  public func endScore(after state: LanguageModelState) -> Float {
    model.score(Self.state(state), NGramModel.end).0 * NGramModel.naturalLogarithm
  }

  /// The natural logarithm of the probability of a unit without context.
  public func unigramScore(_ token: UInt32) -> Float {
    model.score(model.empty, token).0 * NGramModel.naturalLogarithm
  }

  // Both are 64 bytes without references; other sizes stop the program at the first word.
  private static func state(_ state: NGramState) -> LanguageModelState {
    LanguageModelState(words: unsafeBitCast(state, to: SIMD16<UInt32>.self))
  }

  private static func state(_ state: LanguageModelState) -> NGramState {
    unsafeBitCast(state.words, to: NGramState.self)
  }
}

extension PrefixBeamSearch {
  /// A search with n-gram models, at most one of words and one of characters.
  ///
  /// - Throws: As ``init(alphabet:configuration:wordModel:characterModel:lexicon:hotWords:)``, and
  ///   `DecodingError.twoModels` if two have the same unit.
  public init(
    alphabet: Alphabet, configuration: DecodingConfiguration = DecodingConfiguration(),
    models: [NGramModel], lexicon: [String]? = nil, hotWords: [HotWord] = []
  ) throws(DecodingError) {
    for unit in NGramUnit.allCases where models.count(where: { $0.unit == unit }) > 1 {
      throw .twoModels(unit: unit.rawValue)
    }
    func model(_ unit: NGramUnit) -> NGramLanguageModel? {
      models.first { $0.unit == unit }.map { NGramLanguageModel($0) }
    }
    try self.init(
      alphabet: alphabet, configuration: configuration, wordModel: model(.word),
      characterModel: model(.character), lexicon: lexicon, hotWords: hotWords)
  }
}

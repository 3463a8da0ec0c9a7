#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The tokens of a language: text to numbers and back.
public struct Vocabulary: Sendable {
  static let paddingToken = 0
  static let unknownToken = 1
  static let beginToken = 2
  static let endToken = 3
  static let specialTokens = [paddingToken, unknownToken, beginToken, endToken]
  /// What stands for a space in the text of a token.
  static let space: Character = "▁"
  private static let spaceScalar: Unicode.Scalar = "▁"

  private enum Tokens: Sendable {
    case subwords(SubwordModel)
    case list(TokenList)
  }

  private let tokens: Tokens

  /// The token behind the end of a sentence in a batch; it never is one to be learned.
  public var padding: Int { Self.paddingToken }
  /// The token of what is not in the vocabulary.
  public var unknown: Int { Self.unknownToken }
  /// The token before the first of a sentence.
  public var begin: Int { Self.beginToken }
  /// The token behind the last of a sentence.
  public var end: Int { Self.endToken }

  /// Learns the tokens of sentences.
  ///
  /// - Throws: `TranslationError` if there are none, or fewer than subwords need.
  public init(
    learningFrom sentences: [String], _ configuration: VocabularyConfiguration
  ) throws(TranslationError) {
    guard sentences.contains(where: { $0.contains { !$0.isWhitespace } }) else {
      throw .emptyVocabulary(minimumCount: configuration.minimumCount)
    }
    switch configuration.unit {
    case .bpe, .unigram:
      tokens = .subwords(try SubwordModel(learningFrom: sentences, configuration))
    case .word, .character:
      tokens = .list(
        try TokenList(
          learningFrom: sentences, isOfWords: configuration.unit == .word,
          size: configuration.size, minimumCount: configuration.minimumCount))
    }
  }

  /// The number of tokens, special ones included.
  public var count: Int {
    switch tokens {
    case .subwords(let model): model.count
    case .list(let list): list.texts.count
    }
  }

  /// Whether another vocabulary has the same tokens under the same numbers.
  public func hasTokens(of other: Vocabulary) -> Bool {
    switch (tokens, other.tokens) {
    case (.subwords(let mine), .subwords(let theirs)): mine.bytes == theirs.bytes
    case (.list(let mine), .list(let theirs)):
      mine.texts == theirs.texts && mine.isOfWords == theirs.isOfWords
    default: false
    }
  }

  /// Whether a token is a whole word, so that an unknown one can be copied.
  public var isOfWords: Bool {
    if case .list(let list) = tokens { list.isOfWords } else { false }
  }

  /// The subwords that the tokens are, if they are subwords.
  public var subwords: SubwordModel? {
    if case .subwords(let model) = tokens { model } else { nil }
  }

  /// The tokens of a text, without marks.
  public func encode(_ text: String) -> [Int] {
    switch tokens {
    case .subwords(let model): model.encode(text)
    case .list(let list): list.split(text).map { list.tokens[$0] ?? unknown }
    }
  }

  /// The texts of the tokens of a text, those of unknown ones as they stand there.
  public func split(_ text: String) -> [String] {
    switch tokens {
    case .subwords(let model): model.split(text)
    case .list(let list): list.split(text)
    }
  }

  /// The text of a token, with `▁` for a space before it.
  public func text(of token: Int) -> String {
    switch tokens {
    case .subwords(let model): model.pieces.indices ~= token ? model.pieces[token] : ""
    case .list(let list): list.texts.indices ~= token ? list.texts[token] : ""
    }
  }

  /// The text of tokens without marks; a word that is unknown is parted from the one before.
  public func decode(_ tokens: [Int]) -> String {
    let written = tokens.filter { ![padding, begin, end].contains($0) }
    if case .subwords(let model) = self.tokens { return model.decode(written) }
    return join(
      written.map { isOfWords && $0 == unknown ? "\(Self.space)\(text(of: $0))" : text(of: $0) })
  }

  /// Text from the texts of tokens.
  public func join(_ texts: [String]) -> String {
    // Scalars: a mark that combines would make one character with the space before it.
    let joined = texts.joined().unicodeScalars.map { $0 == Self.spaceScalar ? " " : $0 }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: joined.drop { $0 == " " })
    return String(text)
  }
}

extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey { case subwords, normalization, words, characters }

  /// Reads a stored vocabulary.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let text = try container.decodeIfPresent(String.self, forKey: .subwords) {
      guard let bytes = Data(base64Encoded: text) else {
        throw TranslationError.damagedVocabulary(found: "text that is not base64")
      }
      // Models without the key were made before texts were normalised.
      let normalization = try container.decodeIfPresent(
        SubwordNormalization.self, forKey: .normalization)
      tokens = .subwords(
        try SubwordModel(bytes: [UInt8](bytes), normalization: normalization ?? .identity))
    } else if let words = try container.decodeIfPresent([String].self, forKey: .words) {
      tokens = .list(try TokenList(texts: words, isOfWords: true))
    } else {
      let characters = try container.decode([String].self, forKey: .characters)
      tokens = .list(try TokenList(texts: characters, isOfWords: false))
    }
  }

  /// Writes the tokens.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch tokens {
    case .subwords(let model):
      try container.encode(Data(model.bytes).base64EncodedString(), forKey: .subwords)
      try container.encode(model.normalization, forKey: .normalization)
    case .list(let list):
      try container.encode(list.texts, forKey: list.isOfWords ? .words : .characters)
    }
  }
}

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
  /// What stands for a space in the text of a token.
  static let space: Character = "▁"

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
      tokens = .subwords(
        try SubwordModel(
          learningFrom: sentences, unit: configuration.unit, size: configuration.size))
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

  /// Whether a token is a whole word, so that an unknown one can be copied.
  public var isOfWords: Bool {
    if case .list(let list) = tokens { list.isOfWords } else { false }
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
    case .subwords(let model): model.encode(text).map { model.piece($0) ?? "" }
    case .list(let list): list.split(text)
    }
  }

  /// The text of a token, with `▁` for a space before it.
  public func text(of token: Int) -> String {
    switch tokens {
    case .subwords(let model): model.piece(token) ?? ""
    case .list(let list): list.texts.indices ~= token ? list.texts[token] : ""
    }
  }

  /// The text of tokens without marks.
  public func decode(_ tokens: [Int]) -> String {
    let written = tokens.filter { ![padding, begin, end].contains($0) }
    if case .subwords(let model) = self.tokens { return model.decode(written) }
    return join(written.map(text(of:)))
  }

  /// Text from the texts of tokens.
  public func join(_ texts: [String]) -> String {
    let joined = texts.joined().map { $0 == Self.space ? " " : $0 }
    return String(joined.drop { $0 == " " })
  }
}

extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey { case subwords, words, characters }

  /// Reads a stored vocabulary.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let text = try container.decodeIfPresent(String.self, forKey: .subwords) {
      guard let bytes = Data(base64Encoded: text) else {
        throw TranslationError.damagedVocabulary(found: "text that is not base64")
      }
      tokens = .subwords(try SubwordModel(bytes: [UInt8](bytes)))
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
    case .list(let list):
      try container.encode(list.texts, forKey: list.isOfWords ? .words : .characters)
    }
  }
}

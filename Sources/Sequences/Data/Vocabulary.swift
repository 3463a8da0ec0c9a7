/// The tokens that a model knows, and their labels.
///
/// Label 0 is padding, label 1 stands for every token that is not known, and the others are those of
/// the tokens in their order.
public struct Vocabulary: Sendable, Equatable {
  /// The label of what is no token.
  public static let padding = 0
  /// The label of a token that the vocabulary lacks.
  public static let unknown = 1
  private static let firstLabel = 2

  /// What a text is cut into.
  public let unit: TextUnit
  /// The token of label 2, and so on.
  public let tokens: [String]
  private let labels: [String: Int]

  /// A vocabulary of tokens that must differ from each other.
  public init(_ tokens: [String], unit: TextUnit) {
    (self.tokens, self.unit) = (tokens, unit)
    labels = Dictionary(
      uniqueKeysWithValues: zip(tokens, Self.firstLabel..<Self.firstLabel + tokens.count))
  }

  /// The tokens that were counted often enough, the most frequent first, equals in their order.
  ///
  /// - Parameters:
  ///   - minimumCount: What occurs less often is unknown.
  ///   - maximumSize: The most tokens that are taken.
  /// - Throws: `SequencesError.emptyVocabulary` if no token is left.
  public init(
    counts: [String: Int], unit: TextUnit, minimumCount: Int = 1, maximumSize: Int = .max
  ) throws(SequencesError) {
    let kept = counts.filter { $0.value >= minimumCount }
      .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard !kept.isEmpty else { throw .emptyVocabulary(minimumCount: minimumCount) }
    self.init(kept.prefix(maximumSize).map(\.key), unit: unit)
  }

  /// How often each token occurs in contents that are texts.
  public static func counts(
    in contents: some Sequence<SequenceContent>, unit: TextUnit
  ) -> [String: Int] {
    var counts: [String: Int] = [:]
    for content in contents {
      switch content {
      case .text(let text): for token in unit.split(text) { counts[token, default: 0] += 1 }
      case .tokens(let tokens): for token in tokens { counts[token, default: 0] += 1 }
      case .rows: break
      }
    }
    return counts
  }

  /// The number of labels, padding and the unknown included.
  public var labelCount: Int { Self.firstLabel + tokens.count }

  /// The label of a token, that of the unknown where it is not known.
  public func label(of token: String) -> Int { labels[token] ?? Self.unknown }

  /// The token of a label; nil for padding and the unknown.
  public func token(of label: Int) -> String? {
    tokens.indices.contains(label - Self.firstLabel) ? tokens[label - Self.firstLabel] : nil
  }
}

extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey { case unit, tokens }

  /// Reads the unit and the tokens.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tokens = try container.decode([String].self, forKey: .tokens)
    guard Set(tokens).count == tokens.count, !tokens.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .tokens, in: container, debugDescription: "a token comes twice, or there is none")
    }
    self.init(tokens, unit: try container.decode(TextUnit.self, forKey: .unit))
  }

  /// Writes the unit and the tokens.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    try container.encode(tokens, forKey: .tokens)
  }
}

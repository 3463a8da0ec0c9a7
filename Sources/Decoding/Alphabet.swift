import Configuration

/// The graphemes that a network can write, and their labels.
///
/// Label 0 is the blank; label *k* is the *k*-th grapheme. Graphemes are extended grapheme clusters
/// of Unicode in normal form C, so a letter and its combining accent are one label however the text
/// spelt them.
public struct Alphabet: Sendable, Equatable {
  /// The label that stands for no grapheme.
  public static let blank = 0
  /// The grapheme that parts words.
  public static let wordDelimiter: Character = " "

  /// The graphemes, that of label 1 first.
  public let graphemes: [Character]
  private let labels: [Character: Int]

  /// An alphabet of these graphemes in this order.
  ///
  /// - Throws: `AlphabetError.duplicate` if two are canonically equivalent.
  public init(_ graphemes: some Sequence<Character>) throws(AlphabetError) {
    try self.init(entries: graphemes.map { String($0) }, file: nil)
  }

  /// The graphemes that occur in the texts, in the order of their scalar values.
  public init(buildingFrom texts: some Sequence<String>) {
    self.init(counts: Self.graphemeCounts(in: texts))
  }

  /// The graphemes that were counted at least `minimumCount` times, in the order of their scalars.
  public init(counts: [Character: Int], minimumCount: Int = 1) {
    let kept = counts.filter { $0.value >= minimumCount }.keys
    let order = kept.map { Character(String($0).composed) }.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    graphemes = order
    labels = Dictionary(uniqueKeysWithValues: zip(order, 1...))
  }

  /// How often each grapheme occurs in the texts.
  public static func graphemeCounts(in texts: some Sequence<String>) -> [Character: Int] {
    var counts: [Character: Int] = [:]
    for text in texts {
      for grapheme in text.composed { counts[grapheme, default: 0] += 1 }
    }
    return counts
  }

  init(entries: [String], file: String?) throws(AlphabetError) {
    var (order, table): ([Character], [Character: Int]) = ([], [:])
    for (index, entry) in entries.enumerated() {
      let composed = entry.composed
      guard let grapheme = composed.first, composed.count == 1 else {
        throw .notOneGrapheme(file: file, line: index + 1, found: entry)
      }
      order.append(grapheme)
      guard table.updateValue(order.count, forKey: grapheme) == nil else {
        throw .duplicate(file: file, line: index + 1, grapheme: grapheme)
      }
    }
    (graphemes, labels) = (order, table)
  }

  /// The number of labels, the blank included: the width of the network's output.
  public var labelCount: Int { graphemes.count + 1 }

  /// The label that parts words, if the alphabet has one.
  public var wordDelimiterLabel: Int? { labels[Self.wordDelimiter] }

  /// The label of a grapheme, if the alphabet has it.
  public func label(of grapheme: Character) -> Int? { labels[grapheme] }

  /// The grapheme of a label.
  ///
  /// - Precondition: `label` is in `1..<labelCount`.
  public func grapheme(of label: Int) -> Character {
    precondition(
      label > 0 && label < labelCount, "Alphabet: label \(label), expected 1..<\(labelCount)")
    return graphemes[label - 1]
  }

  /// The labels of a text.
  ///
  /// - Throws: `AlphabetError.unknown` with every grapheme that has no label, and its count.
  public func encode(_ text: String) throws(AlphabetError) -> [Int] {
    var encoded: [Int] = []
    var unknown: [Character: Int] = [:]
    for grapheme in text.composed {
      if let label = labels[grapheme] {
        encoded.append(label)
      } else {
        unknown[grapheme, default: 0] += 1
      }
    }
    guard unknown.isEmpty else {
      throw .unknown(
        unknown.map { .init(grapheme: $0.key, count: $0.value) }.sorted {
          ($1.count, $0.grapheme) < ($0.count, $1.grapheme)
        })
    }
    return encoded
  }

  /// The text of a sequence of labels; blanks write nothing.
  public func decode(_ labels: some Sequence<Int>) -> String {
    var text = ""
    for label in labels where label != Self.blank { text.append(grapheme(of: label)) }
    return text
  }
}

extension Alphabet: Codable {
  /// Reads a list of texts of one grapheme each, the first for label 1.
  public init(from decoder: any Decoder) throws {
    try self.init(entries: try decoder.singleValueContainer().decode([String].self), file: nil)
  }

  /// Writes a list of texts of one grapheme each, the first for label 1.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(graphemes.map { String($0) })
  }
}

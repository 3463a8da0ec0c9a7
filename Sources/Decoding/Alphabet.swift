import Configuration

/// The characters that a network can write, and their labels.
///
/// Label 0 is the blank; label *k* is the *k*-th character. By default characters are extended grapheme
/// clusters of Unicode in normal form C, so a letter and its combining accent are one label however the
/// text spelt them. With the unit ``LabelUnit/scalar`` they are the scalars of normal form D, and an
/// accent has a label of its own.
public struct Alphabet: Sendable, Equatable {
  /// The label that stands for no grapheme.
  public static let blank = 0
  /// The grapheme that parts words.
  public static let wordDelimiter: Character = " "

  /// The characters, that of label 1 first.
  public let graphemes: [Character]
  /// What a label stands for.
  public let unit: LabelUnit
  /// The direction of the writing: labels are in the order on paper from the left, texts are not.
  public let direction: TextDirection
  private let labels: [Character: Int]

  /// An alphabet of these characters in this order.
  ///
  /// - Throws: `AlphabetError.duplicate` if two are canonically equivalent.
  public init(
    _ graphemes: some Sequence<Character>, unit: LabelUnit = .grapheme,
    direction: TextDirection = .leftToRight
  ) throws(AlphabetError) {
    try self.init(
      entries: graphemes.map { String($0) }, unit: unit, direction: direction, file: nil)
  }

  /// The characters that occur in the texts, in the order of their scalar values.
  public init(
    buildingFrom texts: some Sequence<String>, unit: LabelUnit = .grapheme,
    direction: TextDirection = .leftToRight
  ) {
    self.init(
      counts: Self.graphemeCounts(in: texts, unit: unit), unit: unit, direction: direction)
  }

  /// The characters that were counted at least `minimumCount` times, in the order of their scalars.
  ///
  /// - Parameter counts: As ``graphemeCounts(in:unit:)`` counts, for the same unit.
  public init(
    counts: [Character: Int], minimumCount: Int = 1, unit: LabelUnit = .grapheme,
    direction: TextDirection = .leftToRight
  ) {
    let kept = Set(
      counts.filter { $0.value >= minimumCount }.keys.flatMap { unit.elements(of: String($0)) })
    let order = kept.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    (graphemes, self.unit, self.direction) = (order, unit, direction)
    labels = Dictionary(uniqueKeysWithValues: zip(order, 1...))
  }

  /// How often each character occurs in the texts.
  public static func graphemeCounts(
    in texts: some Sequence<String>, unit: LabelUnit = .grapheme
  ) -> [Character: Int] {
    var counts: [Character: Int] = [:]
    for text in texts {
      for element in unit.elements(of: text) { counts[element, default: 0] += 1 }
    }
    return counts
  }

  /// This alphabet with those characters of another one behind it that it lacks.
  ///
  /// - Precondition: Both have the same unit and direction.
  public func union(_ other: Alphabet) -> Alphabet {
    precondition(
      (other.unit, other.direction) == (unit, direction),
      "Alphabet: union of \(unit) and \(other.unit), \(direction) and \(other.direction)")
    return Alphabet(
      order: graphemes + other.graphemes.filter { labels[$0] == nil }, unit: unit,
      direction: direction)
  }

  /// - Precondition: No character comes twice.
  private init(order: [Character], unit: LabelUnit, direction: TextDirection) {
    (graphemes, self.unit, self.direction) = (order, unit, direction)
    labels = Dictionary(uniqueKeysWithValues: zip(order, 1...))
  }

  init(
    entries: [String], unit: LabelUnit, direction: TextDirection, file: String?
  ) throws(AlphabetError) {
    var (order, table): ([Character], [Character: Int]) = ([], [:])
    for (index, entry) in entries.enumerated() {
      let elements = unit.elements(of: entry)
      guard let grapheme = elements.first, elements.count == 1 else {
        throw .notOneGrapheme(file: file, line: index + 1, found: entry, unit: unit)
      }
      order.append(grapheme)
      guard table.updateValue(order.count, forKey: grapheme) == nil else {
        throw .duplicate(file: file, line: index + 1, grapheme: grapheme)
      }
    }
    (graphemes, labels) = (order, table)
    (self.unit, self.direction) = (unit, direction)
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

  /// The labels of a text, in the order of the writing on paper from the left.
  ///
  /// - Throws: `AlphabetError.unknown` with every character that has no label, and its count.
  public func encode(_ text: String) throws(AlphabetError) -> [Int] {
    var encoded: [Int] = []
    var unknown: [Character: Int] = [:]
    let graphemes = unit.graphemes(of: text)
    for place in direction.order(of: graphemes) {
      for element in elements(of: graphemes[place]) {
        if let label = labels[element] {
          encoded.append(label)
        } else {
          unknown[element, default: 0] += 1
        }
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

  private func elements(of grapheme: Character) -> [Character] {
    unit == .grapheme ? [grapheme] : grapheme.unicodeScalars.map { Character($0) }
  }

  /// The text of a sequence of labels; blanks write nothing.
  public func decode(_ labels: some Sequence<Int>) -> String {
    var text = ""
    for piece in pieces(of: labels.filter { $0 != Self.blank }) { text.append(piece.grapheme) }
    return text
  }

  /// A grapheme of a text and which labels write it.
  struct Piece {
    var grapheme: Character
    var range: Range<Int>
  }

  /// The graphemes that labels write, in the order of the text.
  ///
  /// - Parameter labels: Without blanks, in the order of the writing on paper.
  func pieces(of labels: [Int]) -> [Piece] {
    var pieces: [Piece] = []
    switch unit {
    case .grapheme:
      pieces = labels.enumerated().map { place, label in
        Piece(grapheme: grapheme(of: label), range: place..<place + 1)
      }
    case .scalar:
      var text = ""
      for label in labels {
        text.unicodeScalars.append(contentsOf: grapheme(of: label).unicodeScalars)
      }
      var start = 0
      for grapheme in text {
        let end = start + grapheme.unicodeScalars.count
        pieces.append(Piece(grapheme: grapheme, range: start..<end))
        start = end
      }
    }
    return direction.order(of: pieces.map(\.grapheme)).map { pieces[$0] }
  }
}

extension Alphabet: Codable {
  private enum CodingKeys: String, CodingKey { case characters, unit, direction }

  /// Reads a list of texts of one character each, the first for label 1, or an object that has such a list
  /// as `characters`, and `unit` and `direction`.
  public init(from decoder: any Decoder) throws {
    if let list = try? decoder.singleValueContainer().decode([String].self) {
      try self.init(entries: list, unit: .grapheme, direction: .leftToRight, file: nil)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      entries: try container.decode([String].self, forKey: .characters),
      unit: try container.decode(LabelUnit.self, forKey: .unit),
      direction: try container.decode(TextDirection.self, forKey: .direction), file: nil)
  }

  /// Writes a list of texts if labels are graphemes from left to right, else an object.
  public func encode(to encoder: any Encoder) throws {
    let list = graphemes.map { String($0) }
    if unit == .grapheme, direction == .leftToRight {
      var container = encoder.singleValueContainer()
      try container.encode(list)
    } else {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(list, forKey: .characters)
      try container.encode(unit, forKey: .unit)
      try container.encode(direction, forKey: .direction)
    }
  }
}

/// Words or characters in the order of their numbers.
struct TokenList: Sendable {
  private static let special = ["<pad>", "<unk>", "<s>", "</s>"]

  let texts: [String]
  let tokens: [String: Int]
  let isOfWords: Bool

  /// The most frequent tokens of sentences; of equally frequent ones the first in Unicode's order.
  init(
    learningFrom sentences: [String], isOfWords: Bool, size: Int, minimumCount: Int
  ) throws(TranslationError) {
    var counts: [String: Int] = [:]
    for sentence in sentences {
      for text in Self.split(sentence, isOfWords: isOfWords) { counts[text, default: 0] += 1 }
    }
    let frequent = counts.filter { $0.value >= minimumCount && !Self.special.contains($0.key) }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !frequent.isEmpty else { throw .emptyVocabulary(minimumCount: minimumCount) }
    let kept = frequent.prefix(max(0, size - Self.special.count)).map(\.key)
    try self.init(texts: Self.special + kept, isOfWords: isOfWords)
  }

  /// A stored list.
  init(texts: [String], isOfWords: Bool) throws(TranslationError) {
    guard texts.starts(with: Self.special), Set(texts).count == texts.count else {
      throw .damagedVocabulary(found: "\(texts.count) tokens that repeat or lack the special ones")
    }
    self.texts = texts
    self.isOfWords = isOfWords
    tokens = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })
  }

  func split(_ text: String) -> [String] { Self.split(text, isOfWords: isOfWords) }

  /// Runs of letters and digits, or characters; white space is a mark at the beginning of the next.
  private static func split(_ text: String, isOfWords: Bool) -> [String] {
    var pieces: [String] = []
    var (piece, follows, isWord) = ("", true, false)
    for character in text {
      if character.isWhitespace {
        follows = true
        isWord = false
        continue
      }
      let joins = isOfWords && (character.isLetter || character.isNumber)
      if joins, isWord, !follows {
        piece.append(character)
      } else {
        if !piece.isEmpty { pieces.append(piece) }
        if follows, !isOfWords { pieces.append(String(Vocabulary.space)) }
        piece = follows && isOfWords ? "\(Vocabulary.space)\(character)" : String(character)
      }
      (follows, isWord) = (false, joins)
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }
}

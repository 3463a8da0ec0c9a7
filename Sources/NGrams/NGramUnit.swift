/// What the symbols of a model are.
public enum NGramUnit: String, Codable, CaseIterable, Sendable {
  /// What stands between blanks.
  case word
  /// A character (grapheme cluster) as it is written; the blank between words is one of them.
  case character

  /// How the blank between words is spelled where blanks part the symbols, as in ARPA files.
  public static let space = "<space>"
}

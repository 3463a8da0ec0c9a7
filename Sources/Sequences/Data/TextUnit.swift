/// What a text is cut into.
public enum TextUnit: String, Codable, CaseIterable, Sendable {
  /// Extended grapheme clusters of Unicode.
  case character
  /// What stands between white space.
  case word

  /// The tokens of a text, in order.
  public func split(_ text: some StringProtocol) -> [String] {
    switch self {
    case .character: text.map { String($0) }
    case .word: text.split(whereSeparator: \.isWhitespace).map { String($0) }
    }
  }

  /// The text of tokens; words are parted by a space, and a line's end by nothing.
  public func join(_ tokens: some Sequence<String>) -> String {
    switch self {
    case .character: return tokens.joined()
    case .word:
      var text = ""
      for token in tokens {
        if !text.isEmpty, token != "\n", text.last != "\n" { text += " " }
        text += token
      }
      return text
    }
  }
}

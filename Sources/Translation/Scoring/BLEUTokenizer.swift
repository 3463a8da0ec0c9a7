extension BLEU {
  /// How a sentence becomes the words whose n-grams are counted.
  public enum Tokenizer: String, Sendable, CaseIterable {
    /// Punctuation and symbols of ASCII apart, but for commas and full stops within numbers, and
    /// the hyphens and apostrophes of words: what NIST's `mteval-v13a` does and most papers report.
    case thirteenA = "13a"
    /// White space alone; for texts that are cut into words already.
    case none
    /// Every character that is no white space.
    case character = "char"
    /// Unicode's punctuation and symbols apart, but for punctuation between digits, as
    /// `mteval-v14` does with `--international-tokenization`.
    case international = "intl"
  }
}

extension BLEU.Tokenizer {
  /// The words of a sentence, without the white space at its end.
  public func words(_ sentence: String) -> [String] {
    words(of: ScoringText.trimmed(sentence)).map { word in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: word)
      return String(text)
    }
  }

  typealias Scalars = ScoringText.Scalars

  /// The words of a sentence.
  func words(of text: Scalars) -> [ScoringText.Word] {
    switch self {
    case .none: return ScoringText.words(of: text)
    case .character:
      return text.indices.lazy.filter { !ScoringText.isSpace(text[$0]) }.map { text[$0...$0] }
    case .thirteenA: return ScoringText.words(of: Self.thirteenA(text))
    case .international: return ScoringText.words(of: Self.international(text))
    }
  }

  // MARK: - mteval-v13a

  private static func thirteenA(_ text: Scalars) -> Scalars {
    var text = replace("<skipped>", by: "", in: text)
    text = replace("-\n", by: "", in: text)
    text = replace("\n", by: " ", in: text)
    for (entity, character) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
      text = replace(entity, by: character, in: text)
    }
    text = [" "] + text + [" "]
    text = separate(text, where: isSymbol)
    text = separate(text, before: false, after: true) { !isDigit($0) && isPoint($1) }
    text = separate(text, before: true, after: false) { isPoint($0) && !isDigit($1) }
    return separate(text, before: false, after: true) { isDigit($0) && $1 == "-" }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  private static func isPoint(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

  /// ASCII's punctuation and symbols without apostrophe, comma, hyphen and full stop.
  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!"..."&", "("..."+", "/", ":"..."@", "["..."`", "{"..."~": return true
    default: return false
    }
  }

  // MARK: - mteval-v14

  private static func international(_ text: Scalars) -> Scalars {
    var text = separate(text, before: false, after: true) {
      !isNumber($0) && isPunctuation($1)
    }
    text = separate(text, before: true, after: false) { isPunctuation($0) && !isNumber($1) }
    return separate(text, where: isUnicodeSymbol)
  }

  private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  private static func isUnicodeSymbol(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return true
    default: return false
    }
  }

  // MARK: - Rewriting

  /// A text with a space on both sides of such scalars.
  private static func separate(
    _ text: Scalars, where matches: (Unicode.Scalar) -> Bool
  ) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count + 16)
    for scalar in text {
      if matches(scalar) { result += [" ", scalar, " "] } else { result.append(scalar) }
    }
    return result
  }

  /// A text with a space within such pairs, and one before or after; from the left, and a scalar is
  /// in one pair only.
  private static func separate(
    _ text: Scalars, before: Bool, after: Bool,
    where matches: (Unicode.Scalar, Unicode.Scalar) -> Bool
  ) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count + 16)
    var index = 0
    while index < text.count {
      guard index + 1 < text.count, matches(text[index], text[index + 1]) else {
        result.append(text[index])
        index += 1
        continue
      }
      if before { result.append(" ") }
      result += [text[index], " ", text[index + 1]]
      if after { result.append(" ") }
      index += 2
    }
    return result
  }

  private static func replace(
    _ pattern: String, by replacement: String, in text: Scalars
  ) -> Scalars {
    let (pattern, replacement) = (Scalars(pattern.unicodeScalars), replacement.unicodeScalars)
    guard let start = pattern.first, text.contains(start) else { return text }
    var result = Scalars()
    var rest = text[...]
    while let scalar = rest.first {
      if rest.starts(with: pattern) {
        result.append(contentsOf: replacement)
        rest = rest.dropFirst(pattern.count)
      } else {
        result.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}

/// Texts as the measures of translations see them: sequences of Unicode scalars.
///
/// Two spellings of a letter, composed and decomposed, are different; white space is what Unicode
/// and ASCII's separators make it, and case goes by Unicode's full mappings. This is what published
/// figures rest on, and it is not what Swift's `String` does by default.
enum ScoringText {
  typealias Scalars = [Unicode.Scalar]
  typealias Word = ArraySlice<Unicode.Scalar>

  /// Whether words end at this scalar.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x09...0x0D, 0x1C...0x1F: return true
    case ..<0x80: return false
    default: return scalar.properties.isWhitespace
    }
  }

  /// The words of a text: what white space parts.
  static func words(of text: Scalars) -> [Word] { text.split(whereSeparator: isSpace) }

  /// A sentence without the white space at its end.
  static func trimmed(_ sentence: String) -> Scalars {
    var text = Scalars(sentence.unicodeScalars)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  /// A text in small letters.
  static func lowercased(_ text: Scalars) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count)
    for (index, scalar) in text.enumerated() {
      if scalar == "\u{3A3}" {
        result.append(endsWord(index, in: text) ? "\u{3C2}" : "\u{3C3}")
      } else if scalar.isASCII {
        result.append(
          scalar >= "A" && scalar <= "Z" ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// Unicode's condition `Final_Sigma`: a letter before and none behind, but for marks between.
  private static func endsWord(_ index: Int, in text: Scalars) -> Bool {
    let before = text[..<index].last { !$0.properties.isCaseIgnorable }
    let after = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }
}

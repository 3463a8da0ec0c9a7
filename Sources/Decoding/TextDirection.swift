/// The direction in which a line is written.
///
/// Texts are in logical order, the order of speaking. A network sees the line of writing from left to
/// right, so the labels of a line that is written from right to left are put into that order, and back
/// when they become text.
public enum TextDirection: String, Codable, CaseIterable, Sendable {
  /// Latin, Greek, Cyrillic, Devanagari, ...
  case leftToRight
  /// Arabic, Hebrew, Syriac, Thaana, ...
  case rightToLeft

  /// The places of the graphemes of a line as they stand on paper from the left.
  ///
  /// In lines from right to left, numbers and words of other scripts keep their own order. This is the
  /// part of Unicode's bidirectional algorithm (UAX #9) that can be undone: the same function leads from
  /// the order on paper to the logical one. It differs from UAX #9 where numbers stand beside words of
  /// other scripts, whose order on paper does not tell which came first.
  func order(of graphemes: [Character]) -> [Int] {
    guard self == .rightToLeft else { return Array(graphemes.indices) }
    let count = graphemes.count
    var order = Array(graphemes.indices.reversed())
    for run in Self.leftToRightRuns(graphemes) {
      order[count - run.upperBound..<count - run.lowerBound].reverse()
    }
    return order
  }

  private enum Kind {
    case rightToLeft, letter, digit
    /// What belongs to a number that it touches, such as a percent sign.
    case terminator
    case neutral
  }

  private struct Run {
    var range: Range<Int>
    var isNumber: Bool
  }

  /// The longest pieces that keep their order: other scripts with what is between their words, and numbers
  /// with the separators inside them.
  private static func leftToRightRuns(_ graphemes: [Character]) -> [Range<Int>] {
    let kinds = graphemes.map(kind)
    var runs: [Run] = []
    for word in words(kinds) {
      guard let last = runs.last, last.isNumber == word.isNumber else {
        runs.append(word)
        continue
      }
      let gap = last.range.upperBound..<word.range.lowerBound
      let joins =
        word.isNumber
        ? gap.count == 1 && separators.contains(graphemes[gap.lowerBound])
        : !kinds[gap].contains(.rightToLeft)
      if joins {
        runs[runs.count - 1].range = last.range.lowerBound..<word.range.upperBound
      } else {
        runs.append(word)
      }
    }
    return runs.map(\.range)
  }

  private static func words(_ kinds: [Kind]) -> [Run] {
    var words: [Run] = []
    var start = 0
    while start < kinds.count {
      var end = start
      while end < kinds.count, [.letter, .digit, .terminator].contains(kinds[end]) { end += 1 }
      let inside = kinds[start..<end]
      if inside.contains(.letter) || inside.contains(.digit) {
        words.append(Run(range: start..<end, isNumber: !inside.contains(.letter)))
      }
      start = max(end, start + 1)
    }
    return words
  }

  private static let separators: Set<Character> = [
    ".", ",", ":", "/", "+", "-", "\u{66B}", "\u{66C}",
  ]
  private static let terminators: Set<Character> = [
    "%", "‰", "\u{66A}", "°", "#", "$", "€", "£", "¥",
  ]

  private static func kind(_ grapheme: Character) -> Kind {
    guard let scalar = grapheme.unicodeScalars.first else { return .neutral }
    if terminators.contains(grapheme) { return .terminator }
    switch scalar.value {
    case 0x0660...0x0669, 0x06F0...0x06F9: return .digit
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
      return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        ? .rightToLeft : .neutral
    default:
      if scalar.properties.generalCategory == .decimalNumber { return .digit }
      return scalar.properties.isAlphabetic ? .letter : .neutral
    }
  }
}

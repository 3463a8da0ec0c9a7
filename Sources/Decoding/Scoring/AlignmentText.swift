extension ScoredUtterance {
  /// The alignment in lines, as sclite prints it: the reference, the hypothesis, and a letter under
  /// each error, in columns.
  ///
  /// Asterisks stand for a word that is not there, blanks for an optional one.
  ///
  /// - Parameter capitals: Whether errors are written in capitals and the rest in small letters,
  ///   which would hide some errors where case counts.
  public func alignmentText(capitals: Bool) -> String {
    let c = counts
    var (reference, hypothesis, letters) = ("REF:  ", "HYP:  ", "Eval: ")
    for word in alignment {
      let isError = word.verdict != .correct
      let left = word.reference.map { Self.cell($0, isError, capitals) }
      let right = word.hypothesis.map { Self.cell($0, isError, capitals) }
      let width = max(1, left?.displayWidth ?? 0, right?.displayWidth ?? 0)
      let none = String(repeating: isError ? "*" : " ", count: width)
      reference += (left ?? none).padded(to: width) + " "
      hypothesis += (right ?? none).padded(to: width) + " "
      letters += (isError ? word.verdict.letter : " ").padded(to: width) + " "
    }
    let lines = [reference, hypothesis, letters].map(Self.withoutTrailingBlanks)
    return """
      id: (\(id.visible))
      Scores: (#C #S #D #I) \(c.matches) \(c.substitutions) \(c.deletions) \(c.insertions)
      \(lines.joined(separator: "\n"))

      """
  }

  private static func cell(_ word: String, _ isError: Bool, _ capitals: Bool) -> String {
    // A space is a character too, where characters are aligned.
    let word = word == " " ? "\u{2423}" : word.visible
    guard capitals else { return word }
    return isError ? word.uppercased() : word.lowercased()
  }

  private static func withoutTrailingBlanks(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension String {
  /// The columns that a terminal gives the text.
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// The text, filled with blanks to so many columns of a terminal.
  package func padded(to width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - displayWidth))
    return right ? blanks + self : self + blanks
  }

  /// The text without characters that a terminal takes for commands.
  package var visible: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return self
    }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}

extension Character {
  /// Two columns for ideographs, syllables of Hangul, full-width forms and emoji; none for marks and
  /// formatting without a letter; else one.
  fileprivate var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return 1 }
    if first.properties.isEmojiPresentation
      || unicodeScalars.contains("\u{FE0F}")
      || Self.wide.contains(where: { $0.contains(first.value) })
    {
      return 2
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// The blocks of wide characters, by East Asian Width (Unicode Standard Annex 11).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]
}

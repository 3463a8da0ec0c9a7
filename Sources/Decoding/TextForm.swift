import Configuration
import Foundation

/// How letters and their accents are written in Unicode.
public enum TextForm: String, Codable, CaseIterable, Sendable {
  /// Joined, normal form C.
  case composed
  /// Apart, normal form D; the alphabet then has combining marks of its own.
  case decomposed
  /// As the transcripts have them.
  case asWritten
}

/// What one label of an alphabet stands for.
public enum LabelUnit: String, Codable, CaseIterable, Sendable {
  /// An extended grapheme cluster: a letter with its accents.
  case grapheme
  /// A Unicode scalar of normal form D: a letter, or an accent by itself.
  case scalar

  /// The pieces of a text that labels stand for, in its order.
  func elements(of text: String) -> [Character] {
    switch self {
    case .grapheme: Array(text.composed)
    case .scalar: text.decomposed.unicodeScalars.map { Character($0) }
    }
  }

  /// The graphemes of a text, written as this unit needs them.
  func graphemes(of text: String) -> [Character] {
    Array(self == .grapheme ? text.composed : text.decomposed)
  }
}

extension String {
  /// The text in Unicode normal form C.
  var composed: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }

  /// The text in Unicode normal form D.
  var decomposed: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : decomposedStringWithCanonicalMapping
  }
}

extension Character {
  /// The character in quotes with its code points, since many look alike and some cannot be seen.
  public var named: String {
    let points = unicodeScalars.map { scalar in
      let hex = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
    // A mark without a letter is shown on a dotted circle, as in the Unicode charts.
    let isMark = unicodeScalars.first?.properties.generalCategory.isMark ?? false
    return "'\(isMark ? "\u{25CC}" : "")\(self)' (\(points.joined(separator: " ")))"
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isMark: Bool {
    [.nonspacingMark, .spacingMark, .enclosingMark].contains(self)
  }
}

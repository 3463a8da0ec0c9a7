/// Texts that fit where a format allows them.
enum PlainText {
  /// The text on one line: white space and control characters become single spaces, none at the ends.
  ///
  /// A control character can end a line, a caption or a field in one format or another, and means
  /// nothing in a transcript.
  static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if properties.isWhitespace || properties.generalCategory == .control {
        if let last = result.last, last != " " { result.append(" ") }
      } else {
        result.append(scalar)
      }
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }

  /// The text without white space, for tables whose fields are parted by it.
  static func field(_ text: String) -> String {
    replacing(line(text)) { $0 == " " ? "_" : nil }
  }

  /// The text with some scalars written in another way.
  ///
  /// By scalars: a letter with a combining mark behind it is another grapheme, yet the programs that
  /// read these files look at scalars or bytes.
  static func replacing(_ text: String, _ other: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let other = other(scalar) {
        result.append(contentsOf: other.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A name that is one field of a table and no comment.
  ///
  /// White space, control characters and `%` are written as in addresses, so that names which differ
  /// still do; so is a `;` at the beginning.
  static func name(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      let isUnsafe =
        properties.isWhitespace || properties.generalCategory == .control || scalar == "%"
        || (scalar == ";" && result.isEmpty)
      if isUnsafe {
        for byte in String(scalar).utf8 {
          result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result.isEmpty ? "recording" : result
  }
}

/// Milliseconds as formats write them.
enum TimeText {
  /// Seconds with three decimals: `61.500`.
  static func seconds(_ milliseconds: Int) -> String {
    "\(milliseconds / 1000).\(padded(milliseconds % 1000, 3))"
  }

  /// `00:01:01.500`, hours always.
  static func clock(_ milliseconds: Int, decimalMark: Character = ".") -> String {
    let seconds = milliseconds / 1000
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return parts.joined(separator: ":") + String(decimalMark) + padded(milliseconds % 1000, 3)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// Reads the subset of JSON that a safetensors header consists of: objects, arrays, strings and
/// integers that are not negative.
///
/// A general decoder was set aside for three reasons: it takes the last of two equal keys without a
/// word, it does not tell at which byte a value stands (the checksum is computed with its own digits
/// blanked), and half a millisecond of its first use would go to every start of the program.
/// The grammar is fixed, so nothing recurses and no input can exhaust the stack.
struct JSONScanner {
  /// What stands in the way, and where.
  struct Failure: Error {
    var offset: Int
    var found: String
    var expected: String
  }

  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads `{"key": member, ...}`; `member` must read the value.
  mutating func object(
    _ member: (inout JSONScanner, _ key: String, _ offset: Int) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if take("}") { return }
    repeat {
      skipSpace()
      let start = position
      let key = try string().value
      try expect(":")
      try member(&self, key, start)
    } while take(",")
    try expect("}", or: "',' or '}'")
  }

  /// Reads `[element, ...]`; `element` must read one element.
  mutating func array(
    _ element: (inout JSONScanner) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("[")
    if take("]") { return }
    repeat { try element(&self) } while take(",")
    try expect("]", or: "',' or ']'")
  }

  /// Reads digits without sign, fraction, exponent or leading zeros.
  mutating func integer() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let digit = next, (0x30...0x39).contains(digit) {
      let (scaled, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = scaled.addingReportingOverflow(Int(digit - 0x30))
      guard !tooLarge, !overflow else {
        throw Failure(offset: start, found: "a number above 2⁶³", expected: "a size")
      }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a whole number, 0 or more") }
    guard position == start + 1 || bytes[start] != 0x30 else {
      throw Failure(offset: start, found: "a leading zero", expected: "a whole number")
    }
    return value
  }

  /// Reads a string; `range` is where its bytes stand between the quotes.
  mutating func string() throws(Failure) -> (value: String, range: Range<Int>) {
    try expect("\"", or: "a string")
    let start = position
    var content: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw failure("an escaped control character") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        content.append(contentsOf: String(try escape()).utf8)
      } else {
        content.append(byte)
      }
    }
    let range = start..<position
    try expect("\"", or: "the end of the string")
    guard let value = String(validating: content, as: UTF8.self) else {
      throw Failure(offset: start, found: "bytes that are not UTF-8", expected: "UTF-8 text")
    }
    return (value, range)
  }

  /// Accepts nothing but space up to the end.
  mutating func end() throws(Failure) {
    skipSpace()
    guard next == nil else { throw failure("the end of the header") }
  }

  private mutating func escape() throws(Failure) -> Character {
    let expected = "an escape of JSON"
    guard let kind = next else { throw failure(expected) }
    position += 1
    switch kind {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default:
      position -= 1
      throw failure(expected)
    }
  }

  private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
    let start = position
    var unit = try fourHexDigits()
    if unit & 0xFC00 == 0xD800, next == UInt8(ascii: "\\") {
      position += 1
      guard next == UInt8(ascii: "u") else { throw failure("the second half of a pair") }
      position += 1
      let low = try fourHexDigits()
      guard low & 0xFC00 == 0xDC00 else { throw failure("the second half of a pair") }
      unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(unit) else {
      throw Failure(offset: start, found: "half of a surrogate pair", expected: "a character")
    }
    return scalar
  }

  private mutating func fourHexDigits() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(
    _ character: Unicode.Scalar, or expected: String? = nil
  ) throws(Failure) {
    guard take(character) else { throw failure(expected ?? "'\(character)'") }
  }

  private func failure(_ expected: String) -> Failure {
    let found =
      switch next {
      case nil: "the end of the header"
      case .some(let byte) where (0x21...0x7E).contains(byte): "'\(Unicode.Scalar(byte))'"
      case .some(let byte): "byte \(byte)"
      }
    return Failure(offset: position, found: found, expected: expected)
  }
}

extension String {
  /// This text as a JSON string, quotes included.
  package var jsonQuoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

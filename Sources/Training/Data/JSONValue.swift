/// A JSON text as a value, for manifest rows and metric logs.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// What kind of value this is, in words for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): "the number \(value)"
    case .string(let value): "the string \"\(value.prefix(40))\""
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// Parses one JSON text (RFC 8259), strictly: nothing may follow it and no key may be repeated.
  package init(parsing text: String) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text.utf8))
    self = try parser.parseDocument()
  }
}

/// Where a JSON text breaks the grammar, in bytes from 1, and how.
package struct JSONError: Error, Equatable {
  package var column: Int
  package var found: String
  package var expected: String
}

/// A recursive-descent parser over bytes that are known to be UTF-8.
private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  static let deepest = 64

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    let value = try parseValue()
    skipSpace()
    guard position == bytes.count else { throw error("the end of the JSON text") }
    return value
  }

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return .object(try nested { p throws(JSONError) in try p.members() })
    case UInt8(ascii: "["): return .array(try nested { p throws(JSONError) in try p.elements() })
    case UInt8(ascii: "\""): return .string(try parseString())
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return .number(try number())
    default: break
    }
    for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("a JSON value")
  }

  private mutating func nested<Value>(
    _ body: (inout Self) throws(JSONError) -> Value
  ) throws(JSONError) -> Value {
    guard depth < Self.deepest else { throw error("at most \(Self.deepest) nested levels") }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func members() throws(JSONError) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take("}") { return members }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw error("a key in double quotes") }
      let start = position
      let key = try parseString()
      guard members[key] == nil else {
        throw JSONError(
          column: start + 1, found: "the key \"\(key)\" twice", expected: "each key once")
      }
      skipSpace()
      guard take(":") else { throw error("':' after a key") }
      members[key] = try parseValue()
      skipSpace()
    } while take(",")
    guard take("}") else { throw error("',' or '}'") }
    return members
  }

  private mutating func elements() throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return elements }
    repeat {
      elements.append(try parseValue())
      skipSpace()
    } while take(",")
    guard take("]") else { throw error("',' or ']'") }
    return elements
  }

  private mutating func number() throws(JSONError) -> Double {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw JSONError(column: start + 1, found: text, expected: "a number that a double can hold")
    }
    return value
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw error("a digit") }
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &text)
      case 0..<0x20:
        throw error("a control character written as an escape")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("the '\"' that closes a string")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw error("an escape") }
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
      UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12,
      UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]
    if let value = plain[byte] {
      position += 1
      text.append(value)
    } else if byte == UInt8(ascii: "u") {
      text.append(contentsOf: String(Character(try unicodeEscape())).utf8)
    } else {
      throw error("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let start = position
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, take("\\"), peek == UInt8(ascii: "u") {
      let second = try hexadecimal()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw JSONError(
      column: start + 1, found: "half of a surrogate pair", expected: "both halves, or the letter")
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    position += 1
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits after \\u") }
    position += 4
    return value
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func error(_ expected: String) -> JSONError {
    guard position < bytes.count else {
      return JSONError(column: position + 1, found: "the end of the line", expected: expected)
    }
    let rest = String(decoding: bytes[position...].prefix(64), as: UTF8.self).prefix(12)
    return JSONError(column: position + 1, found: "'\(rest)'", expected: expected)
  }
}

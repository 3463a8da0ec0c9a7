/// Strings and their escapes.
extension JSONStrokes {
  mutating func string() throws(StrokeError) -> String {
    let line = scanner.line
    try expect("\"", "a string")
    var bytes: [UInt8] = []
    while let byte = try scanner.next() {
      guard bytes.count <= limits.textBytes else {
        throw .tooMany(
          file: scanner.file, line: line, what: "bytes of text", limit: limits.textBytes)
      }
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw .encoding(file: scanner.file, line: line, found: "bytes that are not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20:
        throw .invalid(
          file: scanner.file, line: line, found: "the control character \(byte) in a string",
          expected: "an escape such as \\n")
      default: bytes.append(byte)
      }
    }
    throw .truncated(file: scanner.file, line: line, missing: "the end of a string")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(StrokeError) {
    switch try scanner.next() {
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "u"): bytes += Array(String(try codePoint()).utf8)
    case .some(let byte) where [0x22, 0x2F, 0x5C].contains(byte): bytes.append(byte)
    case .some(let byte):
      throw invalid("the escape \\ with byte \(byte)", "one of JSON's escapes")
    case .none: throw try wrong("the rest of an escape")
    }
  }

  private mutating func codePoint() throws(StrokeError) -> Unicode.Scalar {
    let unit = try codeUnit()
    var value = UInt32(unit)
    if UTF16.isLeadSurrogate(unit), try scanner.next() == UInt8(ascii: "\\"),
      try scanner.next() == UInt8(ascii: "u")
    {
      let trail = try codeUnit()
      guard UTF16.isTrailSurrogate(trail) else {
        throw invalid("half a surrogate pair", "both halves")
      }
      value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(trail) - 0xDC00
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw invalid("half a surrogate pair", "both halves")
    }
    return scalar
  }

  private mutating func codeUnit() throws(StrokeError) -> UInt16 {
    let digits = try scanner.word(limit: 4) { ByteScanner.isWord($0) }
    guard digits.utf8.count == 4, !digits.hasPrefix("+"), let unit = UInt16(digits, radix: 16)
    else {
      throw invalid("\\u\(digits)", "four hexadecimal digits")
    }
    return unit
  }
}

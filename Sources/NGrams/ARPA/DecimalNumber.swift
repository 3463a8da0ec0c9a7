/// Decimal numbers in bytes.
enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { product, _ in product * 10 }
  }

  /// The value of `-1.25`, `3` or `1e-5`; nil for anything else, and for what is not finite.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Double? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { position = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var fractionDigits = 0
    var hasPoint = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte &- 48 < 10 {
        if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(byte - 48) }
        digits += 1
        if hasPoint { fractionDigits += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    guard position == bytes.count, mantissa < 1 << 53, digits < 19, fractionDigits <= 22 else {
      return general(bytes, exponentAt: position)
    }
    // Both numbers are exact, so that one division rounds correctly.
    let value = Double(mantissa) / powers[fractionDigits]
    return isNegative ? -value : value
  }

  /// Numbers with an exponent or with more digits than fit.
  private static func general(_ bytes: UnsafeRawBufferPointer, exponentAt: Int) -> Double? {
    if exponentAt < bytes.count {
      guard bytes[exponentAt] | 0x20 == UInt8(ascii: "e") else { return nil }
      var digits = bytes[(exponentAt + 1)...]
      if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
        digits = digits.dropFirst()
      }
      guard !digits.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }
}

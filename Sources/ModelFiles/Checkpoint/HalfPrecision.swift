extension Float {
  /// The value of a 16-bit float of IEEE 754, which float32 holds exactly.
  ///
  /// Written out because `Float16` does not exist on every platform.
  init(float16 bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:  // zero and subnormals: multiples of 2⁻²⁴
      let magnitude = Float(fraction) * 0x1p-24
      self = Float(bitPattern: magnitude.bitPattern | sign)
    case 0x1F:  // infinities and NaNs keep their payload
      self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The value whose upper half these bits are.
  init(bfloat16 bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }

  /// From here on a number is nearer to what would follow the largest 16-bit float, 65504, than to it.
  static let float16Overflow: Float = 65_520

  /// The nearest 16-bit float of IEEE 754, of two equally near ones the even one; infinite beyond
  /// the largest.
  var float16Bits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
    let magnitude = bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    guard magnitude >= 0x3880_0000 else {
      // Subnormal: whole multiples of 2⁻²⁴, the largest of which carries into the normal ones.
      let multiple = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      return sign | UInt16(multiple)
    }
    let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded - 0x3800_0000) >> 13)
  }
}

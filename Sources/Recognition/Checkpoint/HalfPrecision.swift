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
}

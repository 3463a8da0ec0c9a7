/// Writes numbers of any width up to 32 bits without gaps, low bits first.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var pendingBits = 0

  mutating func append(_ value: UInt32, bits: Int) {
    pending |= UInt64(value) << UInt64(pendingBits)
    pendingBits += bits
    while pendingBits >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }

  /// Fills the last byte.
  mutating func finish() {
    if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    (pending, pendingBits) = (0, 0)
  }
}

/// Where a number lies in each record of a packed table.
struct BitField: Sendable {
  /// The first bit inside a record.
  var shift: Int
  /// The number of bits, at most 32.
  var bits: Int
  /// As many ones.
  var mask: UInt64

  init(shift: Int, bits: Int) {
    self.shift = shift
    self.bits = bits
    mask = (1 << UInt64(bits)) - 1
  }

  /// The bit behind the number.
  var end: Int { shift + bits }

  /// The bits that the numbers up to `largest` need.
  static func width(of largest: Int) -> Int { Int.bitWidth - largest.leadingZeroBitCount }
}

extension UnsafeRawPointer {
  /// The number whose first bit is `bit`; eight bytes from there must be readable.
  @inline(__always) func number(at bit: Int, mask: UInt64) -> UInt64 {
    let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
    return word &>> UInt64(truncatingIfNeeded: bit & 7) & mask
  }
}

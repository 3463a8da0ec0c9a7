/// The 64-bit xxHash of a stream of bytes (Collet 2014, specification 0.1.1), seed 0.
///
/// It guards model files against damage, not against forgery. It was preferred to CRC-32C because
/// plain Swift runs it at several bytes per cycle without tables or special instructions, which
/// keeps the check of a model out of the start-up time, and because 64 bits leave a chance of
/// 2⁻⁶⁴ that damage stays unseen. One changed word always changes the value of its lane, since each
/// round is a bijection of the lane.
package struct XXHash64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
  private static let stripe = 32

  private var lanes = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
  private var pending: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var pendingCount = 0
  private var total: UInt64 = 0

  /// The hash of nothing so far.
  package init() {}

  /// Appends bytes to the stream; how the stream is cut into pieces does not matter.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    total &+= UInt64(bytes.count)
    var rest = bytes[...]
    if pendingCount > 0 {
      let taken = rest.prefix(Self.stripe - pendingCount)
      hold(taken)
      rest = rest.dropFirst(taken.count)
      guard pendingCount == Self.stripe else { return }
      withUnsafeBytes(of: pending) { lanes = Self.consume($0, into: lanes) }
      pendingCount = 0
    }
    let whole = rest.count / Self.stripe * Self.stripe
    lanes = Self.consume(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)), into: lanes)
    hold(rest.dropFirst(whole))
  }

  /// Appends bytes to the stream.
  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  private mutating func hold(_ bytes: Slice<UnsafeRawBufferPointer>) {
    let offset = pendingCount
    withUnsafeMutableBytes(of: &pending) {
      UnsafeMutableRawBufferPointer(rebasing: $0[offset...]).copyBytes(from: bytes)
    }
    pendingCount += bytes.count
  }

  private static func consume(
    _ bytes: UnsafeRawBufferPointer, into start: (UInt64, UInt64, UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var lanes = start
    for offset in stride(from: 0, to: bytes.count, by: stripe) {
      lanes.0 = round(lanes.0, bytes.word(at: offset))
      lanes.1 = round(lanes.1, bytes.word(at: offset + 8))
      lanes.2 = round(lanes.2, bytes.word(at: offset + 16))
      lanes.3 = round(lanes.3, bytes.word(at: offset + 24))
    }
    return lanes
  }

  /// The hash of all bytes so far.
  package var digest: UInt64 {
    var hash = Self.prime5
    if total >= UInt64(Self.stripe) {
      hash =
        lanes.0.rotated(1) &+ lanes.1.rotated(7) &+ lanes.2.rotated(12) &+ lanes.3.rotated(18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    }
    hash &+= total
    return withUnsafeBytes(of: pending) { Self.finish(hash, $0.prefix(pendingCount)) }
  }

  private static func finish(_ start: UInt64, _ tail: Slice<UnsafeRawBufferPointer>) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(rebasing: tail)
    var hash = start
    var offset = 0
    while offset + 8 <= bytes.count {
      hash = (hash ^ round(0, bytes.word(at: offset))).rotated(27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      hash = (hash ^ (UInt64(half) &* prime1)).rotated(23) &* prime2 &+ prime3
      offset += 4
    }
    for byte in bytes[offset...] {
      hash = (hash ^ (UInt64(byte) &* prime5)).rotated(11) &* prime1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    (lane &+ word &* prime2).rotated(31) &* prime1
  }
}

extension UInt64 {
  fileprivate func rotated(_ count: UInt64) -> UInt64 {
    (self &<< count) | (self &>> (64 - count))
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

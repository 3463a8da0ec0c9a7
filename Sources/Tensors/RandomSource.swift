#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A small seeded generator whose streams are addressed by keys.
///
/// Every random decision of a training run is drawn from a source made of the run's seed and the
/// place of the decision (epoch, sample, step), so that order of execution, number of threads and
/// interruptions change nothing. The generator is SplitMix64 (Steele, Lea, Flood 2014).
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The stream that belongs to `seed` and a path of keys.
  public init(seed: UInt64, _ keys: Int...) {
    state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    for key in keys {
      state = Self.mix(state ^ Self.mix(UInt64(bitPattern: Int64(key)) &+ 0xD1B5_4A32_D192_ED03))
    }
  }

  /// The stream that belongs to this one's state and a key; this one does not move.
  public func stream(_ key: Int) -> RandomSource { RandomSource(seed: state, key) }

  /// Sixty-four uniform bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A float in `0..<1` with 24 random bits.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A float in `range`.
  public mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer in `range`, without modulo bias.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// Whether an event of this probability happens.
  public mutating func chance(_ probability: Float) -> Bool { uniform() < probability }

  /// A standard normal variate, by the polar method of Marsaglia.
  public mutating func normal() -> Float {
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = u * u + v * v
      if square > 0, square < 1 { return u * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// So many standard normal variates: both of every pair that the polar method accepts, each pair
  /// from one draw of bits. Not the values that as many calls of ``normal()`` give.
  public mutating func normals(_ count: Int) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { values, filled in
      var source = self
      while filled < count {
        let bits = source.next()
        let u = Float(bits >> 40) * 0x1p-23 - 1
        let v = Float((bits >> 16) & 0xFF_FFFF) * 0x1p-23 - 1
        let square = u * u + v * v
        guard square > 0, square < 1 else { continue }
        let factor = (-2 * log(square) / square).squareRoot()
        values.initializeElement(at: filled, to: u * factor)
        if filled + 1 < count { values.initializeElement(at: filled + 1, to: v * factor) }
        filled = min(count, filled + 2)
      }
      self = source
    }
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

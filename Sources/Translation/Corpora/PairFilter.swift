/// Which pairs of a corpus are fit to learn from.
///
/// Pairs with an empty side always go: they teach a network to say nothing.
public struct PairFilter: Sendable, Equatable {
  /// The most tokens that either side may have.
  public var maximumLength: Int
  /// How many times as many tokens as the other a side may have; no limit if nil. Sentences of very
  /// different lengths are seldom translations of each other.
  public var maximumLengthRatio: Float?

  /// A filter with these limits.
  public init(maximumLength: Int, maximumLengthRatio: Float? = nil) {
    (self.maximumLength, self.maximumLengthRatio) = (maximumLength, maximumLengthRatio)
  }

  /// How many pairs were left out, by the first reason that held.
  public struct LeftOut: Sendable, Equatable, CustomStringConvertible {
    /// A side was empty.
    public var empty = 0
    /// A side was longer than ``PairFilter/maximumLength``.
    public var tooLong = 0
    /// The lengths were further apart than ``PairFilter/maximumLengthRatio``.
    public var tooUneven = 0

    /// None.
    public init() {}

    /// All of them.
    public var count: Int { empty + tooLong + tooUneven }

    /// The counts in words, as `1 empty, 2 too long`; `none` if there are none.
    public var description: String {
      let parts = [(empty, "empty"), (tooLong, "too long"), (tooUneven, "too uneven in length")]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
  }

  /// Those elements whose lengths are fit, and how many are not, and why.
  ///
  /// - Parameter lengths: The numbers of tokens of a pair's two sides.
  public func callAsFunction<Pair>(
    _ pairs: [Pair], lengths: (Pair) -> (Int, Int)
  ) -> (kept: [Pair], leftOut: LeftOut) {
    var leftOut = LeftOut()
    let kept = pairs.filter { pair in
      let (source, target) = lengths(pair)
      let (short, long) = (min(source, target), max(source, target))
      if short == 0 {
        leftOut.empty += 1
      } else if long > maximumLength {
        leftOut.tooLong += 1
      } else if let ratio = maximumLengthRatio, Float(long) > ratio * Float(short) {
        leftOut.tooUneven += 1
      } else {
        return true
      }
      return false
    }
    return (kept, leftOut)
  }
}

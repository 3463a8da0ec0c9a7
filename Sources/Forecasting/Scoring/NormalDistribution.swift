#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution.
enum NormalDistribution {
  /// Its density.
  static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

  /// Its distribution function.
  static func probability(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The z of a level between 0 and 1, by Newton's method on the logarithm of the distribution
  /// function.
  ///
  /// The logarithm is concave and the start, from Φ(−x) ≤ exp(−x² / 2) / 2, lies left of the root, so
  /// that every step goes right and none too far.
  static func quantile(_ level: Double) -> Double {
    precondition(level > 0 && level < 1, "NormalDistribution: got level \(level), expected 0 to 1")
    guard level != 0.5 else { return 0 }
    // Of the lower half, for accuracy in the tail.
    let tail = min(level, 1 - level)
    var z = -(-2 * log(2 * tail)).squareRoot()
    for _ in 0..<60 {
      let found = probability(z)
      let step = (log(found) - log(tail)) * found / density(z)
      z -= step
      if abs(step) <= 1e-14 * max(1, abs(z)) { break }
    }
    return level < 0.5 ? z : -z
  }

  /// The continuous ranked probability score of the normal distribution of mean 0 and deviation 1 at
  /// z (Gneiting and Raftery 2007, equation 20, with the sign of an error).
  static func score(_ z: Double) -> Double {
    z * (2 * probability(z) - 1) + 2 * density(z) - 1 / Double.pi.squareRoot()
  }
}

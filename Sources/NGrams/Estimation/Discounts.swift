/// What modified Kneser–Ney smoothing takes from counts of one, two, and three or more.
public struct Discounts: Equatable, Sendable {
  /// Taken from a count of 1.
  public var one: Double
  /// Taken from a count of 2.
  public var two: Double
  /// Taken from counts of 3 and more.
  public var threeOrMore: Double
  /// Whether the counts gave no discounts, so that the usual ones stand in.
  public var areFallback = false

  /// What stands in, as with `lmplz --discount_fallback`.
  public static let fallback = Discounts(
    one: 0.5, two: 1, threeOrMore: 1.5, areFallback: true)

  /// The closed form of Chen and Goodman (1998, equation 26).
  ///
  /// D = j − (j + 1) · n₁ / (n₁ + 2 n₂) · nⱼ₊₁ / nⱼ. The fallback stands in where it is not defined
  /// (no n-gram is counted once, twice or three times) or lies outside 0...j.
  ///
  /// - Parameter counts: The numbers of n-grams that are counted 0, 1, 2, 3 and 4 times.
  init(countsOfCounts counts: [Int]) {
    let count = counts.map(Double.init)
    guard count[1] > 0, count[2] > 0, count[3] > 0 else {
      self = .fallback
      return
    }
    let share = count[1] / (count[1] + 2 * count[2])
    let discounts = (1...3).map { j in
      Double(j) - Double(j + 1) * share * count[j + 1] / count[j]
    }
    guard zip(discounts, 1...3).allSatisfy({ (0...Double($1)).contains($0) }) else {
      self = .fallback
      return
    }
    self.init(one: discounts[0], two: discounts[1], threeOrMore: discounts[2])
  }

  init(one: Double, two: Double, threeOrMore: Double, areFallback: Bool = false) {
    (self.one, self.two, self.threeOrMore) = (one, two, threeOrMore)
    self.areFallback = areFallback
  }

  /// What is taken from a count.
  func discount(_ count: UInt32) -> Double {
    switch count {
    case 0: 0
    case 1: one
    case 2: two
    default: threeOrMore
    }
  }
}

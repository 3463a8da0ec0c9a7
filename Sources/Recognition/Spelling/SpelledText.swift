#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text as a ``SpellingSearch`` finds it.
public struct SpelledText: Sendable, Equatable {
  /// Its labels, without the mark of the end.
  public var labels: [Int]
  /// The log-probability of the labels and the end by the attentive decoder, in nats; 0 where it was
  /// not asked.
  public var attentionScore: Double
  /// The log-probability of the text by the CTC output; 0 where it was not asked.
  public var ctcScore: Double
  /// The weighted sum of both.
  public var sum: Double
  /// What texts are ordered by: the sum, with the penalties of length and coverage.
  public var score: Double
  /// The probability of each label and of the end after what stands before, by the attentive decoder.
  public var probabilities: [Float]
  /// For each label and the end, how much each position of the memory was attended to; a row sums
  /// to 1.
  public var attention: [[Float]]
  /// Whether it ends by itself, and not because it grew too long.
  public var isComplete: Bool
}

extension SpellingSearchConfiguration {
  /// What the sum of a text is divided by.
  func lengthFactor(_ length: Int) -> Double {
    pow((5 + Double(max(1, length))) / 6, Double(lengthPenalty))
  }

  /// Wu et al. 2016, equation 14.
  func score(sum: Double, length: Int, attention: [[Float]]) -> Double {
    let score = sum / lengthFactor(length)
    guard coveragePenalty > 0, let width = attention.first?.count else { return score }
    var coverage = [Double](repeating: 0, count: width)
    for row in attention {
      for (index, weight) in row.enumerated() { coverage[index] += Double(weight) }
    }
    let least = 1e-6
    return score
      + Double(coveragePenalty) * coverage.reduce(0) { $0 + log(max(least, min($1, 1))) }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well confidences tell how often words are right.
public struct CalibrationMeasures: Codable, Sendable, Equatable {
  /// Words of similar confidence.
  public struct Bin: Codable, Sendable, Equatable {
    /// The lowest confidence that belongs to it.
    public var lower: Double
    /// The highest.
    public var upper: Double
    /// The number of words.
    public var count: Int
    /// Their mean confidence; 0 for none.
    public var confidence: Double
    /// The share of right words; 0 for none.
    public var accuracy: Double
  }

  /// The number of words.
  public let count: Int
  /// The share of right words; 0 for none.
  public let accuracy: Double
  /// The mean confidence; 0 for none.
  public let confidence: Double
  /// The mean difference between confidence and accuracy over ``bins``, weighted by their counts
  /// (Naeini et al. 2015).
  public let expectedCalibrationError: Double
  /// The same over bins of equally many words; equal confidences stay together.
  public let equalMassCalibrationError: Double
  /// The mean squared difference between confidence and outcome (Brier 1950).
  public let brierScore: Double
  /// The mean negative log-likelihood of the outcomes in nats.
  public let negativeLogLikelihood: Double
  /// How much of the uncertainty about the outcomes, known only their share, the confidences take
  /// away: 1 all, 0 none, less than 0 if they mislead (Siu and Gish 1999, as NIST computes it). Nil
  /// where all words are right or all wrong, as nothing is uncertain then.
  public let normalizedCrossEntropy: Double?
  /// The words in bins of equal width, empty ones included.
  public let bins: [Bin]

  /// Logarithms see confidences in `margin...1 - margin`.
  private static let margin = 1e-6

  /// The measures of words with their confidences, in `0...1`.
  public init(_ words: [(confidence: Float, isCorrect: Bool)], binCount: Int = 10) {
    precondition(binCount > 0, "CalibrationMeasures: \(binCount) bins, expected 1 or more")
    precondition(
      words.allSatisfy { (0...1).contains($0.confidence) },
      "CalibrationMeasures: a confidence outside 0...1")
    count = words.count
    let whole = Self.bin(words, 0, 1)
    (accuracy, confidence) = (whole.accuracy, whole.confidence)
    bins = Self.equalWidth(words, binCount)
    expectedCalibrationError = Self.error(bins, count)
    equalMassCalibrationError = Self.error(Self.equalMass(words, binCount), count)
    let total = Double(max(1, count))
    brierScore =
      words.reduce(0) { sum, word in
        let difference = Double(word.confidence) - (word.isCorrect ? 1 : 0)
        return sum + difference * difference
      } / total
    let loss = words.reduce(0) { sum, word in
      let confidence = min(1 - Self.margin, max(Self.margin, Double(word.confidence)))
      return sum - log(word.isCorrect ? confidence : 1 - confidence)
    }
    negativeLogLikelihood = loss / total
    let share = whole.accuracy
    let entropy = -(share * log(share) + (1 - share) * log(1 - share)) * total
    normalizedCrossEntropy = share > 0 && share < 1 ? (entropy - loss) / entropy : nil
  }

  private static func bin(
    _ words: [(confidence: Float, isCorrect: Bool)], _ lower: Double, _ upper: Double
  ) -> Bin {
    let total = Double(max(1, words.count))
    return Bin(
      lower: lower, upper: upper, count: words.count,
      confidence: words.reduce(0) { $0 + Double($1.confidence) } / total,
      accuracy: Double(words.count { $0.isCorrect }) / total)
  }

  private static func equalWidth(
    _ words: [(confidence: Float, isCorrect: Bool)], _ count: Int
  ) -> [Bin] {
    var groups = [[(confidence: Float, isCorrect: Bool)]](repeating: [], count: count)
    for word in words {
      groups[min(count - 1, Int(Double(word.confidence) * Double(count)))].append(word)
    }
    return groups.enumerated().map { index, group in
      bin(group, Double(index) / Double(count), Double(index + 1) / Double(count))
    }
  }

  private static func equalMass(
    _ words: [(confidence: Float, isCorrect: Bool)], _ count: Int
  ) -> [Bin] {
    let order = words.indices.sorted { (words[$0].confidence, $0) < (words[$1].confidence, $1) }
    let sorted = order.map { words[$0] }
    var bins: [Bin] = []
    var start = 0
    for number in 1...count where start < sorted.count {
      var end = max(start, number * sorted.count / count)
      while end > start, end < sorted.count, sorted[end].confidence == sorted[end - 1].confidence {
        end += 1
      }
      guard end > start else { continue }
      let group = Array(sorted[start..<end])
      bins.append(bin(group, Double(group[0].confidence), Double(sorted[end - 1].confidence)))
      start = end
    }
    return bins
  }

  private static func error(_ bins: [Bin], _ count: Int) -> Double {
    bins.reduce(0) { $0 + Double($1.count) * abs($1.confidence - $1.accuracy) }
      / Double(max(1, count))
  }
}

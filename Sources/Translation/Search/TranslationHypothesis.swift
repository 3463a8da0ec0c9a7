/// A translation as the search finds it.
public struct TranslationHypothesis: Sendable, Equatable {
  /// The tokens, without the marks of beginning and end.
  public var tokens: [Int]
  /// The logarithm of its probability, in nats.
  public var logProbability: Float
  /// What hypotheses are ordered by: the probability with the penalties of length and coverage.
  public var score: Float
  /// For each token, the mark of the end included, how much each token of the source was attended
  /// to; a row sums to 1.
  public var attention: [[Float]]
  /// Whether it ends by itself, and not because it grew too long.
  public var isComplete: Bool
}

/// A translation on its way.
struct PartialTranslation {
  var tokens: [Int] = []
  var logProbability: Float = 0
  var attention: [[Float]] = []

  /// This one and another token.
  func extended(by token: Int, logProbability: Float, attending weights: [Float]) -> Self {
    var longer = self
    longer.tokens.append(token)
    longer.logProbability = logProbability
    longer.attention.append(weights)
    return longer
  }

  /// The hypothesis that ends here.
  func finished(
    isComplete: Bool, _ configuration: TranslationSearchConfiguration
  ) -> TranslationHypothesis {
    TranslationHypothesis(
      tokens: isComplete ? Array(tokens.dropLast()) : tokens, logProbability: logProbability,
      score: score(configuration), attention: attention, isComplete: isComplete)
  }

  /// Wu et al. 2016, equation 14.
  private func score(_ configuration: TranslationSearchConfiguration) -> Float {
    let length = Float(max(1, tokens.count))
    var score = logProbability / power((5 + length) / 6, configuration.lengthPenalty)
    guard configuration.coveragePenalty > 0, let first = attention.first else { return score }
    var coverage = [Float](repeating: 0, count: first.count)
    for row in attention {
      for (index, weight) in row.enumerated() { coverage[index] += weight }
    }
    let smallest: Float = 1e-6
    let penalty = coverage.reduce(Float(0)) { $0 + logarithm(max(smallest, min($1, 1))) }
    score += configuration.coveragePenalty * penalty
    return score
  }
}

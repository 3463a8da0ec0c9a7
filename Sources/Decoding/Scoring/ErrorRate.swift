import Tensors

/// An error rate over a corpus and how far it can be trusted.
public struct ErrorRate: Codable, Sendable, Equatable {
  /// The edits of all pairs together.
  public let counts: EditCounts
  /// The errors per element of the references; 0.05 is 5 %.
  public let rate: Double
  /// The lower end of the 95 % confidence interval.
  public let lower: Double
  /// The upper end of the 95 % confidence interval.
  public let upper: Double

  /// The rate of the sum, with an interval by the percentile bootstrap (Efron 1979).
  ///
  /// Utterances are drawn with repetition, because errors within one are not independent (Bisani
  /// and Ney 2004). The same seed gives the same interval.
  ///
  /// - Parameters:
  ///   - utterances: The counts of each utterance.
  ///   - resamples: How many corpora are drawn.
  public init(_ utterances: [EditCounts], seed: UInt64 = 0, resamples: Int = 1000) {
    precondition(resamples > 0, "ErrorRate: \(resamples) resamples, expected 1 or more")
    counts = utterances.reduce(EditCounts(), +)
    rate = counts.rate
    guard !utterances.isEmpty else {
      (lower, upper) = (0, 0)
      return
    }
    let rates = (0..<resamples).map { round in
      var source = RandomSource(seed: seed, round)
      return Self.resampledRate(utterances, &source)
    }.sorted()
    lower = Self.quantile(0.025, of: rates)
    upper = Self.quantile(0.975, of: rates)
  }

  private static func resampledRate(
    _ utterances: [EditCounts], _ source: inout RandomSource
  ) -> Double {
    var total = EditCounts()
    for _ in utterances.indices {
      total = total + utterances[source.integer(in: 0...utterances.count - 1)]
    }
    return total.rate
  }

  /// The quantile of sorted values, with linear interpolation between neighbours.
  private static func quantile(_ fraction: Double, of values: [Double]) -> Double {
    let position = fraction * Double(values.count - 1)
    let index = Int(position)
    let next = min(index + 1, values.count - 1)
    return values[index] + (position - Double(index)) * (values[next] - values[index])
  }
}

/// Counts the errors of transcripts against references.
public struct ErrorTally: Sendable {
  /// The word edits of each utterance, in the order in which they were added.
  public private(set) var words: [EditCounts] = []
  /// The grapheme edits of each utterance, in the order in which they were added.
  public private(set) var characters: [EditCounts] = []

  /// A tally of nothing.
  public init() {}

  /// Adds one utterance and returns its own edits.
  ///
  /// Words are what white space parts. Characters are the graphemes of the words with one space
  /// between them. Texts that are canonically equivalent in Unicode are equal; case counts.
  @discardableResult
  public mutating func add(
    reference: String, hypothesis: String
  ) -> (words: EditCounts, characters: EditCounts) {
    let reference = reference.split(whereSeparator: \.isWhitespace)
    let hypothesis = hypothesis.split(whereSeparator: \.isWhitespace)
    let words = EditCounts(reference: reference, hypothesis: hypothesis)
    let characters = EditCounts(
      reference: reference.joined(separator: " "), hypothesis: hypothesis.joined(separator: " "))
    add(words: words, characters: characters)
    return (words, characters)
  }

  /// Adds one utterance whose edits are known.
  public mutating func add(words: EditCounts, characters: EditCounts) {
    self.words.append(words)
    self.characters.append(characters)
  }

  /// The number of utterances.
  public var utteranceCount: Int { words.count }
  /// The number of utterances with a wrong word.
  public var wrongUtteranceCount: Int { words.count { $0.errors > 0 } }

  /// WER with its 95 % confidence interval.
  public func wordErrorRate(seed: UInt64 = 0, resamples: Int = 1000) -> ErrorRate {
    ErrorRate(words, seed: seed, resamples: resamples)
  }

  /// CER with its 95 % confidence interval.
  public func characterErrorRate(seed: UInt64 = 0, resamples: Int = 1000) -> ErrorRate {
    ErrorRate(characters, seed: seed, resamples: resamples)
  }
}

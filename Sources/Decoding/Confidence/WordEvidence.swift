#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a decoder knows about whether a word is right.
public struct WordEvidence: Sendable, Equatable {
  /// The share of the readings, by their probability, that have the word in this place, in `0...1`;
  /// 1 where there is one reading.
  public var posterior: Float
  /// The geometric mean of the network's probabilities of the letters, in `0...1`.
  public var letterConfidence: Float
  /// The number of graphemes.
  public var letterCount: Int

  /// A word with this evidence.
  public init(posterior: Float, letterConfidence: Float, letterCount: Int) {
    (self.posterior, self.letterConfidence) = (posterior, letterConfidence)
    self.letterCount = letterCount
  }

  /// A confidence without calibration: both kinds of evidence as if they were independent.
  public var confidence: Float {
    let product = posterior * letterConfidence
    return product >= 0 ? min(1, product) : 0
  }

  /// The evidence for each word of the best of several readings of the same frames.
  ///
  /// A word's posterior is the sum of the posteriors of the readings whose alignment of fewest edits
  /// with the best reading has the same word in its place: word posteriors from N-best lists, as in
  /// Wessel et al. 2001, with the alignment to one reading of Mangu et al. 2000. The probabilities
  /// are the exponentials of the scores times `scoreScale`, because the scores of a decoder are far
  /// more extreme than what it knows. Scores that are not finite count as impossible; where all are,
  /// the readings are equally probable.
  ///
  /// - Parameters:
  ///   - hypotheses: The readings, the best first; not empty.
  ///   - scoreScale: Over 0.
  /// - Returns: The evidence in the order of the words of a ``Transcript``.
  /// - Complexity: O(*readings* · *words*²) at worst, O(*readings* · *letters*) where they differ in
  ///   one place.
  public static func words(
    of hypotheses: [Hypothesis], alphabet: Alphabet, scoreScale: Float = 1
  ) -> [WordEvidence] {
    precondition(!hypotheses.isEmpty, "WordEvidence: no hypotheses, expected 1 or more")
    precondition(
      scoreScale > 0 && scoreScale.isFinite,
      "WordEvidence: scoreScale \(scoreScale), expected finite, > 0")
    let best = alphabet.spelledWords(of: hypotheses[0])
    let texts = best.map(\.text)
    var mass = [Double](repeating: 0, count: best.count)
    let weights = weights(of: hypotheses.map(\.score), scale: Double(scoreScale))
    for (index, (hypothesis, weight)) in zip(hypotheses, weights).enumerated() where weight > 0 {
      let other =
        index == 0 ? texts : alphabet.spelledWords(of: hypothesis).map(\.text)
      for place in places(of: texts, in: other) { mass[place] += weight }
    }
    return zip(best, mass).map { word, mass in
      WordEvidence(
        posterior: Float(min(1, mass)), letterConfidence: word.confidence,
        letterCount: word.letterCount)
    }
  }

  /// The probabilities of readings, which sum to 1.
  private static func weights(of scores: [Double], scale: Double) -> [Double] {
    let usable = scores.map { $0.isFinite ? $0 * scale : -.infinity }
    guard let largest = usable.max(), largest > -.infinity else {
      return scores.map { _ in 1 / Double(scores.count) }
    }
    let powers = usable.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// The positions in `words` of those that `other` has in the same place.
  private static func places(of words: [String], in other: [String]) -> [Int] {
    if words == other { return Array(words.indices) }
    var places: [Int] = []
    var position = 0
    for step in EditAlignment(reference: words, hypothesis: other).steps {
      switch step {
      case .match:
        places.append(position)
        position += 1
      case .substitution, .deletion: position += 1
      case .insertion: break
      }
    }
    return places
  }
}

extension Alphabet {
  /// The words of a reading, as a ``Transcript`` has them.
  func spelledWords(
    of hypothesis: Hypothesis
  ) -> [(text: String, confidence: Float, letterCount: Int)] {
    pieces(of: hypothesis.labels).split { $0.grapheme == Alphabet.wordDelimiter }.map { pieces in
      var text = ""
      for piece in pieces { text.append(piece.grapheme) }
      let spans = pieces.flatMap { hypothesis.spans[$0.range] }
      return (text, Confidence.mean(spans.lazy.map(\.confidence)), pieces.count)
    }
  }
}

extension Transcript {
  /// The best of several readings in the words of an alphabet, with confidences from all of them.
  ///
  /// The confidence of a word is the probability that it is right, if there is a calibration, else
  /// ``WordEvidence/confidence``. That of a segment and of the whole is the mean over their words: the
  /// share of words that one may expect to be right. Characters keep the confidence of the network.
  ///
  /// - Parameters:
  ///   - hypotheses: The readings, the best first; not empty.
  ///   - frameDuration: The seconds from one frame to the next.
  ///   - startTime: When the first frame begins, in seconds.
  public init(
    hypotheses: [Hypothesis], alphabet: Alphabet, frameDuration: Double, startTime: Double = 0,
    calibration: ConfidenceCalibration? = nil
  ) {
    precondition(!hypotheses.isEmpty, "Transcript: no hypotheses, expected 1 or more")
    self.init(
      hypotheses[0], alphabet: alphabet, frameDuration: frameDuration, startTime: startTime)
    let evidence = WordEvidence.words(
      of: hypotheses, alphabet: alphabet, scoreScale: calibration?.scoreScale ?? 1)
    for (index, evidence) in evidence.enumerated() {
      words[index].confidence = Self.digits(calibration?(evidence) ?? evidence.confidence)
    }
    guard !words.isEmpty else { return }
    confidence = Self.digits(Self.mean(words[...]))
    for index in segments.indices {
      segments[index].confidence = Self.digits(Self.mean(words[segments[index].words]))
    }
  }

  private static func mean(_ words: ArraySlice<Word>) -> Float {
    words.reduce(0) { $0 + $1.confidence } / Float(max(1, words.count))
  }
}

import Decoding

extension EvaluationResult {
  /// How far the starts and ends of right words are from the known ones; nil if none is known.
  public var timeErrors: (starts: TimeErrors, ends: TimeErrors)? {
    let starts = lines.flatMap(\.startDifferences)
    let ends = lines.flatMap(\.endDifferences)
    return starts.isEmpty && ends.isEmpty ? nil : (TimeErrors(starts), TimeErrors(ends))
  }
}

extension EvaluationResult.Line {
  /// Notes how far words are from the sample's known cuts.
  package mutating func compareTimes(of words: [Transcript.Word], normalization: TextNormalization)
  {
    for (word, known) in zip(words, sample.knownTimes(of: words, normalization: normalization)) {
      if let start = known.start { startDifferences.append(word.start - start) }
      if let end = known.end { endDifferences.append(word.end - end) }
    }
  }
}

extension Sample {
  /// When words that were read are known to start and end: nil where a word is wrong or nobody knows.
  ///
  /// Of a cut with several words, the start of the first and the end of the last are known.
  func knownTimes(
    of words: [Transcript.Word], normalization: TextNormalization
  ) -> [(start: Double?, end: Double?)] {
    var known: [(text: String, start: Double?, end: Double?)] = []
    for cut in cuts {
      let texts = normalization(cut.text).split(whereSeparator: \.isWhitespace)
      for (index, text) in texts.enumerated() {
        known.append(
          (
            String(text), index == 0 ? cut.start : nil,
            index == texts.count - 1 ? cut.end : nil
          ))
      }
    }
    return WordCorrectness.of(words.map(\.text), reference: known.map(\.text)).map { place in
      place.map { (known[$0].start, known[$0].end) } ?? (nil, nil)
    }
  }
}

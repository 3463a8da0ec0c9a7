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
  ///
  /// Of a cut with several words, the start of the first and the end of the last are known.
  package mutating func compareTimes(of words: [Transcript.Word], normalization: TextNormalization)
  {
    guard !sample.cuts.isEmpty else { return }
    var known: [(text: String, start: Double?, end: Double?)] = []
    for cut in sample.cuts {
      let texts = normalization(cut.text).split(whereSeparator: \.isWhitespace)
      for (index, text) in texts.enumerated() {
        known.append(
          (
            String(text), index == 0 ? cut.start : nil,
            index == texts.count - 1 ? cut.end : nil
          ))
      }
    }
    let places = WordCorrectness.of(words.map(\.text), reference: known.map(\.text))
    for (word, place) in zip(words, places) {
      guard let place else { continue }
      if let start = known[place].start { startDifferences.append(word.start - start) }
      if let end = known[place].end { endDifferences.append(word.end - end) }
    }
  }
}

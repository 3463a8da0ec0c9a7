import Decoding
import Training

/// Utterances with what was found in them.
struct ScoredRun {
  /// One utterance.
  struct Line {
    /// The alignment of its words or characters.
    var utterance: ScoredUtterance
    /// Where its reference stands.
    var place: String
    /// The edits between the words.
    var words: EditCounts
    /// The edits between the characters.
    var characters: EditCounts
    /// Where its signal is; nil if only its text is known.
    var sample: Sample?
  }

  let scorer: Scorer
  let unit: ScoringUnit
  private(set) var lines: [Line] = []

  /// What a recogniser wrote, scored.
  init(
    _ result: EvaluationResult, by scorer: Scorer, unit: ScoringUnit
  ) throws(ScoringError) {
    (self.scorer, self.unit) = (scorer, unit)
    for line in result.lines {
      try add(
        id: line.sample.id, speaker: line.sample.speaker, place: "\(line.sample.origin)",
        reference: line.reference, hypothesis: line.hypothesis, sample: line.sample)
    }
  }

  /// The texts of two files, scored.
  init(
    _ pairs: [TranscriptFile.Pair], of file: String, by scorer: Scorer, unit: ScoringUnit
  ) throws(ScoringError) {
    (self.scorer, self.unit) = (scorer, unit)
    for pair in pairs {
      try add(
        id: pair.id, speaker: pair.speaker, place: "\(file):\(pair.line)",
        reference: pair.reference,
        hypothesis: pair.hypothesis, sample: nil)
    }
  }

  private mutating func add(
    id: String, speaker: String?, place: String, reference: String, hypothesis: String,
    sample: Sample?
  ) throws(ScoringError) {
    let pair: Scorer.Pair
    do {
      pair = try scorer(reference: reference, hypothesis: hypothesis)
    } catch {
      throw error.at(place)
    }
    let alignment = unit == .words ? pair.words : pair.characters
    lines.append(
      Line(
        utterance: ScoredUtterance(id: id, speaker: speaker, alignment: alignment),
        place: place, words: pair.wordCounts, characters: pair.characterCounts, sample: sample))
  }

  /// The utterances in their order.
  var utterances: [ScoredUtterance] { lines.map(\.utterance) }

  /// The edits of all utterances.
  var tally: ErrorTally {
    var tally = ErrorTally()
    for line in lines { tally.add(words: line.words, characters: line.characters) }
    return tally
  }

  /// The result with the edits that were found here.
  func rescored(_ result: EvaluationResult) -> EvaluationResult {
    var result = result
    for (index, line) in lines.enumerated() {
      result.lines[index].words = line.words
      result.lines[index].characters = line.characters
    }
    return result
  }

  /// The utterances with the highest error rate, the worst first, none without an error.
  func worst(_ count: Int) -> [Line] {
    let wrong = lines.enumerated().filter { $0.element.characters.errors > 0 }
    let order = wrong.sorted { a, b in
      (-a.element.characters.rate, -a.element.characters.errors, a.offset)
        < (-b.element.characters.rate, -b.element.characters.errors, b.offset)
    }
    return order.prefix(count).map(\.element)
  }
}

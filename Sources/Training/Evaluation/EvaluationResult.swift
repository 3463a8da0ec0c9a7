import Decoding

/// What a recogniser wrote for each sample of a set, and how wrong it was.
public struct EvaluationResult: Sendable {
  /// One sample, what it should read and what was read.
  public struct Line: Sendable {
    /// The sample.
    public var sample: Sample
    /// The transcript, normalised as the recogniser's transcripts are.
    public var reference: String
    /// What the recogniser wrote.
    public var hypothesis: String
    /// The edits between the words of both.
    public var words: EditCounts
    /// The edits between the characters of both.
    public var characters: EditCounts
    /// How much later than known the right words start, in seconds.
    public var startDifferences: [Double] = []
    /// How much later than known the right words end, in seconds.
    public var endDifferences: [Double] = []

    /// A sample and what was read, without times.
    package init(
      sample: Sample, reference: String, hypothesis: String, words: EditCounts,
      characters: EditCounts
    ) {
      (self.sample, self.reference, self.hypothesis) = (sample, reference, hypothesis)
      (self.words, self.characters) = (words, characters)
    }
  }

  /// The samples that were read, in the order of the set.
  public var lines: [Line] = []
  /// The samples that could not be read, in the order of the set.
  public var problems: [SampleProblem] = []
  /// The mean CTC loss of a sample in nats; nil if none was asked for.
  public var loss: Double?
  /// The seconds of sound that were read.
  public var audioDuration = 0.0
  /// The seconds that it took, reading the files included.
  public var elapsed = 0.0

  /// The result of nothing.
  public init() {}

  /// The edits of all lines.
  public var tally: ErrorTally {
    var tally = ErrorTally()
    for line in lines { tally.add(words: line.words, characters: line.characters) }
    return tally
  }

  /// The word edits of all lines together.
  public var words: EditCounts { lines.reduce(EditCounts()) { $0 + $1.words } }

  /// The character edits of all lines together.
  public var characters: EditCounts { lines.reduce(EditCounts()) { $0 + $1.characters } }

  /// The share of wrong words; insertions may take it over 1.
  public var wordErrorRate: Double { words.rate }

  /// The share of wrong characters; insertions may take it over 1.
  public var characterErrorRate: Double { characters.rate }

  /// The seconds of work for one second of sound; 0 if there was none.
  public var realTimeFactor: Double { audioDuration > 0 ? elapsed / audioDuration : 0 }

  /// The lines with the highest character error rate, the worst first, none without an error.
  public func worst(_ count: Int) -> [Line] {
    let wrong = lines.enumerated().filter { $0.element.characters.errors > 0 }
    let order = wrong.sorted { a, b in
      (-a.element.characters.rate, -a.element.characters.errors, a.offset)
        < (-b.element.characters.rate, -b.element.characters.errors, b.offset)
    }
    return order.prefix(count).map(\.element)
  }

  /// The results of each speaker by name; empty if the set names none.
  public var bySpeaker: [(speaker: String, result: EvaluationResult)] {
    let groups = Dictionary(grouping: lines) { $0.sample.speaker }
    guard groups.keys.contains(where: { $0 != nil }) else { return [] }
    return groups.map { speaker, lines in
      var result = EvaluationResult()
      result.lines = lines
      return (speaker: speaker ?? "(unknown)", result: result)
    }.sorted { $0.speaker < $1.speaker }
  }
}

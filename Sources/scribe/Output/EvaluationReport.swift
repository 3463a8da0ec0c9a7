import Decoding
import Tensors
import Training

/// What `scribe evaluate` tells.
struct EvaluationReport: Encodable {
  /// Errors of characters or of words.
  struct Rate: Encodable {
    var rate: Double
    var lower: Double
    var upper: Double
    var errors: Int
    var substitutions: Int
    var deletions: Int
    var insertions: Int
    var referenceCount: Int

    init(_ rate: ErrorRate) {
      (self.rate, lower, upper) = (rate.rate, rate.lower, rate.upper)
      (errors, referenceCount) = (rate.counts.errors, rate.counts.referenceCount)
      (substitutions, deletions) = (rate.counts.substitutions, rate.counts.deletions)
      insertions = rate.counts.insertions
    }
  }

  /// How many samples have a wrong word.
  struct Sentences: Encodable {
    var count: Int
    var wrong: Int
    var rate: Double
  }

  /// The errors with one speaker.
  struct Speaker: Encodable {
    var speaker: String
    var sentences: Sentences
    var characterErrorRate: Rate
    var wordErrorRate: Rate
  }

  /// One sample that was read wrongly.
  struct Line: Encodable {
    var file: String
    var place: String
    var reference: String
    var hypothesis: String
    var characterErrorRate: Double
    var wordErrorRate: Double
  }

  /// A sample that could not be read.
  struct Failed: Encodable {
    var file: String
    var place: String
    var reason: String
  }

  /// How far the times of right words are from the known ones.
  struct WordTimes: Encodable {
    var starts: TimeErrors
    var ends: TimeErrors
  }

  var model: String
  var manifest: String
  var sentences: Sentences
  var characterErrorRate: Rate
  var wordErrorRate: Rate
  var audioDuration: Double
  var elapsed: Double
  var realTimeFactor: Double
  var samplesPerSecond: Double
  var threads: Int
  var speakers: [Speaker]
  var worst: [Line]
  var failed: [Failed]
  var scoring: ScoringDetails
  var wordTimes: WordTimes?

  init(
    _ result: EvaluationResult, model: String, manifest: String, worst: Int,
    details: ScoringDetails
  ) {
    scoring = details
    let tally = result.tally
    self.model = model
    self.manifest = manifest
    sentences = Sentences(tally)
    characterErrorRate = Rate(tally.characterErrorRate())
    wordErrorRate = Rate(tally.wordErrorRate())
    audioDuration = result.audioDuration
    elapsed = result.elapsed
    realTimeFactor = result.realTimeFactor
    let count = Double(result.lines.count)
    samplesPerSecond = result.elapsed > 0 ? (count / result.elapsed * 100).rounded() / 100 : 0
    threads = WorkerPool.threadCount
    speakers = result.bySpeaker.map { speaker, result in
      let tally = result.tally
      return Speaker(
        speaker: speaker, sentences: Sentences(tally),
        characterErrorRate: Rate(tally.characterErrorRate()),
        wordErrorRate: Rate(tally.wordErrorRate()))
    }
    self.worst = result.worst(worst).map(Line.init)
    failed = result.problems.map {
      Failed(file: $0.sample.id, place: "\($0.sample.origin)", reason: "\($0.reason)")
    }
  }
}

extension EvaluationReport.Sentences {
  init(_ tally: ErrorTally) {
    (count, wrong) = (tally.utteranceCount, tally.wrongUtteranceCount)
    rate = Double(wrong) / Double(max(1, count))
  }
}

extension EvaluationReport.Line {
  fileprivate init(_ line: EvaluationResult.Line) {
    (file, place) = (line.sample.id, "\(line.sample.origin)")
    (reference, hypothesis) = (line.reference, line.hypothesis)
    (characterErrorRate, wordErrorRate) = (line.characters.rate, line.words.rate)
  }
}

extension EvaluationReport {
  /// The report for people.
  var text: String {
    let rates = Self.table(characters: characterErrorRate, words: wordErrorRate)
    let length = isOfSound ? ", \(audioDuration.fixed(1)) s of sound" : ""
    var text = """
      \(model) on \(manifest): \(sentences.count) samples\(length)

      \(rates)
      sentences  \(sentences.wrong) of \(sentences.count) wrong (\(sentences.rate.percent))
      speed      \(speed), \(threads) threads

      """
    if !failed.isEmpty { text += "left out   \(failed.count) samples that cannot be read\n" }
    if !speakers.isEmpty { text += "\n" + speakerTable }
    if let wordTimes { text += "\n" + Self.table(wordTimes) }
    for line in worst { text += "\n" + lines(line) }
    return text + scoring.text
  }

  /// Both rates with their intervals and edits.
  static func table(characters: Rate, words: Rate) -> String {
    var rates = Table(
      ["", "RATE", "95 % INTERVAL", "ERRORS", "OF", "SUBSTITUTED", "DELETED", "INSERTED"],
      numeric: [1, 2, 3, 4, 5, 6, 7])
    rates.add(["CER"] + cells(characters))
    rates.add(["WER"] + cells(words))
    return rates.text
  }

  private static func table(_ times: WordTimes) -> String {
    var table = Table(
      ["MILLISECONDS OFF", "MEDIAN", "MEAN", "95 %", "LATE BY", "WORDS"], numeric: [1, 2, 3, 4, 5])
    for (name, errors) in [("starts", times.starts), ("ends", times.ends)] {
      table.add(
        [name]
          + [errors.median, errors.mean, errors.percentile95, errors.bias].map {
            ($0 * 1000).fixed(1)
          } + ["\(errors.count)"])
    }
    return table.text
  }

  private var isOfSound: Bool { audioDuration > 0 }

  private var speed: String {
    if realTimeFactor > 0 {
      return "\(realTimeFactor.fixed(4)) of real time (\((1 / realTimeFactor).fixed(0)) × faster)"
    }
    return samplesPerSecond > 0
      ? "\(samplesPerSecond.fixed(1)) samples a second" : "nothing was read"
  }

  private var speakerTable: String {
    var table = Table(
      ["SPEAKER", "SAMPLES", "WRONG", "CER", "WER", "95 % INTERVAL"], numeric: [1, 2, 3, 4, 5])
    for row in speakers {
      table.add([
        row.speaker.printable, "\(row.sentences.count)", "\(row.sentences.wrong)",
        row.characterErrorRate.rate.percent, row.wordErrorRate.rate.percent,
        Self.interval(row.wordErrorRate),
      ])
    }
    return table.text
  }

  static func cells(_ rate: Rate) -> [String] {
    [rate.rate.percent, interval(rate)]
      + [rate.errors, rate.referenceCount, rate.substitutions, rate.deletions, rate.insertions]
      .map { "\($0)" }
  }

  private static func interval(_ rate: Rate) -> String {
    "\((rate.lower * 100).fixed(2)) – \(rate.upper.percent)"
  }

  private func lines(_ line: Line) -> String {
    """
    \(line.file.printable) (\(line.place.printable)): CER \(line.characterErrorRate.percent)
      \(isOfSound ? "said " : "is   ")  \(line.reference.printable)
      \(isOfSound ? "heard" : "read ")  \(line.hypothesis.printable)

    """
  }
}

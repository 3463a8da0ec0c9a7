import ArgumentParser
import Captions
import Decoding

extension TranscriptFile.Format: ExpressibleByArgument {}

/// `scribe score`: how far two files of texts differ.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report how far a file of texts differs from another: error rates, BLEU or chrF.",
    discussion: """
      Files hold a text in each line; or, by the name .trn, sclite's transcripts, in which each line \
      ends with (speaker_utterance); or, by the name .jsonl, JSON objects with 'text', and 'id' or \
      'audio_filepath'; or Kaldi's 'text' (--format kaldi). Utterances are paired by their names, or \
      by their lines where a file has no names. Words of a .ctm file are scored against the segments \
      of a .stm file by their times.

      With --metric, translations are scored as sacreBLEU does, a sentence in each line, with the \
      signature that tells how.

      EXAMPLES:
        scribe score reference.txt hypothesis.txt
        scribe score --nist --show all reference.trn hypothesis.trn
        scribe score reference.stm hypothesis.ctm
        scribe score --ignore-case --ignore-punctuation --worst 5 reference.txt hypothesis.txt
        scribe score --characters --show confusions --html report.html ref.txt hyp.txt
        scribe score --metric bleu --metric chrf reference.de hypothesis.de
        scribe score --metric bleu --baseline old.de --reference second.de first.de new.de
      """)

  @Argument(
    help: ArgumentHelp("What is right.", valueName: "reference"), completion: .file())
  var reference: String

  @Argument(
    help: ArgumentHelp("What was recognised.", valueName: "hypothesis"), completion: .file())
  var hypothesis: String

  @Option(
    help: ArgumentHelp(
      "How both files are written: lines, trn, jsonl or kaldi; as their names tell by default.",
      valueName: "format"))
  var format: TranscriptFile.Format?

  @Flag(help: "Print JSON instead of a report.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show so many of the worst utterances.", valueName: "n"))
  var worst = 0

  @OptionGroup(title: "Translation Options") var translation: MetricOptions

  @OptionGroup(title: "Scoring Options") var scoring: ScoringOptions

  func validate() throws {
    guard worst >= 0 else { throw ValidationError("--worst is \(worst), expected 0 or more.") }
    guard !translation.metric.isEmpty else { return }
    var given = scoring.forAlignments
    if format != nil { given.append("--format") }
    if worst != 0 { given.append("--worst") }
    guard given.isEmpty else {
      throw ValidationError(
        "\(given.joined(separator: ", ")): not with --metric, which aligns no words.")
    }
  }

  func run() throws {
    guard translation.metric.isEmpty else { return try runMetrics() }
    let scorer = try scoring.scorer()
    let pairs = try pairs()
    let run = try ScoredRun(pairs, of: reference, by: scorer, unit: scoring.unit)
    let report = ScoreReport(
      run, reference: reference, hypothesis: hypothesis, worst: worst, options: scoring)
    try Console.write(json ? JSON.line(report) : report.text)
    if let html = scoring.html {
      try ScoringPage(
        title: "\(hypothesis) against \(reference)", run: run, worst: worst, top: scoring.top
      ).write(to: html)
    }
  }
}

extension Score {
  private func runMetrics() throws {
    let texts = try TranslationTexts(
      TranslationTexts.Files(
        references: [reference] + translation.furtherReferences, hypothesis: hypothesis,
        baseline: translation.baseline))
    let report = MetricReport(
      texts, by: translation.metrics(ignoreCase: scoring.ignoreCase),
      resampling: translation.resampling)
    try Console.write(json ? JSON.line(report) : report.text)
  }

  private func pairs() throws -> [TranscriptFile.Pair] {
    let names = (reference.lowercased(), hypothesis.lowercased())
    guard format == nil, names.0.hasSuffix(".stm") || names.1.hasSuffix(".ctm") else {
      return try TranscriptFile.pairs(
        reference: reference, hypothesis: hypothesis, referenceFormat: format,
        hypothesisFormat: format)
    }
    guard names.0.hasSuffix(".stm"), names.1.hasSuffix(".ctm") else {
      throw UsageError(
        "\(reference) and \(hypothesis): a .ctm file of words is scored against a .stm file of "
          + "segments; give both, the .stm file first")
    }
    return TimedPairs.pairs(
      reference: try STMFile.read(reference), hypothesis: try CTMFile.read(hypothesis))
  }
}

/// What `scribe score` tells.
struct ScoreReport: Encodable {
  /// One utterance with errors.
  struct Line: Encodable {
    var id: String
    var characterErrorRate: Double
    var wordErrorRate: Double
    var alignment: [AlignedWord]
  }

  var reference: String
  var hypothesis: String
  var sentences: EvaluationReport.Sentences
  var characterErrorRate: EvaluationReport.Rate
  var wordErrorRate: EvaluationReport.Rate
  var worst: [Line]
  var scoring: ScoringDetails
  /// The report for people.
  let text: String

  enum CodingKeys: String, CodingKey {
    case reference, hypothesis, sentences, characterErrorRate, wordErrorRate, worst, scoring
  }

  init(
    _ run: ScoredRun, reference: String, hypothesis: String, worst: Int, options: ScoringOptions
  ) {
    let tally = run.tally
    (self.reference, self.hypothesis) = (reference, hypothesis)
    sentences = EvaluationReport.Sentences(tally)
    characterErrorRate = EvaluationReport.Rate(tally.characterErrorRate())
    wordErrorRate = EvaluationReport.Rate(tally.wordErrorRate())
    let lines = run.worst(worst)
    self.worst = lines.map {
      Line(
        id: $0.utterance.id, characterErrorRate: $0.characters.rate,
        wordErrorRate: $0.words.rate, alignment: $0.utterance.alignment)
    }
    scoring = ScoringDetails(run, options)
    let rates = EvaluationReport.table(
      characters: characterErrorRate, words: wordErrorRate)
    let capitals = run.scorer.normalization.ignoreCase
    text =
      """
      \(hypothesis.printable) against \(reference.printable): \(sentences.count) utterances

      \(rates)
      sentences  \(sentences.wrong) of \(sentences.count) wrong (\(sentences.rate.percent))

      """ + lines.map { "\n" + $0.utterance.alignmentText(capitals: capitals) }.joined()
      + scoring.text
  }
}

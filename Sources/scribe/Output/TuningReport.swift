import Decoding
import Recognition
import Training

/// What `scribe tune` tells.
struct TuningReport: Encodable {
  /// The errors of one way to decode the set.
  struct Row: Encodable {
    /// The numbers that were looked for; empty for the greedy decoder.
    var settings: [String: Float]
    var wordErrorRate: Double
    var characterErrorRate: Double
  }

  /// What a calibration is worth.
  struct Confidence: Encodable {
    var decoder: String
    var words: Int
    var correct: Double
    var expectedCalibrationErrorBefore: Double
    var expectedCalibrationError: Double
    var normalizedCrossEntropy: Double?
  }

  /// How far words are from their known times, in seconds.
  struct Times: Encodable {
    struct Errors: Encodable {
      var median: Double
      var percentile95: Double
    }
    var words: Int
    var startsBefore, endsBefore, starts, ends: Errors
  }

  var model: String
  var manifest: String
  var lines: Int
  var criterion: String
  var greedy: Row
  var best: Row?
  var trials: [Row] = []
  var confidences: [Confidence] = []
  var times: Times?
  var stored = ""
  private let keys: [String]

  private enum CodingKeys: String, CodingKey {
    case model, manifest, lines, criterion, greedy, best, trials, confidences, times, stored
  }

  init(
    _ tuning: DecoderTuning, _ set: EmissionSet, of recognizer: Recognizer, model: String,
    manifest: String
  ) {
    (self.model, self.manifest, lines) = (model, manifest, set.lines.count)
    (criterion, keys) = (tuning.criterion.rawValue, tuning.keys)
    let errors = set.errors(of: recognizer.greedyDecoder, alphabet: recognizer.alphabet)
    greedy = Row(
      settings: [:], wordErrorRate: errors.words.rate, characterErrorRate: errors.characters.rate)
  }

  mutating func add(_ trials: [DecoderTuning.Trial], best: DecoderTuning.Trial) {
    (self.trials, self.best) = (trials.map(row), row(best))
  }

  private func row(_ trial: DecoderTuning.Trial) -> Row {
    Row(
      settings: Self.values(trial.configuration).filter { keys.contains($0.key) },
      wordErrorRate: trial.words.rate, characterErrorRate: trial.characters.rate)
  }

  mutating func add(_ found: ConfidenceTuning, of decoder: String) {
    confidences.append(
      Confidence(
        decoder: decoder, words: found.before.count, correct: found.before.accuracy,
        expectedCalibrationErrorBefore: found.before.expectedCalibrationError,
        expectedCalibrationError: found.after.expectedCalibrationError,
        normalizedCrossEntropy: found.after.normalizedCrossEntropy))
  }

  mutating func add(_ examples: [WordTiming.Example], _ timing: WordTiming) {
    func errors(_ errors: TimeErrors) -> Times.Errors {
      Times.Errors(median: errors.median, percentile95: errors.percentile95)
    }
    let before = WordTiming.errors(examples, nil)
    let after = WordTiming.errors(examples, timing)
    times = Times(
      words: before.starts.count, startsBefore: errors(before.starts),
      endsBefore: errors(before.ends), starts: errors(after.starts), ends: errors(after.ends))
  }

  /// The numbers that tuning may look for.
  static func values(_ configuration: DecodingConfiguration) -> [String: Float] {
    [
      "languageModelWeight": configuration.languageModelWeight,
      "wordBonus": configuration.wordBonus,
      "characterModelWeight": configuration.characterModelWeight,
      "characterBonus": configuration.characterBonus,
    ]
  }
}

extension TuningReport {
  /// The report for people: errors, confidences and times, and where it all went.
  var text: String {
    """
    \(model.printable) on \(manifest.printable): \(lines) samples, \(trials.count) trials, \
    fewest errors by \(criterion.uppercased())

    \(errorTable)
    \(confidenceTable)\(timeTable)written to \(stored.printable)

    """
  }

  private var errorTable: String {
    let keys = best.map { $0.settings.keys.sorted() } ?? []
    var table = Table(["", "WER", "CER"] + keys, numeric: Set(1..<(3 + keys.count)))
    func add(_ name: String, _ row: Row) {
      table.add(
        [name, row.wordErrorRate.percent, row.characterErrorRate.percent]
          + keys.map { key in row.settings[key].map { Double($0).fixed(3) } ?? "" })
    }
    add("greedy", greedy)
    if let best { add("best", best) }
    let others = trials.filter { $0.settings != best?.settings }.sorted {
      criterion == "wer"
        ? $0.wordErrorRate < $1.wordErrorRate : $0.characterErrorRate < $1.characterErrorRate
    }
    for row in others.prefix(8) { add("", row) }
    return table.text
  }

  private var confidenceTable: String {
    guard !confidences.isEmpty else { return "" }
    var table = Table(
      ["CONFIDENCE", "WORDS", "RIGHT", "ERROR BEFORE", "AND NOW", "CROSS ENTROPY"],
      numeric: [1, 2, 3, 4, 5])
    for row in confidences {
      table.add([
        row.decoder, "\(row.words)", row.correct.percent,
        row.expectedCalibrationErrorBefore.percent, row.expectedCalibrationError.percent,
        row.normalizedCrossEntropy?.fixed(3) ?? "",
      ])
    }
    return table.text + "\n"
  }

  private var timeTable: String {
    guard let times else { return "" }
    var table = Table(
      ["TIMES OF \(times.words) WORDS", "MEDIAN OFF", "95 %", "BEFORE", "95 %"],
      numeric: [1, 2, 3, 4])
    for (name, after, before) in [
      ("starts", times.starts, times.startsBefore), ("ends", times.ends, times.endsBefore),
    ] {
      table.add(
        [name]
          + [after.median, after.percentile95, before.median, before.percentile95].map {
            "\(($0 * 1000).fixed(0)) ms"
          })
    }
    return table.text + "\n"
  }
}

import Decoding
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

  var model: String
  var manifest: String
  var lines: Int
  var criterion: String
  var greedy: Row
  var best: Row
  var trials: [Row]
  var stored: String

  init(
    _ tuning: DecoderTuning, trials: [DecoderTuning.Trial], best: DecoderTuning.Trial,
    greedy: (words: EditCounts, characters: EditCounts), lines: Int, model: String,
    manifest: String, stored: String
  ) {
    func row(_ trial: DecoderTuning.Trial) -> Row {
      let values = Self.values(trial.configuration)
      return Row(
        settings: values.filter { tuning.keys.contains($0.key) },
        wordErrorRate: trial.words.rate, characterErrorRate: trial.characters.rate)
    }
    (self.model, self.manifest, self.lines, self.stored) = (model, manifest, lines, stored)
    criterion = tuning.criterion.rawValue
    self.greedy = Row(
      settings: [:], wordErrorRate: greedy.words.rate, characterErrorRate: greedy.characters.rate)
    self.best = row(best)
    self.trials = trials.map(row)
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

  /// The report for people: the greedy decoder, the trials from the best on, and what became of them.
  var text: String {
    let keys = best.settings.keys.sorted()
    var table = Table(
      ["", "WER", "CER"] + keys, numeric: Set(1..<(3 + keys.count)))
    func cells(_ name: String, _ row: Row) -> [String] {
      [name, row.wordErrorRate.percent, row.characterErrorRate.percent]
        + keys.map { key in row.settings[key].map { Double($0).fixed(3) } ?? "" }
    }
    table.add(cells("greedy", greedy))
    table.add(cells("best", best))
    let others = trials.filter { $0.settings != best.settings }.sorted {
      criterion == "wer"
        ? $0.wordErrorRate < $1.wordErrorRate : $0.characterErrorRate < $1.characterErrorRate
    }
    for row in others.prefix(8) { table.add(cells("", row)) }
    return """
      \(model.printable) on \(manifest.printable): \(lines) samples, \(trials.count) trials, \
      fewest errors by \(criterion.uppercased())

      \(table.text)
      written to \(stored.printable)

      """
  }
}

import ArgumentParser
import Configuration
import Decoding
import Files
import ModelFiles
import NGrams
import Pictures
import Recognition
import Training

extension DecoderTuning.Criterion: ExpressibleByArgument {}

/// `scribe tune`: the weights of a model's decoder.
struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Find how much a model should trust its language models, and be trusted, on a manifest.",
    discussion: """
      The network runs once; then the weight and the bonus of each language model are looked for, \
      first on a coarse grid and then around its best point. With the best of them, confidences of \
      words are calibrated to be the share of words that are right and, if the manifest tells when \
      words are said (as those of 'scribe compose' do), so are the times of words. The result is \
      stored in the model file and used from then on; the language models are copied beside it, where \
      they are looked for. Take a manifest that the model was not trained on and that its error will \
      not be quoted on. Without a language model the other two are still found.

      EXAMPLES:
        scribe tune --model runs/mine/best.safetensors --lm mine.lm dev.jsonl
        scribe tune --model handwriting --lm letters.lm --criterion cer lines.jsonl -o best.safetensors
        scribe tune --model mine.safetensors --lm mine.lm dev.jsonl --write decoder.yaml
        scribe tune --model mine.safetensors dev.jsonl --reliability confidence.png
      """)

  @Argument(
    help: ArgumentHelp("Recordings or lines with their transcripts.", valueName: "manifest"),
    completion: .file())
  var manifest: String

  @OptionGroup var model: ModelOptions

  @OptionGroup(title: "Decoding") var decoding: DecoderOptions

  @Option(help: "What is to be small: wer or cer; wer where there is a model of words.")
  var criterion: DecoderTuning.Criterion?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write the tuned model here instead of over the old one.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the weights into this file, for --decoder, and leave the model as it is.",
      valueName: "yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var write: String?

  @Option(
    help: ArgumentHelp(
      "Draw how often words of each confidence are right, as .png or .svg.", valueName: "picture"),
    completion: .file(extensions: ["png", "svg"]))
  var reliability: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples that go through the network together.", valueName: "n"))
  var batch = 16

  @Flag(help: "Print JSON instead of a report.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if decoding.greedy { throw ValidationError("--greedy has no weights that could be tuned.") }
    if output != nil, write != nil {
      throw ValidationError("--write leaves the model as it is; leave out --output.")
    }
    guard (1...65_536).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 65536.")
    }
  }

  func run() throws {
    threads.apply()
    let (recognizer, path) = try model.recognizer()
    let models = try decoding.languageModels(for: recognizer, path: path)
    var tuning = DecoderTuning(
      hasWordModel: models.contains { $0.model.unit == .word },
      hasCharacterModel: models.contains { $0.model.unit == .character })
    tuning.criterion = criterion ?? (tuning.hasWordModel ? .wer : .cer)
    if write != nil, tuning.keys.isEmpty {
      throw UsageError("--write: there are no weights without a language model; give one with --lm")
    }
    let search =
      decoding.searches(recognizer)
      ? try decoding.search(for: recognizer, models: models.map(\.model)) : nil
    var failure = FirstFailure()
    let set = try emissions(of: recognizer, &failure)
    var report = TuningReport(
      tuning, set, of: recognizer, model: model.model, manifest: manifest)
    var record = DecoderRecord()
    let best = try search.map { try weights($0, tuning, set, recognizer, &report) }
    record.decoding = best?.configuration
    let greedy = recognizer.greedyDecoder.decode(batch: set.lines.map(\.logProbabilities))
    record.greedyCalibration = try calibrate(
      greedy, set, recognizer, as: "greedy", picture: best == nil ? reliability : nil, &report)
    var readings = greedy
    if let best {
      readings = try best.giving(ConfidenceCalibration.hypothesisCount)
        .decode(batch: set.lines.map(\.logProbabilities))
      record.calibration = try calibrate(
        readings, set, recognizer, as: "search", picture: reliability, &report)
    }
    record.timing = time(readings, set, recognizer, &report) ?? recognizer.decoder?.timing
    report.stored = try store(&record, models.map(\.path), model: path)
    try Console.write(json ? JSON.line(report) : report.text)
    try failure.check()
  }

  /// The search with the best weights.
  private func weights(
    _ search: PrefixBeamSearch, _ tuning: DecoderTuning, _ set: EmissionSet,
    _ recognizer: Recognizer, _ report: inout TuningReport
  ) throws -> PrefixBeamSearch {
    var count = 0
    let trials = try tuning.run(search, on: set, alphabet: recognizer.alphabet) { trial in
      count += 1
      Console.status("trial \(count): WER \(trial.words.rate.percent), \(tuning.settings(trial))")
    }
    Console.clearStatus()
    guard let best = tuning.best(trials) else { preconditionFailure("Tune: no trial was made") }
    report.add(trials, best: best)
    return try search.with(best.configuration)
  }

  /// The calibration of a decoder; nil if it writes no words.
  private func calibrate(
    _ readings: [[Hypothesis]], _ set: EmissionSet, _ recognizer: Recognizer, as name: String,
    picture: String?, _ report: inout TuningReport
  ) throws -> ConfidenceCalibration? {
    let found = ConfidenceTuning(
      readings: readings, references: set.lines.map(\.reference), alphabet: recognizer.alphabet)
    guard found.before.count > 0 else { return nil }
    report.add(found, of: name)
    if let picture { try ReliabilityDiagram(found).write(to: picture) }
    return found.calibration
  }

  /// The timing of words; nil if the manifest does not tell when they are said.
  private func time(
    _ readings: [[Hypothesis]], _ set: EmissionSet, _ recognizer: Recognizer,
    _ report: inout TuningReport
  ) -> WordTiming? {
    let examples = set.timingExamples(readings, recognizer: recognizer)
    guard WordTiming.errors(examples, nil).starts.count > 0 else { return nil }
    let timing = WordTiming(fitting: examples)
    report.add(examples, timing)
    return timing
  }

  private func emissions(
    of recognizer: Recognizer, _ failure: inout FirstFailure
  ) throws -> EmissionSet {
    let samples = try Manifest.read(manifest)
    let (dataset, unreadable) = EvaluationSet.make(samples, for: recognizer, batchSize: batch)
    let set = EmissionSet(recognizer: recognizer, dataset: dataset) { done in
      Console.status("\(manifest): \(done) of \(samples.count) samples through the network")
    }
    Console.clearStatus()
    for problem in unreadable + set.problems { failure.record(problem) }
    guard !set.lines.isEmpty else {
      throw UsageError("\(manifest): no sample can be read, so there is nothing to tune on")
    }
    return set
  }

  /// Puts what was found where it belongs and returns that place.
  private func store(
    _ record: inout DecoderRecord, _ models: [String], model path: String
  ) throws -> String {
    if let write, let weights = record.decoding {
      let yaml = try ConfigurationFile.yaml(of: weights)
      try AtomicFile.write(Array(yaml.utf8), to: write)
      return write
    }
    let target = output ?? path
    record.languageModels = try models.map { try Self.copy($0, beside: target) }
    var file = try ModelFile(reading: path)
    try file.encode(record, as: .decoder)
    try file.write(to: target)
    return target
  }

  /// Copies a file beside another unless it is there, and returns its name.
  private static func copy(_ file: String, beside other: String) throws -> String {
    let name = String(file.split(separator: "/").last ?? "")
    let target = DecoderOptions.path(of: name, beside: other)
    if target != file { try AtomicFile.copy(file, to: target) }
    return name
  }
}

extension DecoderTuning {
  /// The numbers of a trial that were looked for.
  fileprivate func settings(_ trial: Trial) -> String {
    let values = TuningReport.values(trial.configuration)
    return keys.map { "\($0) \(Double(values[$0, default: 0]).fixed(3))" }.joined(separator: ", ")
  }
}

import ArgumentParser
import Configuration
import Decoding
import Files
import NGrams
import Recognition
import Training

extension DecoderTuning.Criterion: ExpressibleByArgument {}

/// `scribe tune`: the weights of a model's decoder.
struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find how much a model should trust its language models, on a manifest.",
    discussion: """
      The network runs once; then the weight and the bonus of each language model are looked for, \
      first on a coarse grid and then around its best point. The result is stored in the model file \
      and used from then on; the language models are copied beside it, where they are looked for. \
      Take a manifest that the model was not trained on and that its error will not be quoted on.

      EXAMPLES:
        scribe tune --model runs/mine/best.safetensors --lm mine.lm dev.jsonl
        scribe tune --model handwriting --lm letters.lm --criterion cer lines.jsonl -o best.safetensors
        scribe tune --model mine.safetensors --lm mine.lm dev.jsonl --write decoder.yaml
      """)

  @Argument(
    help: ArgumentHelp("Recordings or lines with their transcripts.", valueName: "manifest"),
    completion: .file())
  var manifest: String

  @OptionGroup var model: ModelOptions

  @OptionGroup var decoding: DecoderOptions

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
    let decoder = try decoding.search(for: recognizer, models: models.map(\.model))
    var tuning = DecoderTuning(
      hasWordModel: models.contains { $0.model.unit == .word },
      hasCharacterModel: models.contains { $0.model.unit == .character })
    guard !tuning.keys.isEmpty else {
      throw UsageError("there is nothing to tune without a language model; give one with --lm")
    }
    tuning.criterion = criterion ?? (tuning.hasWordModel ? .wer : .cer)
    var failure = FirstFailure()
    let set = try emissions(of: recognizer, &failure)
    let greedy = set.errors(of: recognizer.greedyDecoder, alphabet: recognizer.alphabet)
    var count = 0
    let trials = try tuning.run(
      decoder, on: set, alphabet: recognizer.alphabet
    ) { trial in
      count += 1
      Console.status("trial \(count): WER \(trial.words.rate.percent), \(tuning.settings(trial))")
    }
    Console.clearStatus()
    guard let best = tuning.best(trials) else {
      preconditionFailure("Tune: no trial was made")
    }
    let stored = try store(best.configuration, models.map(\.path), model: path)
    let report = TuningReport(
      tuning, trials: trials, best: best, greedy: greedy, lines: set.lines.count,
      model: model.model,
      manifest: manifest, stored: stored)
    try Console.write(json ? JSON.line(report) : report.text)
    try failure.check()
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

  /// Puts the weights where they belong and returns that place.
  private func store(
    _ configuration: DecodingConfiguration, _ models: [String], model path: String
  ) throws -> String {
    if let write {
      let yaml = try ConfigurationFile.yaml(of: configuration)
      try AtomicFile.write(Array(yaml.utf8), to: write)
      return write
    }
    let target = output ?? path
    var record = DecoderRecord()
    record.decoding = configuration
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

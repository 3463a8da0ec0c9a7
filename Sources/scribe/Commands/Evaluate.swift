import ArgumentParser
import Decoding
import ModelFiles
import Recognition
import Tensors
import Training

/// `scribe evaluate`: how often a model is wrong.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report the character and word error rate of a model on a manifest.",
    discussion: """
      A manifest lists recordings with their transcripts: JSON lines with 'audio_filepath' and \
      'text', a CSV file with 'wav_filename' and 'transcript', a Kaldi folder, a LibriSpeech \
      tree, or a folder of recordings beside their .txt files; or lines of handwriting: JSON lines \
      with 'image_filepath', 'strokes' or 'strokes_filepath', pictures beside their .gt.txt files, \
      IAM's lines.txt, PAGE XML or ALTO, files of strokes. The intervals are those of 95 % \
      confidence, by the bootstrap over the samples.

      EXAMPLES:
        scribe evaluate --model digits-en test.jsonl
        scribe evaluate --model digits-en --worst 10 test.jsonl
        scribe evaluate --model handwriting lines.jsonl
        scribe evaluate --model digits-en --times strings/manifest.jsonl
        scribe evaluate --json test.jsonl | jq .wordErrorRate.rate
        scribe evaluate --ignore-case --ignore-punctuation --html report.html lines.jsonl
        scribe evaluate --nist --show speakers --show confusions test.jsonl
      """)

  @Argument(
    help: ArgumentHelp("The recordings with their transcripts.", valueName: "manifest"),
    completion: .file())
  var manifest: String

  @OptionGroup var model: ModelOptions

  @OptionGroup(title: "Decoding") var decoding: DecoderOptions

  @Flag(help: "Print JSON instead of a report.")
  var json = false

  @Flag(
    help: "Compare the times of words with those of the manifest, as 'scribe compose' writes them.")
  var times = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show so many of the worst samples.", valueName: "n"))
  var worst = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples that go through the network together.", valueName: "n"))
  var batch = 16

  @Option(
    help: ArgumentHelp(
      "Store the error rates inside the model file, under this name of the data, for 'scribe models'.",
      valueName: "name"))
  var record: String?

  @OptionGroup(title: "Scoring Options") var scoring: ScoringOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard worst >= 0 else { throw ValidationError("--worst is \(worst), expected 0 or more.") }
    guard (1...65_536).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 65536.")
    }
  }

  func run() throws {
    threads.apply()
    var (recognizer, path) = try model.recognizer()
    let decoder = try decoding.decoder(for: &recognizer, path: path)
    let samples = try Manifest.read(manifest)
    let scorer = try scoring.scorer()
    try scoring.check(samples, scorer)
    let (dataset, unreadable) = EvaluationSet.make(samples, for: recognizer, batchSize: batch)
    guard !times || samples.contains(where: { !$0.cuts.isEmpty }) else {
      throw UsageError(
        "--times: no row of \(manifest) has 'words' with their times; expected a manifest of "
          + "'scribe compose', or leave --times out")
    }
    var result = Evaluation.run(
      recognizer: recognizer, decoder: decoder, dataset: dataset,
      timing: times ? recognizer.timing : nil,
      progress: { done in Console.status("\(manifest): \(done) of \(samples.count) samples") })
    result.problems = unreadable + result.problems
    var failure = FirstFailure()
    for problem in result.problems { failure.record(problem) }
    let scored = try ScoredRun(result, by: scorer, unit: scoring.unit)
    var report = EvaluationReport(
      scored.rescored(result), model: model.model, manifest: manifest, worst: worst,
      details: ScoringDetails(scored, scoring))
    if times, let errors = result.timeErrors {
      report.wordTimes = .init(starts: errors.starts, ends: errors.ends)
    }
    try Console.write(json ? JSON.line(report) : report.text)
    if let html = scoring.html {
      let page = ScoringPage(
        title: "\(model.model) on \(manifest)", run: scored, worst: worst, top: scoring.top,
        pictures: SamplePictures(recognizer, dataset))
      try page.write(to: html)
    }
    try failure.check()
    if let record { try store(result, as: record) }
  }

  /// Adds the figures to the model file, in place of older ones of the same name.
  private func store(_ result: EvaluationResult, as name: String) throws {
    let path = try ModelCatalog().path(of: model.model)
    var file = try ModelFile(reading: path)
    var known: [MeasuredError] = []
    if file[.measuredErrors] != nil {
      known = try file.decode([MeasuredError].self, from: .measuredErrors)
    }
    known.removeAll { $0.data == name }
    known.append(
      MeasuredError(
        data: name, characterErrorRate: result.characterErrorRate,
        wordErrorRate: result.wordErrorRate, count: result.lines.count))
    try file.encode(known, as: .measuredErrors)
    try file.write(to: path)
  }
}

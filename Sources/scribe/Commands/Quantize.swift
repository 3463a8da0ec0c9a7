import ArgumentParser
import Files
import ModelFiles
import Recognition
import Tensors
import Training

/// `scribe quantize`: a model with 8-bit weights.
struct Quantize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Store a model with 8-bit weights, at about a quarter of the size.",
    discussion: """
      The weights of recurrent, dense and convolutional layers are rounded to integers from -127 to \
      127, with a scale for each output. Biases, normalisations and statistics, and the weights named \
      by --keep, keep their precision. What only a training needs is left out.

      A training can begin with the result (scribe train --init), and then starts from the rounded \
      weights; better is the model that it was made from. To quantise once more, begin with that too.

      EXAMPLES:
        scribe quantize runs/mine/best.safetensors -o mine.safetensors
        scribe quantize handwriting -o small.safetensors --check lines.jsonl
        scribe quantize handwriting -o small.safetensors --keep 'stages.0.*' --keep output.weight
      """)

  @Argument(
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Leave these weights as they are; * stands for any characters. May be given several times; "
        + "'scribe inspect' lists the names.", valueName: "pattern"))
  var keep: [String] = []

  @Option(
    help: ArgumentHelp(
      "Evaluate the model before and after on these recordings or lines with their transcripts.",
      valueName: "manifest"),
    completion: .file())
  var check: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples that go through the network together.", valueName: "n"))
  var batch = 16

  @Flag(help: "Print JSON instead of a report.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (1...65_536).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 65536.")
    }
  }

  func run() throws {
    threads.apply()
    let path = try ModelCatalog().path(of: model)
    let original = try ModelFile(reading: path)
    var file = original
    let summary = try file.quantize(keeping: keep.map(NamePattern.init))
    // What the check needs is read first: a wrong manifest shows before anything is written.
    let samples = try check.map { try Manifest.read($0) }
    let size = try Self.size(path)
    try file.write(to: output)
    var report = QuantizationReport(
      summary, model: model, output: output, before: size, after: try Self.size(output))
    var failure = FirstFailure()
    if let check, let samples {
      let before = try evaluate(original, on: samples, named: "\(check), before")
      let after = try evaluate(file, on: samples, named: "\(check), after")
      for problem in after.problems { failure.record(problem) }
      report.add(before: before, after: after, manifest: check)
    }
    try Console.write(json ? JSON.line(report) : report.text)
    try failure.check()
  }

  private func evaluate(
    _ file: ModelFile, on samples: [Sample], named name: String
  ) throws -> EvaluationResult {
    let recognizer = try Recognizer(file)
    let (dataset, unreadable) = EvaluationSet.make(samples, for: recognizer, batchSize: batch)
    var result = Evaluation.run(
      recognizer: recognizer, dataset: dataset,
      progress: { done in Console.status("\(name): \(done) of \(samples.count) samples") })
    result.problems = unreadable + result.problems
    return result
  }

  private static func size(_ path: String) throws(FileError) -> Int {
    try InputFile(path).size
  }
}

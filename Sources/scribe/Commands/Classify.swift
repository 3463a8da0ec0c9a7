import ArgumentParser
import Classification
import Ink
import ModelFiles
import Pictures
import Tables
import Tensors

/// `scribe classify`: pictures or rows of tables to classes or numbers.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the class of pictures or of rows of a table.",
    discussion: """
      Reads what the model was trained on: PNG and JPEG pictures, IDX files of pictures (also \
      compressed by gzip), or CSV tables with the model's columns. Prints a line for each example: \
      its place, the class, and how probable it is, parted by tabs; a perceptron knows no \
      probabilities and gives its sums. Where one of several files cannot be read, the others are \
      still done.

      A model of sequences reads texts, a line each, or tables of sequences of numbers; a labeller \
      prints each token with its label, and an empty line behind a text.

      With --labels, the answers are compared with the right ones: the error and a table of which \
      class was taken for which are printed instead.

      EXAMPLES:
        scribe classify --model digits-mnist seven.png
        scribe classify --model digits-mnist --top 3 --json *.png
        scribe classify --model iris.safetensors flowers.csv
        cut -d, -f1-4 flowers.csv | scribe classify --model iris.safetensors -
        scribe classify --model iris.safetensors --labels species flowers.csv
        echo "ein Hund" | scribe classify --model runs/language-of-line/best.safetensors -
        scribe classify --model digits-mnist --labels labels-idx1-ubyte.gz --picture errors.png \\
          images-idx3-ubyte.gz
      """)

  @Argument(
    help: ArgumentHelp(
      "Pictures, IDX files or tables; - is a table or a picture from standard input.",
      valueName: "file"),
    completion: .file())
  var files: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show so many of the likeliest classes.", valueName: "n"))
  var top = 1

  @Flag(help: "Print a line of JSON for each example.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Compare with the right classes: a column of the table, or the IDX file of the labels; "
        + "'folders' takes pictures from a folder for each class, and 'inside' sequences from a file "
        + "that names their labels, as those to learn from do.",
      valueName: "column|file|folders|inside"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "With --labels, draw which class was taken for which.", valueName: "picture.png|svg"),
    completion: .file(extensions: ["png", "svg"]))
  var picture: String?

  @Option(
    help: ArgumentHelp(
      "With --labels, store the error inside the model file, under this name of the data, for "
        + "'scribe models'.", valueName: "name"))
  var record: String?

  @OptionGroup var arithmetic: PrecisionOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard top >= 1 else { throw ValidationError("--top is \(top), expected 1 or more.") }
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
    if labels == nil, picture != nil || record != nil {
      throw ValidationError("--picture and --record need the right classes; give --labels.")
    }
    if labels != nil, files.count != 1 {
      throw ValidationError("--labels belongs to one file; give one.")
    }
  }

  func run() throws {
    threads.apply()
    let path = try ModelCatalog().path(of: model)
    let file = try ModelFile(reading: path)
    if SequenceAnswers.knows(file) { return try runSequences(file) }
    var classifier = try Classifier(reading: path)
    classifier.network.setPrecision(arithmetic.precision)
    if let labels { return try compare(classifier, path: path, labels: labels) }
    var failure = FirstFailure()
    let lines = ClassificationLines(classifier, top: top, json: json)
    for file in files {
      do {
        try Console.write(lines.text(for: examples(file, classifier.input)))
      } catch let error as OutputError {
        throw error
      } catch {
        failure.record(error)
      }
    }
    try failure.check()
  }

  /// Texts or sequences of numbers.
  private func runSequences(_ file: ModelFile) throws {
    let answers = try SequenceAnswers(
      file, precision: arithmetic.precision, top: top, json: json)
    if let labels {
      guard labels == "inside", record == nil else {
        throw UsageError(
          "\(model): reads sequences, whose labels stand in the file: write --labels inside, "
            + "without --record")
      }
      return try answers.compare(files[0], modelName: model, picture: picture)
    }
    var failure = FirstFailure()
    for file in files {
      do {
        try answers.write(file)
      } catch let error as OutputError {
        throw error
      } catch {
        failure.record(error)
      }
    }
    try failure.check()
  }

  private func examples(_ file: String, _ input: ClassifierInput) throws -> Examples {
    let reader = ExampleReader(input: input)
    guard file == "-" else { return try reader.examples(file) }
    if let format = input.pictures {
      let pixels = format.pixels(of: try StandardInput.image())
      return Examples(
        .pixels(pixels), featureCount: format.pixelCount, places: .files([StandardInput.name]))
    }
    return try reader.rows(
      Tables.Table(reading: "/dev/stdin", format: input.format, name: StandardInput.name))
  }

  private func compare(_ classifier: Classifier, path: String, labels: String) throws {
    var source = ExampleSource()
    if classifier.input.pictures == nil {
      (source.table, source.label) = (files[0] == "-" ? "/dev/stdin" : files[0], labels)
      source.format = classifier.input.format
    } else if labels == "folders" {
      source.folder = files[0]
    } else {
      (source.images, source.labels) = (files[0], labels)
    }
    let examples = try ExampleReader(input: classifier.input).labelled(source)
    if classifier.input.isRegression {
      let report = RegressionReport(classifier.regressionErrors(examples), count: examples.count)
      return try Console.write(json ? JSON.line(report) : report.text)
    }
    let matrix = classifier.confusion(examples)
    let report = ClassificationReport(matrix, model: model, data: files[0])
    try Console.write(json ? JSON.line(report) : report.text)
    if let picture { try report.picture.write(to: picture) }
    if let record { try store(matrix, as: record, in: path) }
  }

  /// Adds the error to the model file, in place of an older one of the same name.
  private func store(_ matrix: ConfusionMatrix, as name: String, in path: String) throws {
    var file = try ModelFile(reading: path)
    try file.add(
      MeasuredError(data: name, errorRate: matrix.errorRate, count: matrix.count))
    try file.write(to: path)
  }
}

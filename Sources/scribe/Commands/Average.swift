import ArgumentParser
import ModelFiles

/// `scribe average`: one model from several of a training.
struct Average: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the mean of several models of one training, which often is better than each.",
    discussion: """
      The models must be of one kind, configuration and vocabulary, such as the last ones that a \
      recipe with 'keptEpochs' leaves in its folder. Measure the result as any other model.

      EXAMPLES:
        scribe average runs/en-de/epoch-*.safetensors -o en-de.safetensors
      """)

  @Argument(
    help: ArgumentHelp(
      "Paths of .safetensors files, or names of 'scribe models'.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var models: [String]

  @Option(
    name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  func run() throws {
    let files = try models.map { try ModelFile(reading: ModelCatalog().path(of: $0)) }
    try ModelFile.average(files).write(to: output)
  }
}

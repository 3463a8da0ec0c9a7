import ArgumentParser
import ModelFiles
import Recognition

/// How the weights of a model are stored.
enum StoredPrecision: String, CaseIterable, ExpressibleByArgument {
  case float16
  case float32
}

/// `scribe convert`: a model in another precision.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Store a model with 16-bit weights, at half the size, or with 32-bit weights.",
    discussion: """
      What only a training needs is left out. The network still computes with 32 bits; each weight \
      is rounded to the nearest 16-bit float. Measure the result with 'scribe evaluate'. The 8-bit \
      weights of 'scribe quantize' become the floats that they stand for.

      EXAMPLES:
        scribe convert runs/mine/best.safetensors -o mine.safetensors
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

  @Option(help: "float16 or float32.")
  var precision = StoredPrecision.float16

  func run() throws {
    var file = try ModelFile(reading: ModelCatalog().path(of: model)).withoutTrainingState
    file = file.dequantized
    file.elementType = precision == .float16 ? .float16 : .float32
    try file.write(to: output)
  }
}

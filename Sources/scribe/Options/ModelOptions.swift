import ArgumentParser
import Recognition

/// Which model is used.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model = "digits-en"

  /// Finds and reads the model.
  func recognizer() throws -> (recognizer: Recognizer, path: String) {
    let path = try ModelCatalog().path(of: model)
    return (try Recognizer(reading: path), path)
  }
}

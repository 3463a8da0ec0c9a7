import ArgumentParser
import ModelFiles
import Recognition
import Tensors

/// Which model is used.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model = "digits-en"

  @OptionGroup var arithmetic: PrecisionOptions

  /// Finds and reads the model.
  func recognizer() throws -> (recognizer: Recognizer, path: String) {
    let path = try ModelCatalog().path(of: model)
    var recognizer = try Recognizer(reading: path)
    recognizer.model.setPrecision(arithmetic.precision)
    return (recognizer, path)
  }
}

/// What products multiply.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "fp32, or bf16: numbers of 16 bits in products, faster on processors that have them. A model of "
        + "'scribe quantize' multiplies its whole numbers either way.",
      valueName: "fp32|bf16"))
  var precision = Precision.fp32

  func validate() throws {
    guard precision != .int8 else {
      throw ValidationError("--precision int8: make an 8-bit model with 'scribe quantize' instead")
    }
  }
}

extension Precision: ExpressibleByArgument {}

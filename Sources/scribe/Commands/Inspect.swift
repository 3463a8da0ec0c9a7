import ArgumentParser
import Audio
import Decoding
import ModelFiles
import Pictures
import Recognition
import Tensors

/// `scribe inspect`: a picture of what a network perceives, or what a model consists of.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Draw a spectrogram or a line of handwriting, with the letters that a model finds in it.",
    discussion: """
      Of a model file, its tensors are listed instead, with their precision and size; with -o, what \
      the units of a classifier's first layer look for is drawn. Of a table with two features, the \
      rows are drawn, and which places a classifier takes for which class.

      EXAMPLES:
        scribe inspect recording.wav -o picture.png
        scribe inspect recording.wav -o picture.png --model digits-en
        scribe inspect line.png -o picture.png --model handwriting
        scribe inspect digits.inkml --features -o picture.png --model pen-digits
        scribe inspect seven.wav --attention -o picture.png --model runs/mine/best.safetensors
        scribe inspect lecture.mp3 --offset 600 --duration 20 -o minute10.png
        scribe inspect best.safetensors
        scribe inspect digits-mnist.safetensors -o weights.png
        scribe inspect xor.csv --model runs/xor/best.safetensors -o boundary.svg
      """)

  @Argument(
    help: ArgumentHelp(
      "A recording, a picture of a line, a file of pen strokes, a .csv table, or a .safetensors "
        + "file; - is a recording from standard input.", valueName: "file"),
    completion: .file())
  var file: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write.", valueName: "picture.png"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write the letters of this model over their frames: a name of 'scribe models', or a path.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Flag(help: "Of handwriting, draw the features of its columns or points too.")
  var features = false

  @Flag(
    help: ArgumentHelp(
      "Draw what an attentive decoder looked at for each letter: the letters of the model downwards, "
        + "the input across."))
  var attention = false

  @OptionGroup var audio: AudioInputOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if attention, model == nil {
      throw ValidationError("--attention draws what a model looks at; choose one with --model.")
    }
    if attention, features || ModelInspection.isModel(file) || ClassifierInspection.isTable(file) {
      throw ValidationError("--attention is for recordings and handwriting, without --features.")
    }
    if !ModelInspection.isModel(file), output == nil {
      throw ValidationError("Missing expected argument '--output <picture.png>'")
    }
  }

  func run() throws {
    threads.apply()
    guard let output else {
      try Console.write(ModelInspection(reading: file).text)
      return
    }
    if ModelInspection.isModel(file) {
      return try ClassifierInspection.weights(of: file).write(to: output)
    }
    if ClassifierInspection.isTable(file) {
      guard let model else {
        throw UsageError("of a table, the classes of a model are drawn; choose one with --model")
      }
      return try ClassifierInspection.plane(
        of: file, model: ModelCatalog().path(of: model)
      ).write(to: output)
    }
    let recognizer = try model.map { name in
      try Recognizer(reading: ModelCatalog().path(of: name))
    }
    if attention, let model, let recognizer {
      let inspection = try AttentionInspection(
        file, audio: audio, recognizer: recognizer, model: model)
      try inspection.picture.write(to: output)
      try Console.write(inspection.text + "\n")
      return
    }
    if HandwritingFile.isReadable(file) {
      let inspection = try HandwritingInspection(
        file, recognizer: recognizer, withFeatures: features)
      try inspection.picture.write(to: output)
      if let transcript = inspection.transcript { try Console.write(transcript.text + "\n") }
      return
    }
    let inspection = try Inspection(file, audio: audio, recognizer: recognizer)
    try inspection.picture.write(to: output)
    for note in inspection.notes { Console.note(note) }
    if let transcript = inspection.transcript { try Console.write(transcript.text + "\n") }
  }
}

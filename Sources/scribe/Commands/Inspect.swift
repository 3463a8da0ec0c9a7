import ArgumentParser
import Audio
import Decoding
import Pictures
import Recognition
import Tensors

/// `scribe inspect`: a picture of a recording.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the spectrogram of a recording, with the letters that a model hears in it.",
    discussion: """
      EXAMPLES:
        scribe inspect recording.wav -o picture.png
        scribe inspect recording.wav -o picture.png --model digits-en
        scribe inspect lecture.mp3 --offset 600 --duration 20 -o minute10.png
      """)

  @Argument(
    help: ArgumentHelp("A recording; - is standard input.", valueName: "file"),
    completion: .file())
  var file: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write.", valueName: "picture.png"),
    completion: .file(extensions: ["png"]))
  var output: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write the letters of this model over their frames: a name of 'scribe models', or a path.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @OptionGroup var audio: AudioInputOptions

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    threads.apply()
    let recognizer = try model.map { name in
      try Recognizer(reading: ModelCatalog().path(of: name))
    }
    let inspection = try Inspection(file, audio: audio, recognizer: recognizer)
    try inspection.picture.write(to: output)
    for note in inspection.notes { Console.note(note) }
    if let transcript = inspection.transcript { try Console.write(transcript.text + "\n") }
  }
}

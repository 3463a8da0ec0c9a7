import ArgumentParser
import Recognition

extension PageMode: ExpressibleByArgument {}

/// `scribe recognize`: writing to text.
struct Recognize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn pictures of handwriting, and pen strokes, into text.",
    discussion: """
      Reads PNG and JPEG pictures of a line or of a page, which is split into lines, and files of \
      pen strokes (InkML, UNIPEN, IAM-OnDB, JSON). A folder stands for the pictures and stroke \
      files in it. Where one of several cannot be read, the others are still done, and the exit \
      code is that of the first failure.

      EXAMPLES:
        scribe recognize line.png
        scribe recognize letter.jpg --format alto -o out
        scribe recognize scans/ --lines-pictures found -o texts
        scribe recognize --model pen-digits amount.inkml
        scanimage --format png | scribe recognize -
        scribe recognize --format json page.png | jq .lines[].text
      """)

  @Argument(
    help: ArgumentHelp(
      "Pictures, stroke files, folders of them; - is a picture from standard input.",
      valueName: "file"),
    completion: .file())
  var files: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file. By default "
        + "\(HandwritingReader.lineModel), or \(HandwritingReader.strokeModel) for pen strokes.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Option(name: [.short, .long], help: "What is written: txt, json, hocr, alto or page.")
  var format = PageFormat.txt

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A folder for one file an input, named after it; made if missing.", valueName: "folder"),
    completion: .directory)
  var outputDir: String?

  @Option(help: "Whether a picture is taken for a line, for a page, or for what it looks like.")
  var page = PageMode.auto

  @Option(
    help: ArgumentHelp(
      "A folder for a picture of each page with its lines outlined.", valueName: "folder"),
    completion: .directory)
  var linesPictures: String?

  @Option(
    help: ArgumentHelp(
      "A model of lines that also reads the strokes, drawn by a pen; the surer reading is taken.",
      valueName: "name|path"),
    completion: .file(extensions: ["safetensors"]))
  var second: String?

  @Flag(help: "Begin each line with the name of its file.")
  var names = false

  @OptionGroup(title: "Decoding") var decoding: DecoderOptions

  @OptionGroup var arithmetic: PrecisionOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(
    name: [.short, .long], help: "Say what was found, and where the time goes.")
  var verbose = false

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func run() throws {
    threads.apply()
    let inputs = InputList(files, accepts: HandwritingFile.isReadable)
    let writer = try PageWriter(
      format: format, folder: outputDir, withNames: names, inputs: inputs.files)
    let models = try HandwritingModels(
      model: model, second: second, precision: arithmetic.precision, decoding: decoding)
    let reader = try HandwritingReader(
      models, mode: page, linesPictures: linesPictures, verbose: verbose)
    try reader.run(inputs, writer: writer)
  }
}

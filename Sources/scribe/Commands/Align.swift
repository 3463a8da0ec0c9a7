import ArgumentParser
import Audio
import Captions
import Decoding
import ModelFiles
import Recognition
import Tensors

/// `scribe align`: when a known text is said.
struct Align: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell when each word of a known text is said in a recording.",
    discussion: """
      The text is laid over the whole recording by the most probable path of the network. Each of \
      its lines becomes a segment. It is written as the model's training text was; what the model \
      has no letters for, such as digits, must be spelt as it is said.

      EXAMPLES:
        scribe align digits-en call.wav "one two three"
        scribe align digits-en call.wav @call.txt --format srt
        scribe align digits-en call.wav --text-file call.txt -f all -o times
        scribe align model.safetensors book.flac - --format ctm < book.txt
      """)

  @Argument(
    help: ArgumentHelp(
      "A name of 'scribe models', or the path of a .safetensors file.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: ArgumentHelp("The recording; - is standard input.", valueName: "file"),
    completion: .file())
  var file: String

  @Argument(
    help: ArgumentHelp(
      "The text, @ and the path of a file with it, or - for standard input.", valueName: "text"))
  var text: String?

  @Option(
    help: ArgumentHelp("A file with the text.", valueName: "path"), completion: .file())
  var textFile: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("What is written; all needs a folder.", valueName: "name"))
  var format = FormatChoice.one(.textGrid)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A folder for files named after the recording; made if missing.", valueName: "folder"),
    completion: .directory)
  var outputDir: String?

  @OptionGroup(title: "Captions") var captions: CaptionOptions

  @OptionGroup(title: "Reading Recordings") var audio: AudioInputOptions

  @OptionGroup var arithmetic: PrecisionOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (text == nil) != (textFile == nil) else {
      throw ValidationError("Give the text, or its file with --text-file: one of them.")
    }
    if file == "-", text == "-" {
      throw ValidationError("Standard input (-) can be the recording or the text, not both.")
    }
  }

  func run() throws {
    threads.apply()
    let writer = try TranscriptWriter(
      format: format, folder: outputDir, inputs: [file], captions: captions)
    var recognizer = try Recognizer(reading: ModelCatalog().path(of: model))
    recognizer.model.setPrecision(arithmetic.precision)
    recognizer.timing = recognizer.decoder?.timing ?? WordTiming()
    guard let sound = recognizer.extractor.sound else {
      throw UsageError(
        "model '\(model)' reads \(recognizer.extractor.sense.words), not recordings; "
          + "choose another")
    }
    let known = try knownText(for: recognizer)
    let stream = try audio.stream(file, sampleRate: sound.sampleRate)
    let (rows, loudness, duration) = try recognizer.logProbabilities(of: stream) { done in
      Console.status("\(stream.name): \(done.fixed(0)) s heard")
    }
    Console.clearStatus()
    let transcript = try aligned(
      known, to: rows, loudness, recognizer, name: stream.name)
    try writer.write(
      audio.recording(
        transcript, file: file, model: model, alphabet: recognizer.alphabet, duration: duration))
  }

  private func aligned(
    _ text: KnownText, to rows: Tensor, _ loudness: LoudnessCurve, _ recognizer: Recognizer,
    name: String
  ) throws(AlignError) -> Transcript {
    do throws(AlignmentError) {
      return try recognizer.transcript(aligning: text, to: rows, loudness: loudness)
    } catch {
      throw .alignment(file: name, error)
    }
  }

  private func knownText(for recognizer: Recognizer) throws -> KnownText {
    let source = textFile.map { TextSource.file($0) } ?? TextSource(argument: text ?? "-")
    let text = try source.read()
    do throws(KnownTextError) {
      return try KnownText(text, for: recognizer)
    } catch {
      throw AlignError.text(source: source.name, error)
    }
  }
}

extension AudioInputOptions {
  /// A transcript of what these options say is read of a recording.
  func recording(
    _ transcript: Transcript, file: String, model: String, alphabet: Alphabet, duration: Double
  ) -> TranscribedRecording {
    var recording = TranscribedRecording(
      transcript, file: file, model: model, offset: offset, duration: duration)
    recording.channel = (channel ?? 0) + 1
    recording.part = eachChannel ? channel : nil
    recording.labels = { text in
      do throws(AlphabetError) {
        return try alphabet.encode(text)
      } catch {
        // What a decoder wrote has labels, but for a word that a lexicon spells in another way.
        return []
      }
    }
    return recording
  }
}

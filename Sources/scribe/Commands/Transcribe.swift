import ArgumentParser
import Audio
import Captions
import Decoding
import Recognition

/// `scribe transcribe`: recordings to words.
struct Transcribe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn recordings into text.",
    discussion: """
      Reads every format of libsndfile (WAV, FLAC, Ogg Vorbis and Opus, MP3, AIFF, ...) at any \
      sample rate and with any number of channels. Of one recording the words alone are printed; \
      of several, each on its own line, in order. Where one of several cannot be read, the others \
      are still done, and the exit code is that of the first failure.

      EXAMPLES:
        scribe transcribe recording.flac
        scribe transcribe *.wav -o transcripts
        scribe transcribe --format srt film.flac > film.srt
        scribe transcribe --format all *.wav -o transcripts
        scribe transcribe --format json meeting.mp3 | jq .words
        ffmpeg -i film.mkv -f wav - | scribe transcribe -
        scribe transcribe --raw-rate 8000 --raw-encoding mulaw call.ul
        arecord -q -f S16_LE -r 8000 | scribe transcribe -m digits-en-streaming --stream -
      """)

  @Argument(
    help: ArgumentHelp("Recordings; - is standard input.", valueName: "file"),
    completion: .file())
  var files: [String]

  @OptionGroup var model: ModelOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("What is written of each recording; all needs a folder.", valueName: "name"))
  var format = FormatChoice.one(.txt)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A folder for one file a recording, named after it; made if missing.", valueName: "folder"),
    completion: .directory)
  var outputDir: String?

  @Flag(help: "Begin each line with the name of its file.")
  var names = false

  @OptionGroup(title: "Decoding") var decoding: DecoderOptions

  @OptionGroup(title: "Captions") var captions: CaptionOptions

  @OptionGroup(title: "Reading Recordings") var audio: AudioInputOptions

  @OptionGroup(title: "Long Recordings") var segmentation: SegmentationOptions

  @OptionGroup(title: "Sound As It Arrives") var stream: StreamOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(
    name: [.short, .long],
    help: "Say what was found, how it is converted, and where the time goes.")
  var verbose = false

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
    try stream.check(files: files, format: format, writesFiles: outputDir != nil || names)
  }

  func run() throws {
    threads.apply()
    if stream.stream {
      let transcriber = try StreamTranscriber(
        model: model, decoding: decoding, audio: audio, options: stream, verbose: verbose)
      return try transcriber.run(files[0], writer: StreamWriter(format, stream))
    }
    let writer = try TranscriptWriter(
      format: format, folder: outputDir, withNames: names, inputs: files, captions: captions,
      perChannel: audio.eachChannel)
    let transcriber = try Transcriber(
      model: model, decoding: decoding, audio: audio, segmentation: segmentation,
      verbose: verbose)
    try transcriber.run(files, writer: writer)
  }
}

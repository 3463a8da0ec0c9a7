import Audio
import Decoding
import Recognition
import Tensors

/// Takes one recording through a recogniser while it arrives.
struct StreamTranscriber {
  private let recognizer: Recognizer
  private let decoder: any TranscriptDecoder
  private let sampleRate: Int
  private let audio: AudioInputOptions
  private let options: StreamOptions
  private let isVerbose: Bool

  /// The seconds of sound that are waited for at once.
  private static let blockDuration = 0.02
  /// The seconds of silence that are heard after the end of the input.
  private static let silenceBehind = 0.5

  /// - Throws: `StreamingError` if the model must hear the end first.
  init(
    model: ModelOptions, decoding: DecoderOptions, audio: AudioInputOptions,
    options: StreamOptions, verbose: Bool
  ) throws {
    var (recognizer, path) = try model.recognizer()
    sampleRate = try recognizer.streamingParts().features.sampleRate
    decoder = try decoding.decoder(for: &recognizer, path: path)
    // The decoder may be one that must hear the end.
    _ = try recognizer.streamingParts()
    self.recognizer = recognizer
    (self.audio, self.options, isVerbose) = (audio, options, verbose)
    guard verbose else { return }
    let delay = ((recognizer.streamingDelay ?? 0) * 1000).fixed(0)
    Console.note(
      "model \(model.model) from \(path): \(sampleRate) Hz, \(WorkerPool.threadCount) threads, "
        + "\(delay) ms from a sound to its letters")
  }

  /// Transcribes until the input ends or Ctrl-C is pressed.
  func run(_ file: String, writer: StreamWriter) throws {
    try run(file, decoder: decoder, writer: writer)
  }

  private func run(
    _ file: String, decoder: some TranscriptDecoder, writer: StreamWriter
  ) throws {
    let live = file == "-" ? try LiveInput() : nil
    let interruption = live.map { input in Interruption(note: nil) { input.stop() } }
    var stream = try StreamingRecognizer(
      recognizer, decoder: decoder, endpoints: options.endpoints, startTime: audio.offset)
    let sound = try audio.liveStream(
      file, sampleRate: sampleRate, blockDuration: Self.blockDuration)
    if isVerbose { Console.note("\(sound.name): \(sound.info.summary(resampledTo: sampleRate))") }
    var work = Duration.zero
    var count = 0
    let clock = ContinuousClock()
    while let block = try sound.nextBlock() {
      let start = clock.now
      let events = try stream.push(block)
      work += clock.now - start
      count += block.count
      for event in events { try writer.write(event) }
    }
    // What hears only forward needs time behind a word that the recording was cut at.
    let silence = [Float](repeating: 0, count: Int(Self.silenceBehind * Double(sampleRate)))
    for event in try stream.push(silence) + stream.finish() { try writer.write(event) }
    Console.clearStatus()
    withExtendedLifetime(interruption) {}
    guard isVerbose else { return }
    let duration = Double(count) / Double(sampleRate)
    let share = duration > 0 ? " (\((work.seconds / duration).fixed(4)) of real time)" : ""
    Console.note("\(sound.name): \(duration.fixed(3)) s heard, \(work.text) of work\(share)")
  }
}

extension AudioInputOptions {
  /// Opens a recording to be read as it arrives; without a header it is 16 bits at the wanted rate.
  fileprivate func liveStream(
    _ path: String, sampleRate: Int, blockDuration: Double
  ) throws(AudioError) -> AudioStream {
    var options = options
    options.rawIfHeaderless = RawFormat(sampleRate: sampleRate)
    return try AudioStream(
      path, sampleRate: sampleRate, offset: offset, duration: duration,
      blockDuration: blockDuration, options: options)
  }
}

import Audio
import Captions
import Decoding
import Recognition
import Tensors

/// Takes recordings through a recogniser, one after the other.
final class Transcriber {
  private let recognizer: Recognizer
  private let decoder: any TranscriptDecoder
  private let sampleRate: Int
  private let modelName: String
  private let audio: AudioInputOptions
  private let segmentation: SegmentationOptions
  private let isVerbose: Bool
  private var stopwatch = Stopwatch()

  /// Recordings that are shorter, in seconds, are done before a status could be read.
  private static let shortest = 60.0

  init(
    model: ModelOptions, decoding: DecoderOptions, audio: AudioInputOptions,
    segmentation: SegmentationOptions, verbose: Bool
  ) throws {
    var (recognizer, path) = try model.recognizer()
    guard let sound = recognizer.extractor.sound else {
      throw UsageError(
        "model '\(model.model)' reads \(recognizer.extractor.sense.words), not recordings; "
          + "use scribe recognize, or choose another with --model")
    }
    decoder = try decoding.decoder(for: &recognizer, path: path)
    self.recognizer = recognizer
    sampleRate = sound.sampleRate
    modelName = model.model
    self.audio = audio
    self.segmentation = segmentation
    isVerbose = verbose
    stopwatch.lap("model")
    guard verbose else { return }
    Console.note(
      "model \(modelName) from \(path): \(recognizer.configuration.model.kind.rawValue), "
        + "\(sampleRate) Hz, \(recognizer.alphabet.labelCount - 1) characters, "
        + "\(WorkerPool.threadCount) threads")
    Console.note("decoder: \(decoding.summary(for: recognizer))")
  }

  /// Transcribes all files, even if some fail.
  ///
  /// - Throws: The exit code of the first failure, or `OutputError` at once if standard output
  ///   cannot be written.
  func run(_ files: [String], writer: TranscriptWriter) throws {
    var failure = FirstFailure()
    for file in files {
      do {
        for audio in try audio.perChannel(file) {
          let record = try transcribe(file, audio)
          try writer.write(record)
          stopwatch.lap("writing")
        }
      } catch let error as OutputError {
        throw error
      } catch {
        failure.record(error)
      }
    }
    try writer.finish()
    if isVerbose { showTimes() }
    try failure.check()
  }

  private func transcribe(
    _ file: String, _ audio: AudioInputOptions
  ) throws(AudioError) -> TranscribedRecording {
    let rate = sampleRate
    stopwatch.skip()
    let start = stopwatch.elapsed
    let stream = try audio.stream(file, sampleRate: rate)
    stopwatch.lap("opening")
    if isVerbose { Console.note("\(stream.name): \(stream.info.summary(resampledTo: rate))") }
    let expected = audio.expectedDuration(stream.info)
    let showsStatus = Console.isTerminal && expected ?? .infinity > Self.shortest
    var times = StageTimes()
    var duration = 0.0
    let transcript = try recognizer.transcript(
      of: stream, decoder: decoder, segmentation: segmentation.configuration, times: &times
    ) { done in
      duration = done
      guard showsStatus else { return }
      let work = (self.stopwatch.elapsed - start).seconds
      Console.status(Self.status(stream.name, done: done, of: expected, work: work))
    }
    Console.clearStatus()
    count(times)
    tell(stream, duration: duration, work: (stopwatch.elapsed - start).seconds)
    return audio.recording(
      transcript, file: file, model: modelName, alphabet: recognizer.alphabet, duration: duration)
  }

  private func count(_ times: StageTimes) {
    stopwatch.add("reading", times.reading)
    stopwatch.add("features", times.features)
    stopwatch.add("network", times.network)
    stopwatch.add("decoding", times.decoding)
    stopwatch.skip()
  }

  private func tell(_ stream: AudioStream, duration: Double, work: Double) {
    for warning in stream.info.warnings where isVerbose || warning != .lengthUnknown {
      Console.note("\(stream.name): \(warning)")
    }
    guard isVerbose else { return }
    let speed = work > 0 ? " (\((duration / work).fixed(0)) × real time)" : ""
    let took = Duration.seconds(work).text
    Console.note("\(stream.name): \(duration.fixed(3)) s transcribed in \(took)\(speed)")
  }

  private static func status(
    _ name: String, done: Double, of expected: Double?, work: Double
  ) -> String {
    let speed = work > 0 ? ", \((done / work).fixed(0)) × real time" : ""
    guard let expected, expected > 0 else { return "\(name): \(clock(done))\(speed)" }
    let share = min(100, done / expected * 100).fixed(0)
    let rest = done > 0 ? max(0, expected - done) * work / done : 0
    let left = rest > 0 ? ", \(clock(rest.rounded(.up))) left" : ""
    return "\(name): \(share) %, \(clock(done)) of \(clock(expected))\(speed)\(left)"
  }

  /// `1:02:03` or `2:03`.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds)
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let rest = two(whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(rest)" : "\(minutes):\(rest)"
  }

  private func showTimes() {
    let stages = stopwatch.stages.map { "\($0.name) \($0.time.text)" }
    Console.note(
      "time: loading the program \(Stopwatch.startUp.text), " + stages.joined(separator: ", ")
        + "; \((Stopwatch.startUp + stopwatch.elapsed).text) in all")
  }
}

extension AudioInfo {
  /// What was found in a recording, in one line.
  func summary(resampledTo rate: Int) -> String {
    let channels = channelCount == 1 ? "mono" : "\(channelCount) channels"
    let length = duration.map { "\($0.fixed(3)) s" } ?? "length unknown"
    let conversion = sampleRate == rate ? "" : " → resampled to \(rate) Hz"
    return "\(format), \(sampleRate) Hz, \(channels), \(length)\(conversion)"
  }
}

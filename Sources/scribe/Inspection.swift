import Audio
import Configuration
import Decoding
import Pictures
import Recognition
import Tensors

/// A recording, its spectrogram, and what a model hears in it.
struct Inspection {
  /// At most so many seconds are drawn; beyond that nothing can be told apart.
  private static let longest = 600.0

  let picture: SpectrogramPicture
  let transcript: Transcript?
  /// What the user should know.
  let notes: [String]

  init(_ file: String, audio: AudioInputOptions, recognizer: Recognizer?) throws {
    var audio = audio
    audio.duration = min(audio.duration ?? .infinity, Self.longest)
    let stream = try audio.stream(file, sampleRate: nil)
    let waveform = try Self.read(stream)
    let name = stream.name.printable
    var notes = stream.info.warnings.map { "\(name): \($0)" }
    if waveform.duration > Self.longest - 0.01, audio.expectedDuration(stream.info) != nil {
      notes.append(
        "\(name): drawn are \(Self.longest.fixed(0)) s; choose others by --offset and --duration")
    }
    var picture = try Self.picture(of: waveform, from: name)
    transcript = try recognizer.map { recognizer in
      guard let sound = recognizer.extractor.sound else {
        throw InspectionError.wrongModel(
          file: name, found: recognizer.extractor.sense.words, expected: "recordings")
      }
      return recognizer.transcript(
        of: waveform.resampled(to: sound.sampleRate), decoder: recognizer.greedyDecoder)
    }
    picture.title = name + (transcript.map { ": \($0.text)" } ?? "")
    picture.marks = (transcript?.characters ?? []).map {
      .init(text: $0.text, start: $0.start, end: $0.end, confidence: $0.confidence)
    }
    self.picture = picture
    self.notes = notes
  }

  /// The spectrogram of a recording that has a frame at least, without a title.
  static func picture(of waveform: Waveform, from name: String) throws -> SpectrogramPicture {
    var configuration = FeatureConfiguration()
    configuration.kind = .spectrogram
    configuration.sampleRate = waveform.sampleRate
    configuration.normalization = .none
    let extractor = try FeatureExtractor(configuration)
    let spectrogram = extractor(waveform)
    guard spectrogram.shape[0] > 0 else {
      throw InspectionError.tooShort(
        file: name, found: waveform.duration, needed: configuration.windowLength)
    }
    return draw(spectrogram, extractor: extractor, of: waveform)
  }

  static func read(_ stream: AudioStream) throws(AudioError) -> Waveform {
    var samples: [Float] = []
    while let block = try stream.next(1 << 16) { samples += block }
    return Waveform(samples: samples, sampleRate: stream.sampleRate)
  }

  /// The picture of a natural-log power spectrum, in decibels.
  private static func draw(
    _ spectrogram: Tensor, extractor: FeatureExtractor, of waveform: Waveform
  ) -> SpectrogramPicture {
    let decibels = Float(10 / 2.302585092994046)
    let values = spectrogram.withUnsafeBufferPointer { $0.map { $0 * decibels } }
    let binCount = spectrogram.shape[1]
    let top = Double(waveform.sampleRate) / 2
    let centers = (0..<binCount).map { Double($0) * top / Double(max(1, binCount - 1)) }
    var picture = SpectrogramPicture(
      title: "",
      matrix: Matrix(values: values, frameCount: spectrogram.shape[0], binCount: binCount),
      frameDuration: extractor.hopDuration, bins: .hertz(centers))
    picture.unit = "dB"
    picture.waveform = waveform.samples
    picture.sampleRate = Double(waveform.sampleRate)
    return picture
  }
}

/// Why a recording cannot be drawn.
enum InspectionError: Error, CustomStringConvertible {
  /// It has not even one frame.
  case tooShort(file: String, found: Double, needed: Double)
  /// It has not even one frame to look at.
  case nothingAttended(file: String)
  /// The model perceives something else.
  case wrongModel(file: String, found: String, expected: String)

  var description: String {
    switch self {
    case .tooShort(let file, let found, let needed):
      "\(file): lasts \(found.fixed(4)) s, expected at least \(needed.fixed(3)) s to draw a frame; "
        + "choose a longer part"
    case .nothingAttended(let file):
      "\(file): has no frame that the model could look at, expected at least one; choose a longer part"
    case .wrongModel(let file, let found, let expected):
      "\(file): the model reads \(found), expected one that reads \(expected); "
        + "choose another with --model"
    }
  }
}

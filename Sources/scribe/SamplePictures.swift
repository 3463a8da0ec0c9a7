import Audio
import Ink
import Pictures
import Recognition
import Training

/// Draws samples as people see them: lines of writing, strokes, or spectrograms of recordings.
struct SamplePictures {
  /// At most so many seconds of a recording are drawn.
  private static let longest = 30.0

  private let signals: SignalSource
  private let sampleRate: Int?

  /// What draws the samples of a set for a recogniser.
  init(_ recognizer: Recognizer, _ dataset: Dataset) {
    signals = dataset.pipeline.signals
    sampleRate = recognizer.extractor.sound?.sampleRate
  }

  /// The picture of a sample as the bytes of a PNG file.
  func png(of sample: Sample) throws -> [UInt8] {
    if case .audio(let clip) = sample.source, let sampleRate {
      let length = min(clip.end.map { $0 - clip.start } ?? .infinity, Self.longest)
      let stream = try AudioStream(
        clip.path, sampleRate: sampleRate, offset: clip.start, duration: length)
      return try draw(Inspection.read(stream), sample.id)
    }
    do {
      return switch try signals.signal(of: sample) {
      case .sound(let waveform): try draw(waveform, sample.id)
      case .line(let image): try draw(image)
      case .strokes(let recording): try draw(StrokeRenderer()(recording))
      }
    } catch let reason as SampleProblem.Reason {
      throw SampleProblem(sample: sample, reason: reason)
    }
  }

  private func draw(_ waveform: Waveform, _ name: String) throws -> [UInt8] {
    try Inspection.picture(of: waveform, from: name).draw().png()
  }

  private func draw(_ image: GrayImage) throws -> [UInt8] {
    try LinePicture(title: "", line: GrayRaster(image)).draw().png()
  }
}

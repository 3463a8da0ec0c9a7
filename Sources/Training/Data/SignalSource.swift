import Audio
import Ink
import Recognition

/// Where the signals of samples come from, for one sense.
public enum SignalSource: Sendable {
  /// Recordings at one sample rate.
  case sound(SignalCache)
  /// Pictures of lines, normalised.
  case line(LineCache)
  /// Pen strokes, from manifests or files.
  case strokes

  /// What a sense needs to load its samples.
  public init(_ extractor: InputExtractor, byteLimit: Int, maximumDuration: Double) {
    switch extractor {
    case .sound(let extractor):
      self = .sound(
        SignalCache(
          sampleRate: extractor.sampleRate, byteLimit: byteLimit, maximumDuration: maximumDuration))
    case .line(let extractor):
      self = .line(LineCache(extractor, byteLimit: byteLimit))
    case .strokes: self = .strokes
    }
  }

  /// The sense that the samples are for.
  public var sense: Sense {
    switch self {
    case .sound: .sound
    case .line: .line
    case .strokes: .strokes
    }
  }

  /// The longest recording in seconds that is loaded as a whole.
  public var maximumDuration: Double {
    if case .sound(let cache) = self { cache.maximumDuration } else { .infinity }
  }

  /// The signal of a sample, ready for its features.
  ///
  /// - Throws: The reason why the sample cannot be used.
  public func signal(of sample: Sample) throws(SampleProblem.Reason) -> InputSignal {
    if let defect = sample.defect { throw defect }
    switch (self, sample.source) {
    case (.sound(let cache), .audio), (.sound(let cache), .composition):
      do throws(AudioError) {
        let samples = try cache.signal(of: sample)
        return .sound(Waveform(samples: samples, sampleRate: cache.sampleRate))
      } catch {
        throw .init(error)
      }
    case (.line(let cache), .image(let clip)):
      return .line(try cache.image(of: clip))
    case (.strokes, .strokes(let recording)):
      return .strokes(recording)
    case (.strokes, .strokeComposition(let composition)):
      return .strokes(composition.assemble())
    default:
      throw .wrongInput(found: sample.source.words, expected: sense)
    }
  }
}

import Audio
import Configuration
import Ink
import Tensors

/// Turns the input into frames of features.
public enum InputExtractor: Sendable {
  /// Spectral features of recordings.
  case sound(FeatureExtractor)
  /// Columns of pictures of lines.
  case line(LineFeatureExtractor)
  /// Points of pen strokes.
  case strokes(StrokeFeatureExtractor)

  /// The extractor of a configuration.
  ///
  /// - Parameter statistics: Mean and deviation of the features of the training set, where the
  ///   configuration asks for them.
  public init(
    _ configuration: InputConfiguration, statistics: FeatureStatistics? = nil
  ) throws(ConfigurationError) {
    switch configuration {
    case .sound(let configuration):
      self = .sound(try FeatureExtractor(configuration, statistics: statistics))
    case .line(let configuration):
      try configuration.validate()
      self = .line(LineFeatureExtractor(configuration))
    case .strokes(let configuration):
      try configuration.validate()
      self = .strokes(try StrokeFeatureExtractor(configuration))
    }
  }

  /// What the input is.
  public var sense: Sense {
    switch self {
    case .sound: .sound
    case .line: .line
    case .strokes: .strokes
    }
  }

  /// The values of a frame.
  public var featureSize: Int {
    switch self {
    case .sound(let extractor): extractor.featureSize
    case .line(let extractor): extractor.featureSize
    case .strokes(let extractor): extractor.featureSize
    }
  }

  /// The extractor of sound features, if that is what it is.
  public var sound: FeatureExtractor? {
    if case .sound(let extractor) = self { extractor } else { nil }
  }

  /// The extractor of line features, if that is what it is.
  public var line: LineFeatureExtractor? {
    if case .line(let extractor) = self { extractor } else { nil }
  }

  /// The extractor of stroke features, if that is what it is.
  public var strokes: StrokeFeatureExtractor? {
    if case .strokes(let extractor) = self { extractor } else { nil }
  }

  /// Mean and deviation of the features of the training set, where they are used.
  public var statistics: FeatureStatistics? { sound?.statistics }

  /// Whether the configuration asks for statistics that are not there yet.
  public var needsStatistics: Bool { sound?.needsStatistics ?? false }

  /// From one frame to the next, in the unit of the input: seconds of sound, columns of a
  /// normalised line, points of resampled strokes.
  public var hop: Double { sound?.hopDuration ?? 1 }

  /// The number of frames of an input's features.
  public func frameCount(of signal: InputSignal) -> Int {
    switch (self, signal) {
    case (.sound(let extractor), .sound(let waveform)):
      extractor.frameCount(sampleCount: waveform.samples.count)
    case (.line, .line(let image)): image.width
    default: self(signal).shape[0]
    }
  }

  /// The features of an input, `[time, feature]`.
  ///
  /// - Precondition: The signal is of the extractor's sense.
  public func callAsFunction(_ signal: InputSignal) -> Tensor {
    let span = Profile.open(.features)
    defer { span.close() }
    return switch (self, signal) {
    case (.sound(let extractor), .sound(let waveform)): extractor(waveform)
    case (.line(let extractor), .line(let image)): extractor.features(of: image)
    case (.strokes(let extractor), .strokes(let recording)): extractor(recording)
    default:
      preconditionFailure("InputExtractor: got \(signal.sense), expected \(sense)")
    }
  }
}

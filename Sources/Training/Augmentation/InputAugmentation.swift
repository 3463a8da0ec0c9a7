import Audio
import Configuration
import Ink
import Recognition
import Tensors

/// How training samples are varied; what can be varied depends on the sense.
public enum InputAugmentation: Configuration {
  /// Recordings.
  case sound(AugmentationConfiguration)
  /// Pictures of lines.
  case line(LineAugmentationConfiguration)
  /// Pen strokes.
  case strokes(StrokeAugmentationConfiguration)

  /// No variation of a sense.
  public init(_ sense: Sense) {
    switch sense {
    case .sound: self = .sound(AugmentationConfiguration())
    case .line: self = .line(LineAugmentationConfiguration())
    case .strokes: self = .strokes(StrokeAugmentationConfiguration())
    }
  }

  /// The variation of recordings; reading it from another sense gives none.
  public var sound: AugmentationConfiguration {
    get { if case .sound(let configuration) = self { configuration } else { .init() } }
    set { self = .sound(newValue) }
  }

  /// Reads the variation of recordings; ``RecognitionRecipe`` knows the sense and reads the others.
  public init(from decoder: any Decoder) throws {
    self = .sound(try AugmentationConfiguration(from: decoder))
  }

  /// Writes what is varied.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .sound(let configuration): try configuration.encode(to: encoder)
    case .line(let configuration): try configuration.encode(to: encoder)
    case .strokes(let configuration): try configuration.encode(to: encoder)
    }
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    switch self {
    case .sound(let configuration): try configuration.validate()
    case .line(let configuration): try configuration.validate()
    case .strokes(let configuration): try configuration.validate()
    }
  }
}

/// Varies signals and their features as an ``InputAugmentation`` says.
public enum InputAugmenter: Sendable {
  /// Recordings and their spectra.
  case sound(Augmenter)
  /// Pictures of lines.
  case line(LineAugmenter)
  /// Pen strokes.
  case strokes(StrokeAugmenter)

  /// What varies the inputs of an extractor.
  ///
  /// - Precondition: Configuration and extractor are of one sense.
  /// - Throws: `TrainerError` if a noise or an impulse response cannot be read, or a value is out of
  ///   range.
  public init(
    _ configuration: InputAugmentation, extractor: InputExtractor
  ) throws(TrainerError) {
    switch (configuration, extractor) {
    case (.sound(let configuration), .sound(let extractor)):
      self = .sound(
        try mapping(TrainerError.audio) { () throws(AudioError) in
          try Augmenter(configuration, sampleRate: extractor.sampleRate)
        })
    case (.line(let configuration), .line):
      self = .line(LineAugmenter(configuration))
    case (.strokes(let configuration), .strokes):
      self = .strokes(
        try mapping(TrainerError.configuration) { () throws(ConfigurationError) in
          try StrokeAugmenter(configuration)
        })
    default:
      preconditionFailure(
        "InputAugmenter: a configuration of another sense than \(extractor.sense)")
    }
  }

  /// The features of a variation of a signal.
  ///
  /// - Precondition: Augmenter, signal and extractor are of one sense.
  public func features(
    of signal: InputSignal, extractor: InputExtractor, random: inout RandomSource
  ) -> Tensor {
    switch (self, signal, extractor) {
    case (.sound(let augmenter), .sound(let waveform), .sound(let sound)):
      let features = sound(augmenter.waveform(waveform, random: &random))
      return augmenter.features(
        features, blocks: 1 + sound.configuration.deltas, random: &random)
    case (.line(let augmenter), .line(let image), .line(let line)):
      return line.features(of: augmenter(image, random: &random))
    case (.strokes(let augmenter), .strokes(let recording), .strokes(let strokes)):
      return strokes(augmenter(recording, random: &random))
    default:
      preconditionFailure("InputAugmenter: got \(signal.sense) for \(extractor.sense)")
    }
  }
}

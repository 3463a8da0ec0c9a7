import Audio
import Configuration
import Ink

/// How the input becomes frames of features; its `kind` decides what the input is.
public enum InputConfiguration: Configuration {
  /// Recordings; `kind` is `spectrogram`, `logMel` or `mfcc`.
  case sound(FeatureConfiguration)
  /// Pictures of lines; `kind` is `pixels` or `columnGeometry`.
  case line(LineFeatureConfiguration)
  /// Pen strokes; `kind` is `strokes`.
  case strokes(StrokeFeatureConfiguration)

  /// Log-mel features of recordings.
  public init() { self = .sound(FeatureConfiguration()) }

  /// What the input is.
  public var sense: Sense {
    switch self {
    case .sound: .sound
    case .line: .line
    case .strokes: .strokes
    }
  }

  /// The features of recordings; reading it from another kind of input gives the defaults.
  public var sound: FeatureConfiguration {
    get { if case .sound(let configuration) = self { configuration } else { .init() } }
    set { self = .sound(newValue) }
  }

  private enum KindKey: String, CodingKey { case kind }

  private static var kinds: [String] {
    FeatureConfiguration.Kind.allCases.map(\.rawValue)
      + LineFeatureConfiguration.Kind.allCases.map(\.rawValue)
      + StrokeFeatureConfiguration.Kind.allCases.map(\.rawValue)
  }

  /// Reads `kind` and then the configuration that belongs to it.
  public init(from decoder: any Decoder) throws {
    let word = try decoder.container(keyedBy: KindKey.self).decodeIfPresent(
      String.self, forKey: .kind)
    if word == nil || FeatureConfiguration.Kind(rawValue: word ?? "") != nil {
      self = .sound(try FeatureConfiguration(from: decoder))
    } else if LineFeatureConfiguration.Kind(rawValue: word ?? "") != nil {
      self = .line(try LineFeatureConfiguration(from: decoder))
    } else if StrokeFeatureConfiguration.Kind(rawValue: word ?? "") != nil {
      self = .strokes(try StrokeFeatureConfiguration(from: decoder))
    } else {
      throw ConfigurationError.invalid(
        key: (decoder.codingPath + [KindKey.kind]).dottedPath, found: "'\(word ?? "")'",
        expected: "one of \(Self.kinds.joined(separator: ", "))")
    }
  }

  /// Writes the configuration, whose `kind` tells them apart.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .sound(let configuration): try configuration.encode(to: encoder)
    case .line(let configuration): try configuration.encode(to: encoder)
    case .strokes(let configuration): try configuration.encode(to: encoder)
    }
  }

  /// Checks the values.
  public func validate() throws(ConfigurationError) {
    switch self {
    case .sound(let configuration): try configuration.validate()
    case .line(let configuration): try configuration.validate()
    case .strokes(let configuration): try configuration.validate()
    }
  }
}

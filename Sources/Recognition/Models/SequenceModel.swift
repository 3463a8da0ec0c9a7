import Autograd
import Configuration
import Layers
import Tensors

/// A network that maps frames of features to logits over labels, for CTC.
public protocol SequenceModel: Module {
  /// The features of a frame that comes in.
  var inputSize: Int { get }
  /// The labels of a frame that goes out, the blank included.
  var labelCount: Int { get }
  /// How many input frames one output frame stands for.
  var frameStride: Int { get }

  /// The number of output frames for so many input frames.
  func outputLength(_ frames: Int) -> Int

  /// The features of a state, from which the logits of a frame are made.
  var stateSize: Int { get }

  /// Maps `[time, batch, inputSize]` to the states below the output layer,
  /// `[outputTime, batch, stateSize]`.
  ///
  /// - Parameters:
  ///   - frameLengths: The frames of each row; what lies beyond does not influence the result.
  ///   - tape: Given in training; without one, dropout and batch statistics are off.
  func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int])

  /// Maps states `[.., stateSize]` to logits `[.., labelCount]`.
  func logits(of states: Variable, on tape: Tape?) -> Variable
}

extension SequenceModel {
  /// Maps `[time, batch, inputSize]` to logits `[outputTime, batch, labelCount]`; see
  /// ``states(_:frameLengths:on:)``.
  public func callAsFunction(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (logits: Variable, frameLengths: [Int]) {
    let (states, lengths) = states(features, frameLengths: frameLengths, on: tape)
    return (logits(of: states, on: tape), lengths)
  }
}

/// Which network is built, and its sizes.
public enum ModelConfiguration: Configuration {
  /// Deep Speech as published in 2014.
  case deepSpeech(DeepSpeechConfiguration)
  /// Deep Speech 2.
  case deepSpeech2(DeepSpeech2Configuration)
  /// Convolutions and recurrent layers over pictures of lines.
  case convolutionalRecurrent(ConvolutionalRecurrentConfiguration)

  /// The names of the networks, as recipes write them after `kind:`.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case deepSpeech, deepSpeech2, convolutionalRecurrent
  }

  /// Deep Speech 2 of the default size.
  public init() { self = .deepSpeech2(DeepSpeech2Configuration()) }

  /// The network's name.
  public var kind: Kind {
    switch self {
    case .deepSpeech: .deepSpeech
    case .deepSpeech2: .deepSpeech2
    case .convolutionalRecurrent: .convolutionalRecurrent
    }
  }

  private enum KindKey: String, CodingKey { case kind }

  /// Reads `kind` and then the configuration that belongs to it.
  public init(from decoder: any Decoder) throws {
    let word = try decoder.container(keyedBy: KindKey.self).decodeIfPresent(
      String.self, forKey: .kind)
    switch word.map(Kind.init(rawValue:)) ?? .deepSpeech2 {
    case .deepSpeech: self = .deepSpeech(try DeepSpeechConfiguration(from: decoder))
    case .deepSpeech2: self = .deepSpeech2(try DeepSpeech2Configuration(from: decoder))
    case .convolutionalRecurrent:
      self = .convolutionalRecurrent(try ConvolutionalRecurrentConfiguration(from: decoder))
    case nil:
      throw ConfigurationError.invalid(
        key: (decoder.codingPath + [KindKey.kind]).dottedPath, found: "'\(word ?? "")'",
        expected: Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// Writes the configuration with its `kind`.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .deepSpeech(let configuration): try configuration.encode(to: encoder)
    case .deepSpeech2(let configuration): try configuration.encode(to: encoder)
    case .convolutionalRecurrent(let configuration): try configuration.encode(to: encoder)
    }
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    switch self {
    case .deepSpeech(let configuration): try configuration.validate()
    case .deepSpeech2(let configuration): try configuration.validate()
    case .convolutionalRecurrent(let configuration): try configuration.validate()
    }
  }

  /// Builds the network with freshly drawn weights.
  public func makeModel(
    inputSize: Int, labelCount: Int, random: inout RandomSource
  ) -> any SequenceModel {
    switch self {
    case .deepSpeech(let configuration):
      DeepSpeech(configuration, inputSize: inputSize, labelCount: labelCount, random: &random)
    case .deepSpeech2(let configuration):
      DeepSpeech2(configuration, inputSize: inputSize, labelCount: labelCount, random: &random)
    case .convolutionalRecurrent(let configuration):
      ConvolutionalRecurrent(
        configuration, inputSize: inputSize, labelCount: labelCount, random: &random)
    }
  }
}

/// Throws unless a number of a configuration is as it must be.
func require<Value>(
  _ condition: Bool, _ key: String, _ found: Value, _ expected: String
) throws(ConfigurationError) {
  guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
}

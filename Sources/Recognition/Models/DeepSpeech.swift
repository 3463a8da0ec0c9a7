import Autograd
import Configuration
import Layers
import Tensors

/// The sizes of ``DeepSpeech``.
public struct DeepSpeechConfiguration: Configuration {
  /// The network's name in recipes.
  public private(set) var kind = ModelConfiguration.Kind.deepSpeech
  /// Frames of context on each side; 5, 7 and 9 in the paper.
  public var contextSize = 9
  /// Units of every hidden layer; 2048 in the paper.
  public var hiddenSize = 512
  /// The share of units that is dropped between the dense layers in training; 0.05 to 0.1 there.
  public var dropout: Float = 0.05

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, contextSize, hiddenSize, dropout
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.contextSize, into: &contextSize)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.dropout, into: &dropout)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require((0...50).contains(contextSize), "contextSize", contextSize, "0 to 50")
    try require((1...16_384).contains(hiddenSize), "hiddenSize", hiddenSize, "1 to 16384")
    try require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more, below 1")
  }
}

/// Deep Speech (Hannun et al. 2014).
///
/// A window of context frames; three dense layers with clipped rectifiers; one bidirectional plain
/// recurrent layer with the same nonlinearity, its directions summed; one more dense layer; logits.
public struct DeepSpeech: SequenceModel {
  private let splicing: FrameSplicing
  private let dropout: Dropout
  private var dense: [Linear]
  private var recurrent: RecurrentLayer
  private var last: Linear
  private var output: Linear

  /// The features of a frame that comes in.
  public let inputSize: Int

  /// A network with freshly drawn weights.
  public init(
    _ configuration: DeepSpeechConfiguration, inputSize: Int, labelCount: Int,
    random: inout RandomSource
  ) {
    self.inputSize = inputSize
    let hidden = configuration.hiddenSize
    splicing = FrameSplicing(contextSize: configuration.contextSize)
    dropout = Dropout(probability: configuration.dropout)
    let windowed = inputSize * splicing.windowSize
    dense = [windowed, hidden, hidden].map {
      Linear(rectifiedInputSize: $0, outputSize: hidden, random: &random)
    }
    recurrent = .rnn(
      .clippedReLU, inputSize: hidden, hiddenSize: hidden, direction: .bidirectional, merge: .sum,
      random: &random)
    last = Linear(rectifiedInputSize: hidden, outputSize: hidden, random: &random)
    output = Linear(inputSize: hidden, outputSize: labelCount, random: &random)
  }

  /// The labels of a frame that goes out.
  public var labelCount: Int { output.outputSize }
  /// One: every frame is kept.
  public var frameStride: Int { 1 }
  /// As many as come in.
  public func outputLength(_ frames: Int) -> Int { frames }

  /// The features of a state.
  public var stateSize: Int { output.weight.shape[1] }

  /// Maps states to logits.
  public func logits(of states: Variable, on tape: Tape?) -> Variable { output(states, on: tape) }

  /// Maps features to states; see ``SequenceModel``.
  public func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    var x = splicing(features, frameLengths: frameLengths, on: tape).output
    for layer in dense {
      x = dropout(Activation.clippedReLU(layer(x, on: tape), on: tape), on: tape)
    }
    x = recurrent(x, frameLengths: frameLengths, on: tape)
    x = dropout(Activation.clippedReLU(last(x, on: tape), on: tape), on: tape)
    return (x, frameLengths)
  }

  /// Shows the layers from input to output.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("dense", &dense)
    visitor.module("recurrent", &recurrent)
    visitor.module("last", &last)
    visitor.module("output", &output)
  }
}

extension Linear {
  /// A layer before a rectifier: weights uniform in ±√(6 / inputSize), which keeps the variance of
  /// what passes (He et al. 2015), and no bias.
  init(rectifiedInputSize inputSize: Int, outputSize: Int, random: inout RandomSource) {
    self.init(inputSize: inputSize, outputSize: outputSize, random: &random)
    weight.value.scale(by: Float(6).squareRoot())
    bias.value = Tensor(zeros: [outputSize])
  }
}

import Autograd
import Layers
import Tensors

/// Deep Speech 2 (Amodei et al. 2015).
///
/// A front end that shortens the sequence, a stack of recurrent layers whose input products are
/// batch-normalised, optionally a lookahead convolution in place of the backward direction, logits.
public struct DeepSpeech2: SequenceModel {
  let splicing: FrameSplicing
  private let dropout: Dropout
  private(set) var frontEnd: ConvolutionalFrontEnd
  private(set) var recurrent: [RecurrentLayer]
  private(set) var lookahead: LookaheadConvolution?
  private(set) var output: Linear

  /// The features of a frame that comes in.
  public let inputSize: Int

  /// A network with freshly drawn weights.
  public init(
    _ configuration: DeepSpeech2Configuration, inputSize: Int, labelCount: Int,
    random: inout RandomSource
  ) {
    self.inputSize = inputSize
    splicing = FrameSplicing(
      contextSize: configuration.contextSize, stride: configuration.frameStride)
    dropout = Dropout(
      probability: configuration.dropout,
      kind: configuration.variationalDropout ? .variational : .elementwise)
    frontEnd = ConvolutionalFrontEnd(
      configuration.convolutions, inputSize: inputSize * splicing.windowSize, random: &random)
    var size = frontEnd.outputSize
    recurrent = []
    for index in 0..<configuration.layerCount {
      let layer = RecurrentLayer(
        configuration.recurrenceKind, inputSize: size, hiddenSize: configuration.hiddenSize,
        direction: configuration.direction, merge: configuration.merge,
        peepholes: configuration.peepholes, normalized: configuration.batchNorm && index > 0,
        random: &random)
      size = layer.outputSize
      recurrent.append(layer)
    }
    if configuration.lookahead > 0 {
      lookahead = LookaheadConvolution(
        featureSize: size, contextSize: configuration.lookahead, random: &random)
    }
    output = Linear(inputSize: size, outputSize: labelCount, random: &random)
  }

  /// The labels of a frame that goes out.
  public var labelCount: Int { output.outputSize }
  /// How many input frames one output frame stands for.
  public var frameStride: Int { splicing.stride * frontEnd.frameStride }
  /// The number of output frames for so many input frames.
  public func outputLength(_ frames: Int) -> Int {
    frontEnd.outputLength(splicing.outputLength(frames))
  }

  /// The features of a state.
  public var stateSize: Int { output.weight.shape[1] }

  /// Maps states to logits.
  public func logits(of states: Variable, on tape: Tape?) -> Variable { output(states, on: tape) }

  /// Maps features to states; see ``SequenceModel``.
  public func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    var (x, lengths) = splicing(features, frameLengths: frameLengths, on: tape)
    (x, lengths) = frontEnd(x, frameLengths: lengths, on: tape)
    for layer in recurrent { x = dropout(layer(x, frameLengths: lengths, on: tape), on: tape) }
    if let lookahead { x = lookahead(x, frameLengths: lengths, on: tape) }
    return (x, lengths)
  }

  /// Shows the layers from input to output.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("front_end", &frontEnd)
    visitor.modules("recurrent", &recurrent)
    visitor.module("lookahead", &lookahead)
    visitor.module("output", &output)
  }
}

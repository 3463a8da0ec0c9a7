import Autograd
import Layers
import Tensors

/// Convolutions over the picture of a line, then recurrent layers over its columns, then logits
/// (Puigcerver 2017; Shi, Bai and Yao 2015).
public struct ConvolutionalRecurrent: SequenceModel {
  private var stages: [ImageStage]
  private var recurrent: [RecurrentLayer] = []
  private var output: Linear
  private let columnDropout: Dropout
  private let dropout: Dropout

  /// The height of the picture.
  public let inputSize: Int

  /// A network with freshly drawn weights.
  public init(
    _ configuration: ConvolutionalRecurrentConfiguration, inputSize: Int, labelCount: Int,
    random: inout RandomSource
  ) {
    self.inputSize = inputSize
    stages = []
    var (channels, height) = (1, inputSize)
    for stage in configuration.convolutions {
      stages.append(ImageStage(stage, inputChannels: channels, random: &random))
      channels = stage.channels
      height = stages[stages.count - 1].outputHeight(height)
    }
    var size = channels * height
    for _ in 0..<configuration.layerCount {
      let layer = RecurrentLayer(
        configuration.recurrenceKind, inputSize: size, hiddenSize: configuration.hiddenSize,
        direction: configuration.direction, merge: configuration.merge, random: &random)
      size = layer.outputSize
      recurrent.append(layer)
    }
    output = Linear(inputSize: size, outputSize: labelCount, random: &random)
    columnDropout = Dropout(probability: configuration.columnDropout, kind: .elementwise)
    dropout = Dropout(
      probability: configuration.dropout,
      kind: configuration.variationalDropout ? .variational : .elementwise)
  }

  /// The labels of a frame that goes out.
  public var labelCount: Int { output.outputSize }
  /// How many columns one output frame stands for.
  public var frameStride: Int { stages.reduce(1) { $0 * $1.widthStride } }
  /// The number of output frames for so many columns.
  public func outputLength(_ frames: Int) -> Int {
    stages.reduce(frames) { $1.outputLength($0) }
  }

  /// The features of a state.
  public var stateSize: Int { output.weight.shape[1] }

  /// Maps states to logits.
  public func logits(of states: Variable, on tape: Tape?) -> Variable { output(states, on: tape) }

  /// Maps features to states; see ``SequenceModel``.
  public func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    var image = SequenceToImage()(features, frameLengths: frameLengths, on: tape)
    var lengths = frameLengths
    for stage in stages { (image, lengths) = stage(image, widthLengths: lengths, on: tape) }
    var x = ImageToSequence()(image, widthLengths: lengths, on: tape)
    x = columnDropout(x, on: tape)
    for layer in recurrent { x = dropout(layer(x, frameLengths: lengths, on: tape), on: tape) }
    return (x, lengths)
  }

  /// Shows the layers from input to output.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("stages", &stages)
    visitor.modules("recurrent", &recurrent)
    visitor.module("output", &output)
  }
}

/// Convolution, maximum pooling, batch normalisation and a leaky rectifier.
///
/// The maximum is taken before the normalisation: where its scale is positive this changes nothing,
/// and it leaves a fraction of the values to normalise.
private struct ImageStage: Module {
  private let pooling: MaxPool2D?
  private var convolution: Convolution2D
  private var normalization: BatchNorm2D?

  init(_ configuration: ImageStageConfiguration, inputChannels: Int, random: inout RandomSource) {
    convolution = Convolution2D(
      inputChannels: inputChannels, outputChannels: configuration.channels,
      window: configuration.window, bias: !configuration.batchNorm, random: &random)
    let pool = configuration.pool
    pooling =
      pool == Size2D(1) ? nil : MaxPool2D(window: ImageWindow(kernelSize: pool, stride: pool))
    normalization =
      configuration.batchNorm ? BatchNorm2D(channelCount: configuration.channels) : nil
  }

  var widthStride: Int { convolution.window.stride.width * (pooling?.window.stride.width ?? 1) }

  func outputHeight(_ height: Int) -> Int {
    let height = convolution.window.outputHeight(height)
    return pooling?.window.outputHeight(height) ?? height
  }

  func outputLength(_ width: Int) -> Int {
    let width = convolution.window.outputLength(width)
    return pooling?.window.outputLength(width) ?? width
  }

  func callAsFunction(
    _ image: Variable, widthLengths: [Int], on tape: Tape?
  ) -> (output: Variable, widthLengths: [Int]) {
    let (x, lengths) = convolution(image, widthLengths: widthLengths, pooling: pooling, on: tape)
    guard let normalization else { return (Activation.leakyReLU(x, on: tape), lengths) }
    let y = normalization(x, widthLengths: lengths, activation: .leakyReLU, on: tape)
    return (y, lengths)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("convolution", &convolution)
    visitor.module("normalization", &normalization)
  }
}

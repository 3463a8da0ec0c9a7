import Autograd
import Layers
import Tensors

/// The convolutional-recurrent recogniser of lines of handwriting: five 3 × 3 convolutions, the
/// first three pooled, batch norm and leaky rectifier after each, then the columns through three
/// bidirectional LSTM layers of 256 with dropout.
struct LineRecognizer: Module {
  private struct Stage: Module {
    var convolution: Convolution2D
    let pooling: MaxPool2D?
    var normalization: BatchNorm2D

    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.module("convolution", &convolution)
      visitor.module("normalization", &normalization)
    }
  }

  /// The channels of each convolution, and whether its output is pooled.
  static let stages = [(16, true), (32, true), (48, true), (64, false), (80, false)]
  /// The height of a line in pixels.
  static let height = 64
  /// Half a kernel of zeros on each side: a convolution keeps the size of its images.
  static let window = ImageWindow(kernelSize: Size2D(3), padding: Size2D(1))
  /// Halves both sides of an image.
  static let pooling = ImageWindow(kernelSize: Size2D(2), stride: Size2D(2))

  private var stages: [Stage] = []
  private var recurrent: [RecurrentLayer] = []
  private var output: Linear
  private let dropout = Dropout(probability: 0.25)

  init(labels: Int, random: inout RandomSource) {
    let hidden = 256
    var (channels, height) = (1, Self.height)
    for (outputs, isPooled) in Self.stages {
      stages.append(
        Stage(
          convolution: Convolution2D(
            inputChannels: channels, outputChannels: outputs, window: Self.window, bias: false,
            random: &random),
          pooling: isPooled ? MaxPool2D(window: Self.pooling) : nil,
          normalization: BatchNorm2D(channelCount: outputs)))
      channels = outputs
      if isPooled { height /= 2 }
    }
    for layer in 0..<3 {
      recurrent.append(
        RecurrentLayer(
          .lstm, inputSize: layer == 0 ? channels * height : 2 * hidden, hiddenSize: hidden,
          direction: .bidirectional, random: &random))
    }
    output = Linear(inputSize: 2 * hidden, outputSize: labels, random: &random)
  }

  /// The frames that columns of these widths become.
  static func outputLength(_ width: Int) -> Int {
    stages.reduce(width) { $1.1 ? pooling.outputLength($0) : $0 }
  }

  func callAsFunction(_ x: Variable, frameLengths: [Int], on tape: Tape?) -> Variable {
    var (x, lengths) = (SequenceToImage()(x, frameLengths: frameLengths, on: tape), frameLengths)
    for stage in stages {
      (x, lengths) = stage.convolution(
        x, widthLengths: lengths, pooling: stage.pooling, on: tape)
      x = stage.normalization(x, widthLengths: lengths, activation: .leakyReLU, on: tape)
    }
    x = ImageToSequence()(x, widthLengths: lengths, on: tape)
    for (index, layer) in recurrent.enumerated() {
      if index > 0 { x = dropout(x, on: tape) }
      x = layer(x, frameLengths: lengths, on: tape)
    }
    return output(dropout(x, on: tape), on: tape)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("stages", &stages)
    visitor.modules("recurrent", &recurrent)
    visitor.module("output", &output)
  }

  /// Multiplications and additions of all products, one way, over lines of these widths.
  func operations(widths: [Int]) -> Double {
    var (sum, height, lengths) = (0.0, Self.height, widths)
    for stage in stages {
      let pixels = Double(lengths.reduce(0, +) * height)
      sum += 2 * pixels * Double(stage.convolution.weight.value.count)
      guard stage.pooling != nil else { continue }
      height /= 2
      lengths = lengths.map(Self.pooling.outputLength)
    }
    let weights = namedParameters.reduce(0) {
      $1.parameter.shape.rank == 2 ? $0 + $1.parameter.value.count : $0
    }
    return sum + 2 * Double(weights * lengths.reduce(0, +))
  }
}

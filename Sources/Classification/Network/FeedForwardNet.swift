import Autograd
import Layers
import Tensors

/// A feed-forward net, or multi-layer perceptron (Rumelhart, Hinton and Williams 1986): dense layers
/// with a nonlinearity after each but the last.
public struct FeedForwardNet: Module {
  /// The layers from input to output.
  public var layers: [Linear]
  /// The normalisation of each hidden layer; none without batch normalisation.
  public var norms: [SequenceBatchNorm]
  private let activation: Activation
  private let dropout: Dropout
  private let inputDropout: Dropout

  /// A network with freshly drawn weights: uniform with the variance that keeps that of the signal
  /// before rectifiers (He et al. 2015), uniform in ±1/√inputSize otherwise; biases before
  /// rectifiers are zero.
  public init(
    _ configuration: FeedForwardConfiguration, inputSize: Int, outputSize: Int,
    random: inout RandomSource
  ) {
    activation = configuration.activation
    dropout = Dropout(probability: configuration.dropout)
    inputDropout = Dropout(probability: configuration.inputDropout)
    let sizes = [inputSize] + configuration.hiddenSizes + [outputSize]
    let isRectified = [.relu, .leakyReLU, .clippedReLU].contains(activation)
    layers = zip(sizes, sizes.dropFirst()).map {
      Linear(inputSize: $0, outputSize: $1, random: &random)
    }
    if isRectified {
      for index in layers.indices.dropLast() {
        layers[index].weight.value.scale(by: Float(6).squareRoot())
        layers[index].bias.value = Tensor(zeros: [layers[index].outputSize])
      }
    }
    norms =
      configuration.batchNorm
      ? configuration.hiddenSizes.map { SequenceBatchNorm(featureSize: $0) } : []
  }

  /// The number of features.
  public var inputSize: Int { layers[0].inputSize }
  /// The number of outputs.
  public var outputSize: Int { layers[layers.count - 1].outputSize }

  /// Maps `[batch, inputSize]` to `[batch, outputSize]`: logits of classes, or numbers.
  public func callAsFunction(_ features: Variable, on tape: Tape? = nil) -> Variable {
    precondition(
      features.shape.rank == 2 && features.shape[1] == inputSize,
      "FeedForwardNet: got \(features.shape), expected [batch, \(inputSize)]")
    var x = inputDropout(features, on: tape)
    for index in layers.indices.dropLast() {
      x = layers[index](x, on: tape)
      if !norms.isEmpty { x = normalized(x, norms[index], on: tape) }
      x = dropout(activation(x, on: tape), on: tape)
    }
    return layers[layers.count - 1](x, on: tape)
  }

  /// A batch of rows is to the norm a sequence of one frame for each.
  private func normalized(
    _ x: Variable, _ norm: SequenceBatchNorm, on tape: Tape?
  ) -> Variable {
    let (rows, size) = (x.shape[0], x.shape[1])
    let frames = x.reshaped([1, rows, size], on: tape)
    return norm(frames, frameLengths: [Int](repeating: 1, count: rows), on: tape)
      .reshaped([rows, size], on: tape)
  }

  /// Shows the layers from input to output.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.modules("layers", &layers)
    visitor.modules("norms", &norms)
  }
}

extension Variable {
  fileprivate func reshaped(_ shape: Shape, on tape: Tape?) -> Variable {
    let y = tensor.reshaped(shape)
    guard let tape else { return Variable(y) }
    let before = tensor.shape
    return tape.record(y, from: [self]) { gradient, _ in [gradient.reshaped(before)] }
  }
}

import Autograd
import Layers
import Tensors

/// The network of a classifier, of whichever kind.
public enum ClassifierNetwork: Module {
  /// A perceptron.
  case perceptron(Perceptron)
  /// A feed-forward net.
  case feedForward(FeedForwardNet)

  /// A network for an input, with fresh weights.
  public init(
    _ configuration: ClassifierConfiguration, input: ClassifierInput, random: inout RandomSource
  ) {
    switch configuration {
    case .perceptron(let configuration):
      self = .perceptron(
        Perceptron(
          configuration, featureCount: input.featureCount, classCount: input.classes.count))
    case .feedForward(let configuration):
      self = .feedForward(
        FeedForwardNet(
          configuration, inputSize: input.featureCount, outputSize: input.outputCount,
          random: &random))
    }
  }

  /// Maps `[batch, featureCount]` to the scores of classes, logits or numbers, `[batch, output]`.
  public func outputs(_ features: Tensor) -> Tensor {
    switch self {
    case .perceptron(let perceptron): perceptron.scores(features)
    case .feedForward(let net): net(Variable(features)).tensor
    }
  }

  /// The weights from the features to the first layer or to the units, `[unit, featureCount]`.
  public var firstWeights: Tensor {
    switch self {
    case .feedForward(let net): return net.layers[0].weight.value
    case .perceptron(let perceptron):
      let weights = (perceptron.answer ?? perceptron.weight).value
      let (units, size) = (weights.shape[0], weights.shape[1])
      let scalars = weights.scalars
      return Tensor(
        (0..<units).flatMap { scalars[$0 * size..<($0 + 1) * size - 1] }, shape: [units, size - 1])
    }
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    switch self {
    case .perceptron(var perceptron):
      perceptron.visit(&visitor)
      self = .perceptron(perceptron)
    case .feedForward(var net):
      net.visit(&visitor)
      self = .feedForward(net)
    }
  }
}

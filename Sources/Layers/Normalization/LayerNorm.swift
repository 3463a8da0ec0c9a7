import Autograd
import Tensors

/// Layer normalisation over the last axis (Ba et al. 2016): each frame is brought to mean 0 and
/// variance 1 over its features, then scaled by γ and shifted by β.
///
/// Frames do not meet, so the layer needs no lengths: padding stays apart from the frames.
public struct LayerNorm: Module {
  /// γ `[featureSize]`
  public var weight: Parameter
  /// β `[featureSize]`
  public var bias: Parameter
  /// Added to the variance before its root is taken.
  public var epsilon: Float

  /// A layer that starts with γ = 1 and β = 0.
  public init(featureSize: Int, epsilon: Float = 1e-5) {
    precondition(
      featureSize > 0 && epsilon > 0, "LayerNorm: got featureSize \(featureSize), \(epsilon)")
    weight = Parameter(Tensor(repeating: 1, [featureSize]))
    bias = Parameter(Tensor(zeros: [featureSize]))
    self.epsilon = epsilon
  }

  /// The size of the last axis.
  public var featureSize: Int { weight.shape[0] }

  /// Normalises `[.., featureSize]`.
  public func callAsFunction(_ x: Variable, on tape: Tape? = nil) -> Variable {
    precondition(
      x.shape.rank > 0 && x.shape[-1] == featureSize,
      "LayerNorm: got \(x.shape), expected [.., \(featureSize)]")
    let (y, statistics) = x.tensor.layerNormalized(
      weight: weight.value, bias: bias.value, epsilon: epsilon)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { [self] gradient, gradients in
      let sums = x.tensor.layerNormalizationSums(gradient, statistics)
      gradients.add(sums.weight, to: weight)
      gradients.add(sums.bias, to: bias)
      guard x.needsGradient else { return [nil] }
      return [x.tensor.layerNormalizedPullback(gradient, statistics, weight: weight.value)]
    }
  }

  /// Shows γ and β.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}

import Autograd
import Tensors

/// An elementwise nonlinearity.
public enum Activation: String, Codable, CaseIterable, Sendable {
  /// x
  case identity
  /// max(x, 0)
  case relu
  /// min(max(x, 0), 20): the clipped rectifier of Deep Speech (Hannun et al. 2014), which
  /// Deep Speech 2 calls hard tanh.
  case clippedReLU
  /// x where positive, else 0.01 x (Maas et al. 2013)
  case leakyReLU
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// x within −1...1, else the nearer bound
  case hardTanh

  private static let slope: Float = 0.01

  /// The bounds of the activations that are the identity between two bounds.
  private var bounds: (low: Float, high: Float)? {
    switch self {
    case .relu: (0, .infinity)
    case .clippedReLU: (0, 20)
    case .hardTanh: (-1, 1)
    case .identity, .leakyReLU, .tanh, .sigmoid: nil
    }
  }

  /// The same as what a map of channels may end with, where it is of that kind.
  var rectifier: Rectifier? {
    if let bounds { return .clip(low: bounds.low, high: bounds.high) }
    return switch self {
    case .identity: Rectifier.none
    case .leakyReLU: .leaky(slope: Self.slope)
    default: nil
    }
  }

  /// Applies the function to every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if let bounds { return x.clipped(low: bounds.low, high: bounds.high) }
    return switch self {
    case .leakyReLU: x.leakyRectified(slope: Self.slope)
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    default: x
    }
  }

  /// The gradient of the input from the output and its gradient; at a kink it is zero, or for the
  /// leaky rectifier that of the negative side.
  package func pullback(_ gradient: Tensor, output: Tensor) -> Tensor {
    if let bounds {
      return output.clippedPullback(gradient, low: bounds.low, high: bounds.high)
    }
    return switch self {
    case .leakyReLU: output.leakyRectifiedPullback(gradient, slope: Self.slope)
    case .tanh: output.tanhPullback(gradient)
    case .sigmoid: output.sigmoidPullback(gradient)
    default: gradient
    }
  }

  /// Applies the function to every element of a tensor of any shape.
  public func callAsFunction(_ x: Variable, on tape: Tape? = nil) -> Variable {
    guard self != .identity else { return x }
    let y = self(x.tensor)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { gradient, _ in
      [x.needsGradient ? pullback(gradient, output: y) : nil]
    }
  }
}

/// An activation as a part of a network.
public struct ActivationLayer: Module {
  /// The function.
  public var activation: Activation

  /// A layer that applies this function.
  public init(_ activation: Activation) { self.activation = activation }

  /// Applies the function to every element of a tensor of any shape.
  public func callAsFunction(_ x: Variable, on tape: Tape? = nil) -> Variable {
    activation(x, on: tape)
  }

  /// Shows nothing: there are no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor) {}
}

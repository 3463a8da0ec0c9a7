import Autograd
import Tensors

/// A dense layer: y = x Wᵀ + b over the last axis.
public struct Linear: Module {
  /// `[outputSize, inputSize]`
  public var weight: Parameter
  /// `[outputSize]`
  public var bias: Parameter

  /// A layer with weights drawn uniformly from ±1/√inputSize (LeCun et al. 1998).
  public init(inputSize: Int, outputSize: Int, random: inout RandomSource) {
    weight = Parameter(.uniform([outputSize, inputSize], fanIn: inputSize, random: &random))
    bias = Parameter(.uniform([outputSize], fanIn: inputSize, random: &random))
  }

  /// The size of the last axis of the input.
  public var inputSize: Int { weight.shape[1] }
  /// The size of the last axis of the output.
  public var outputSize: Int { weight.shape[0] }

  /// Maps `[.., inputSize]` to `[.., outputSize]`.
  public func callAsFunction(_ x: Variable, on tape: Tape? = nil) -> Variable {
    precondition(
      x.shape.rank > 0 && x.shape[-1] == inputSize,
      "Linear: got \(x.shape), expected [.., \(inputSize)]")
    let y = x.tensor.multiplied(by: weight.packedTransposed, bias: bias.value)
    guard let tape else { return Variable(y) }
    return tape.record(y, from: [x]) { [self] gradient, gradients in
      gradients.add(outerSum(gradient, x.tensor, weight.precision), to: weight)
      gradients.add(gradient.columnSums(), to: bias)
      return [x.needsGradient ? gradient.multiplied(by: weight.packed) : nil]
    }
  }

  /// Shows weight and bias.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }
}

/// dW = dyᵀ x, summed over all rows: the gradient of a weight `[output, input]`.
package func outerSum(
  _ gradient: Tensor, _ x: Tensor, _ precision: Precision = .fp32
) -> Tensor {
  gradient.reshaped([gradient.shape.rowCount, gradient.shape.rowSize]).multiplied(
    by: x.reshaped([x.shape.rowCount, x.shape.rowSize]), transposeLeft: true, precision: precision)
}

import Autograd
import Tensors

extension Module {
  /// The Euclidean norm of all gradients of the trained parameters together.
  ///
  /// Summed in double precision in a fixed order, so the bits do not depend on the number of
  /// threads. It is finite if and only if every gradient is.
  public func gradientNorm(_ gradients: Gradients) -> Double {
    let span = Profile.open(.gradientNorm)
    defer { span.close() }
    return Tensor.sumOfSquares(
      namedParameters.compactMap { $0.parameter.isTrainable ? gradients[$0.parameter] : nil }
    ).squareRoot()
  }
}

/// What gradients have to be multiplied by so that their norm is at most `maximum` (Pascanu et al.
/// 2013).
///
/// - Parameters:
///   - norm: The norm of all gradients together.
///   - maximum: The largest norm allowed; nil does not clip.
public func clippingScale(norm: Double, maximum: Float?) -> Float {
  guard let maximum, norm > Double(maximum) else { return 1 }
  return Float(Double(maximum) / norm)
}

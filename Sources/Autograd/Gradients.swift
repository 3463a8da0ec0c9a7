import Tensors

/// The derivative of a loss with respect to each parameter that took part.
public struct Gradients: Sendable {
  private var byParameter: [Parameter.Identity: Tensor] = [:]

  /// No gradients.
  public init() {}

  /// The gradient of a parameter, in its shape; nil if it took no part.
  public subscript(parameter: Parameter) -> Tensor? {
    get { byParameter[parameter.identity] }
    set { byParameter[parameter.identity] = newValue }
  }

  /// Adds to the gradient of a parameter.
  public mutating func add(_ gradient: Tensor, to parameter: Parameter) {
    precondition(
      gradient.shape == parameter.shape,
      "Gradients: got \(gradient.shape) for a parameter of shape \(parameter.shape)")
    if let held = byParameter.removeValue(forKey: parameter.identity) {
      var sum = held
      sum.add(gradient)
      byParameter[parameter.identity] = sum
    } else {
      byParameter[parameter.identity] = gradient
    }
  }
}

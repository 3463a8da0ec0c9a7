import Autograd
import Tensors

/// The logarithm of the softmax over the last axis.
///
/// - Parameter x: `[.., label]`
/// - Returns: `[.., label]`, at most zero; its exponentials sum to one along the last axis.
public func logSoftmax(_ x: Variable, on tape: Tape? = nil) -> Variable {
  let y = x.tensor.logSoftmax()
  guard let tape else { return Variable(y) }
  return tape.record(y, from: [x]) { gradient, _ in
    [x.needsGradient ? y.logSoftmaxGradient(gradient) : nil]
  }
}

import Tensors

/// A tensor on its way through a network, and the place on the tape that it came from.
public struct Variable {
  /// The value.
  public let tensor: Tensor
  let node: Int?

  /// A constant: nothing is differentiated with respect to it.
  public init(_ tensor: Tensor) {
    self.tensor = tensor
    node = nil
  }

  init(_ tensor: Tensor, node: Int) {
    self.tensor = tensor
    self.node = node
  }

  /// The shape of the value.
  public var shape: Shape { tensor.shape }

  /// Whether a pullback has to return a gradient for it.
  public var needsGradient: Bool { node != nil }
}

/// The record of one training step: one node per layer call, walked backwards once.
///
/// Layers that are given a tape train (dropout drops, batch normalisation uses the batch);
/// without one they infer.
public final class Tape {
  /// Returns the gradient for each input (nil where not needed) and files those of parameters.
  public typealias Pullback = (_ gradient: Tensor, _ gradients: inout Gradients) -> [Tensor?]

  private struct Node {
    let inputs: [Int?]
    let pullback: Pullback
  }

  private var nodes: [Node?] = []

  /// Where layers draw their random decisions from, in the order of their calls.
  public var random: RandomSource

  /// New values of parameters that are not trained, such as running statistics, in call order; the
  /// trainer stores them after the step.
  public private(set) var updates: [Parameter.Identity: Tensor] = [:]

  /// A tape for one step; `random` belongs to the seed and the step.
  public init(random: RandomSource = RandomSource(seed: 0)) { self.random = random }

  /// Marks a tensor as something to differentiate with respect to.
  public func watch(_ tensor: Tensor) -> Variable {
    nodes.append(Node(inputs: [], pullback: { _, _ in [] }))
    return Variable(tensor, node: nodes.count - 1)
  }

  /// Records a layer call.
  ///
  /// - Parameters:
  ///   - output: What the call computed.
  ///   - inputs: What it was computed from, besides parameters.
  ///   - pullback: Maps the gradient of the output to those of the inputs, in their order. It is
  ///     called at most once, so it may reuse what it holds.
  public func record(
    _ output: Tensor, from inputs: [Variable], pullback: @escaping Pullback
  ) -> Variable {
    nodes.append(Node(inputs: inputs.map(\.node), pullback: pullback))
    return Variable(output, node: nodes.count - 1)
  }

  /// Registers the value that a parameter which is not trained takes after this step.
  public func update(_ parameter: Parameter, to value: Tensor) {
    precondition(!parameter.isTrainable, "Tape.update: the parameter is trained by the optimiser")
    updates[parameter.identity] = value
  }

  /// The gradients of `output` with respect to all parameters, and to the watched `variables`.
  ///
  /// - Parameter seed: The gradient of the output, of its shape; 1 where it is a scalar.
  /// - Note: The tape is used up: what a node saved is freed as soon as it was used.
  public func gradients(
    of output: Variable, seed: Tensor? = nil, withRespectTo variables: [Variable] = []
  ) -> (parameters: Gradients, variables: [Tensor?]) {
    precondition(seed != nil || output.tensor.count == 1, "Tape: \(output.shape) needs a seed")
    guard let last = output.node else { return (Gradients(), variables.map { _ in nil }) }
    var pending = [Tensor?](repeating: nil, count: nodes.count)
    pending[last] = seed ?? Tensor(repeating: 1, output.shape)
    var result = Gradients()
    let kept = Set(variables.compactMap(\.node))
    for index in stride(from: last, through: 0, by: -1) {
      guard let node = nodes[index] else { continue }
      nodes[index] = nil
      guard let gradient = pending[index] else { continue }
      if !kept.contains(index) { pending[index] = nil }
      let inputGradients = node.pullback(gradient, &result)
      for (input, gradient) in zip(node.inputs, inputGradients) {
        guard let input, let gradient else { continue }
        if let held = pending[input] {
          pending[input] = nil
          var sum = held
          sum.add(gradient)
          pending[input] = sum
        } else {
          pending[input] = gradient
        }
      }
    }
    return (result, variables.map { $0.node.flatMap { pending[$0] } })
  }
}

/// Something that a layer keeps for its pullback, which takes it out and may overwrite it.
///
/// A value that a closure captures is shared and would be copied before it is written.
package final class Saved<Value> {
  private var value: Value?

  package init(_ value: Value) { self.value = value }

  /// The value, once.
  package func take() -> Value {
    guard let value else { preconditionFailure("Saved.take: called twice") }
    self.value = nil
    return value
  }
}

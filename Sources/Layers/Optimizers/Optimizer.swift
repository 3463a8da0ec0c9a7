import Autograd
import Tensors

/// Moves the parameters of a model along their gradients.
///
/// What it remembers of a parameter is filed under the parameter's path, so that it can be stored
/// with a model and restored exactly.
public struct Optimizer: Sendable {
  /// The rule and its constants.
  public let configuration: OptimizerConfiguration

  /// How many updates were made.
  public internal(set) var stepCount = 0

  /// By path; what the tensors are is said by ``slotNames``.
  var slots: [String: [Tensor]] = [:]

  /// An optimiser that has made no step.
  public init(_ configuration: OptimizerConfiguration) { self.configuration = configuration }

  /// Makes one step.
  ///
  /// Parameters without a gradient stay as they are, as do their means and velocities. The bits of
  /// the result do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - model: Its trained parameters are changed in place.
  ///   - gradients: The gradients of this model's parameters; must be finite.
  ///   - learningRate: The rate of this step, from the schedule.
  ///   - gradientScale: Multiplies every gradient first; see ``clippingScale(norm:maximum:)``.
  public mutating func update(
    model: inout some Module, gradients: Gradients, learningRate: Float, gradientScale: Float = 1
  ) {
    let span = Profile.open(.optimizer)
    defer { span.close() }
    stepCount += 1
    let rule = UpdateRule(
      configuration, step: stepCount, learningRate: learningRate, gradientScale: gradientScale)
    let slotCount = slotNames.count
    var pass = OptimizerPass()
    var slots = exchange(&self.slots, [:])
    model.visitParameters { path, parameter in
      guard parameter.isTrainable, let gradient = gradients[parameter] else { return }
      let shape = parameter.shape
      var state =
        slots.removeValue(forKey: path)
        ?? (0..<slotCount).map { _ in Tensor(zeros: shape) }
      precondition(
        state.allSatisfy { $0.shape == shape },
        "Optimizer: '\(path)' is \(shape), its state is \(state.map(\.shape))")
      rule.note(&parameter.value, gradient: gradient, state: &state, in: &pass)
      slots[path] = state
    }
    pass.run()
    self.slots = slots
  }

  /// What is remembered of each parameter, in the order in which it is kept.
  var slotNames: [String] {
    switch configuration.kind {
    case .sgd: ["velocity"]
    case .adam, .adamW: ["firstMoment", "secondMoment"]
    }
  }
}

/// Stores a new value and returns the old one.
private func exchange<Value>(_ variable: inout Value, _ value: Value) -> Value {
  let old = variable
  variable = value
  return old
}

import Tensors

/// Why the stored state of an optimiser does not fit.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// The stored number of steps is negative.
  case stepCount(Int)
  /// The model has no such trained parameter, or the optimiser remembers nothing of that name.
  case unexpected(name: String, expected: [String])
  /// The tensor has another shape than its parameter.
  case shape(name: String, found: Shape, expected: Shape)
  /// Something else is stored of this parameter, but not this.
  case missing(name: String)

  /// One line naming the tensor, what was found, and what was expected.
  public var description: String {
    switch self {
    case .stepCount(let count):
      "optimiser state: the step count is \(count); expected 0 or more"
    case .unexpected(let name, let expected):
      "optimiser state: '\(name)' belongs to no trained parameter of this model; expected names "
        + "end in \(expected.joined(separator: " or ")). Was the checkpoint made with another model "
        + "or optimiser?"
    case .shape(let name, let found, let expected):
      "optimiser state: '\(name)' has shape \(found); its parameter has \(expected)"
    case .missing(let name):
      "optimiser state: '\(name)' is missing; the checkpoint is incomplete"
    }
  }
}

extension Optimizer {
  /// Everything that is remembered, by name, in order of names: `path.velocity`, or
  /// `path.firstMoment` and `path.secondMoment`.
  ///
  /// With ``stepCount`` this is the whole state: an optimiser restored from both goes on with the
  /// same bits.
  public var stateTensors: [(name: String, tensor: Tensor)] {
    slots.sorted { $0.key < $1.key }.flatMap { path, tensors in
      zip(slotNames, tensors).map { (name: "\(path).\($0)", tensor: $1) }
    }
  }

  /// An optimiser in a stored state.
  ///
  /// - Parameters:
  ///   - configuration: That of the run which stored the state, at least as to its kind.
  ///   - stepCount: ``stepCount`` as stored.
  ///   - stateTensors: ``stateTensors`` as stored, in any order.
  ///   - model: The model that the state belongs to.
  /// - Throws: `OptimizerStateError` naming the tensor that does not fit.
  public init(
    _ configuration: OptimizerConfiguration, stepCount: Int,
    stateTensors: [(name: String, tensor: Tensor)], for model: some Module
  ) throws(OptimizerStateError) {
    self.init(configuration)
    guard stepCount >= 0 else { throw .stepCount(stepCount) }
    self.stepCount = stepCount
    var stored: [String: Tensor] = [:]
    for (name, tensor) in stateTensors { stored[name] = tensor }
    let names = slotNames
    for (path, parameter) in model.namedParameters where parameter.isTrainable {
      let found = names.map { stored.removeValue(forKey: "\(path).\($0)") }
      // Of a parameter that never had a gradient, nothing is stored.
      guard found.contains(where: { $0 != nil }) else { continue }
      slots[path] = try Self.slots(found, names: names.map { "\(path).\($0)" }, parameter.shape)
    }
    if let name = stored.keys.min() {
      throw .unexpected(name: name, expected: names.map { ".\($0)" })
    }
  }

  private static func slots(
    _ found: [Tensor?], names: [String], _ shape: Shape
  ) throws(OptimizerStateError) -> [Tensor] {
    var slots: [Tensor] = []
    for (name, tensor) in zip(names, found) {
      guard let tensor else { throw .missing(name: name) }
      guard tensor.shape == shape else {
        throw .shape(name: name, found: tensor.shape, expected: shape)
      }
      slots.append(tensor)
    }
    return slots
  }
}

import Autograd
import Layers
import Tensors

extension ModelFile {
  private static let groupSeparator: Character = "/"

  /// The tensors that are parameters of the model, with their paths.
  public var parameters: [(name: String, tensor: Tensor)] {
    tensors.filter { !$0.name.contains(Self.groupSeparator) }
  }

  /// Replaces the parameters by those of `model`; quantised ones are stored as integers.
  public mutating func store(_ model: some Module) {
    tensors.removeAll { !$0.name.contains(Self.groupSeparator) }
    quantized = [:]
    for (path, parameter) in model.namedParameters {
      precondition(
        !path.contains(Self.groupSeparator), "ModelFile: '/' in the parameter path '\(path)'")
      tensors.append((path, parameter.value))
      quantized[path] = parameter.quantized.map { QuantizedTensor($0, value: parameter.value) }
    }
  }

  /// Sets the parameters of `model` to those of the file, all of them or none.
  ///
  /// - Throws: `CheckpointError.doesNotFit`, listing every tensor that is missing, superfluous or
  ///   of another shape; the model is then what it was.
  public func load(into model: inout some Module) throws(CheckpointError) {
    let stored = Dictionary(parameters.map { ($0.name, $0.tensor) }) { first, _ in first }
    let differences = differences(to: model, stored)
    guard differences.isEmpty else {
      throw .doesNotFit(
        path: location, model: "a model of kind '\(kind)'", differences: differences)
    }
    model.visitParameters { path, parameter in
      guard let tensor = stored[path] else { return }
      if let form = quantized[path], form.value.isIdentical(to: tensor) {
        parameter.store(quantized: form.matrix, value: tensor)
      } else {
        parameter.value = tensor
      }
    }
  }

  /// First the parameters of the model in their order, then what the file has besides.
  private func differences(
    to model: some Module, _ stored: [String: Tensor]
  ) -> [CheckpointError.Difference] {
    var differences: [CheckpointError.Difference] = []
    var known: Set<String> = []
    for (path, parameter) in model.namedParameters {
      known.insert(path)
      if let tensor = stored[path] {
        guard tensor.shape != parameter.shape else { continue }
        differences.append(.shape(name: path, found: tensor.shape, expected: parameter.shape))
      } else {
        differences.append(.missing(name: path, expected: parameter.shape))
      }
    }
    for (name, tensor) in parameters where !known.contains(name) {
      differences.append(.superfluous(name: name, found: tensor.shape))
    }
    return differences
  }

  /// The tensors of a group, such as the momenta of an optimiser, under their names inside it.
  public func group(_ group: String) -> [(name: String, tensor: Tensor)] {
    let prefix = group + String(Self.groupSeparator)
    return tensors.filter { $0.name.hasPrefix(prefix) }
      .map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
  }

  /// Replaces the tensors of a group; an empty list removes it.
  public mutating func setGroup(_ group: String, to members: [(name: String, tensor: Tensor)]) {
    precondition(
      !group.isEmpty && !group.contains(Self.groupSeparator), "ModelFile: group '\(group)'")
    let prefix = group + String(Self.groupSeparator)
    tensors.removeAll { $0.name.hasPrefix(prefix) }
    tensors += members.map { (prefix + $0.name, $0.tensor) }
  }

  /// This model without what only a training needs.
  public var withoutTrainingState: ModelFile {
    var copy = self
    copy.tensors = parameters
    copy[.trainingState] = nil
    return copy
  }
}

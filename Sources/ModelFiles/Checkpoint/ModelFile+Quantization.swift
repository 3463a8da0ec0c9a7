import Tensors

/// How the weights of a model became 8-bit integers; stored with the model.
public struct Quantization: Codable, Sendable, Equatable {
  /// The bits of a weight.
  public var bits = 8
  /// How many weight matrices and filter banks were rounded.
  public var matrixCount = 0
  /// The names of those that were left as they were.
  public var kept: [String] = []
  /// The greatest distance between a weight matrix and its rounded form, relative to the matrix; see
  /// `QuantizedMatrix.relativeError(to:)`.
  public var greatestError = 0.0
  /// The name of the matrix that has it.
  public var worstMatrix: String?
}

extension ModelFile {
  /// Whether any weight is stored as 8-bit integers.
  public var isQuantized: Bool {
    tensors.contains { name, tensor in quantized[name]?.value.isIdentical(to: tensor) ?? false }
  }

  /// Rounds all weights of two or more axes to 8-bit integers, one scale for each output.
  ///
  /// Biases, the weights of normalisations and statistics keep their precision. What only a training
  /// needs is left out. What was done becomes a part of the metadata, and errors that were measured
  /// before are marked as such.
  ///
  /// - Parameter patterns: Weights whose name matches one of them are not rounded.
  /// - Throws: `CheckpointError` if the model is quantised already, has a weight that is not finite, or
  ///   has no weight for one of the patterns; the model is then what it was.
  @discardableResult
  public mutating func quantize(
    keeping patterns: [NamePattern] = []
  ) throws(CheckpointError) -> Quantization {
    guard !isQuantized else { throw .alreadyQuantized(path: location) }
    var copy = withoutTrainingState
    let weights = copy.tensors.filter { $0.tensor.shape.rank >= 2 }.map(\.name)
    for pattern in patterns where !weights.contains(where: pattern.matches) {
      throw .noSuchWeight(path: location, pattern: pattern.text, weights: weights)
    }
    let summary = try copy.round { name in !patterns.contains { $0.matches(name) } }
    try copy.markErrors()
    try copy.encode(summary, as: .quantization)
    self = copy
    return summary
  }

  /// This model with all weights as floats: those that the integers stand for.
  public var dequantized: ModelFile {
    var copy = self
    copy.quantized = [:]
    copy[.quantization] = nil
    return copy
  }

  private mutating func round(
    where isWanted: (_ name: String) -> Bool
  ) throws(CheckpointError) -> Quantization {
    var summary = Quantization()
    for index in tensors.indices where tensors[index].tensor.shape.rank >= 2 {
      let (name, tensor) = tensors[index]
      guard isWanted(name) else {
        summary.kept.append(name)
        continue
      }
      let bad = tensor.withUnsafeBufferPointer { $0.first { !$0.isFinite } }
      if let bad { throw .notFinite(path: location, name: name, value: bad) }
      let form = QuantizedTensor(QuantizedMatrix(tensor), shape: tensor.shape)
      let error = form.matrix.relativeError(to: tensor)
      if error >= summary.greatestError {
        (summary.greatestError, summary.worstMatrix) = (error, name)
      }
      summary.matrixCount += 1
      quantized[name] = form
      tensors[index].tensor = form.value
    }
    return summary
  }

  /// Says of the errors in the metadata that they are not those of the rounded weights.
  private mutating func markErrors() throws(CheckpointError) {
    guard self[.measuredErrors] != nil else { return }
    var errors = try decode([MeasuredError].self, from: .measuredErrors)
    for index in errors.indices { errors[index].data += ", before quantising" }
    try encode(errors, as: .measuredErrors)
  }
}

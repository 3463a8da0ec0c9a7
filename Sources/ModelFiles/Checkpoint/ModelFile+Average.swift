import Tensors

extension ModelFile {
  /// The mean of the weights of several models of one training, which often is better than the best
  /// of them (Polyak and Juditsky 1992; Junczys-Dowmunt et al. 2016).
  ///
  /// The rest is that of the first; errors that were measured of it are left out.
  ///
  /// - Throws: `CheckpointError` if a model is of another kind, configuration or vocabulary than the
  ///   first, has other tensors, or holds 8-bit weights.
  public static func average(_ files: [ModelFile]) throws(CheckpointError) -> ModelFile {
    precondition(!files.isEmpty, "ModelFile.average: got no model, expected one or more")
    var sum = files[0].withoutTrainingState
    for file in files {
      if file.isQuantized { throw .alreadyQuantized(path: file.location) }
      try sum.checkCompanion(file)
    }
    for index in sum.tensors.indices {
      for file in files.dropFirst() { sum.tensors[index].tensor.add(file.parameters[index].tensor) }
      sum.tensors[index].tensor.scale(by: 1 / Float(files.count))
    }
    sum[.measuredErrors] = nil
    sum[.trainingRecord] = nil
    return sum
  }

  /// Sees that another model differs in its weights alone.
  private func checkCompanion(_ other: ModelFile) throws(CheckpointError) {
    try other.expect(kind: kind)
    for key in [Key.configuration, .alphabet, .vocabulary, .statistics]
    where self[key] != other[key] {
      throw .invalidEntry(
        path: other.location, key: key.rawValue, found: "another one",
        expected: "that of \(location), for only models of one training have a mean")
    }
    let (mine, theirs) = (parameters, other.parameters)
    var differences: [CheckpointError.Difference] = []
    for (name, tensor) in mine where !theirs.contains(where: { $0.name == name }) {
      differences.append(.missing(name: name, expected: tensor.shape))
    }
    for (name, tensor) in theirs {
      guard let own = mine.first(where: { $0.name == name }) else {
        differences.append(.superfluous(name: name, found: tensor.shape))
        continue
      }
      if own.tensor.shape != tensor.shape {
        differences.append(.shape(name: name, found: tensor.shape, expected: own.tensor.shape))
      }
    }
    guard differences.isEmpty else {
      throw .doesNotFit(
        path: other.location, model: "the mean with \(location)", differences: differences)
    }
  }
}

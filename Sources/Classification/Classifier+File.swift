import Configuration
import Layers
import ModelFiles
import Tensors

extension Classifier {
  /// What a model file says of a classifier besides its weights.
  fileprivate struct Description: Codable, Equatable {
    var model: ClassifierConfiguration
    var input: ClassifierInput
  }

  /// Whether a model of this kind is a classifier.
  public static func isClassifier(kind: String) -> Bool {
    ClassifierConfiguration.Kind(rawValue: kind) != nil
  }

  /// Reads a model file.
  ///
  /// - Throws: `CheckpointError` if the file is damaged or is no classifier.
  public init(reading path: String) throws(CheckpointError) {
    try self.init(ModelFile(reading: path))
  }

  /// A classifier out of a model file.
  ///
  /// - Throws: `CheckpointError` if it holds another kind of model, or one that does not fit itself.
  public init(_ file: ModelFile) throws(CheckpointError) {
    guard Self.isClassifier(kind: file.kind) else {
      throw .wrongKind(
        path: file.path ?? "model", found: file.kind,
        expected: ClassifierConfiguration.Kind.allCases.map(\.rawValue)
          .joined(separator: "' or '"))
    }
    let description = try file.decode(Description.self, from: .configuration)
    try description.check(file)
    var random = RandomSource(seed: 0)
    var network = ClassifierNetwork(
      description.model, input: description.input, random: &random)
    try file.load(into: &network)
    self.init(configuration: description.model, input: description.input, network: network)
  }

  /// The classifier as a model file without a training record.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: configuration.kind.rawValue)
    try file.encode(
      Description(model: configuration, input: input), as: .configuration)
    file.store(network)
    return file
  }
}

extension Classifier.Description {
  /// Refuses what no training writes, before a network is built from it.
  fileprivate func check(_ file: ModelFile) throws(CheckpointError) {
    func refuse(_ found: String, _ expected: String) -> CheckpointError {
      .invalidEntry(
        path: file.path ?? "model", key: ModelFile.Key.configuration.rawValue, found: found,
        expected: expected)
    }
    do throws(ConfigurationError) {
      try model.validate()
      try input.pictures?.validate()
    } catch {
      throw refuse(error.description, "what this program writes")
    }
    guard model.kind.rawValue == file.kind else {
      throw refuse("of kind '\(model.kind.rawValue)'", "'\(file.kind)'")
    }
    guard input.featureCount > 0, input.outputCount > (input.isRegression ? 0 : 1) else {
      throw refuse(
        "for \(input.featureCount) features and \(input.outputCount) outputs",
        "a feature and two classes or a number at least")
    }
    guard model.kind != .perceptron || !input.isRegression else {
      throw refuse("a perceptron that predicts numbers", "one that names classes")
    }
    let sizes = [
      (input.statistics, input.featureCount), (input.targetStatistics, input.outputCount),
    ]
    for (statistics, size) in sizes {
      guard let statistics else { continue }
      guard statistics.mean.count == size, statistics.deviation.count == size else {
        throw refuse("statistics of \(statistics.mean.count) columns", "\(size)")
      }
    }
  }
}

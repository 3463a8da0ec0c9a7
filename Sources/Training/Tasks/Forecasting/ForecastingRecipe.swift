import Configuration
import Forecasting

/// All that makes a forecaster: a file of series, what its columns mean, the network, and the rules of
/// training.
public struct ForecastingRecipe: TrainingRecipe {
  /// How long, how fast, in what steps.
  public var rules = TrainingRules()
  /// The CSV file.
  public var file = ""
  /// How far apart the windows begin that are learned from.
  public var trainingStride = 1
  /// How far the origin moves in validation.
  public var validationStride = 1
  /// What is stored inside the model.
  public var forecaster = ForecasterConfiguration()

  /// The defaults.
  public init() { rules.task = .forecasting }

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case file, trainingStride, validationStride
    case data, split, contextLength, predictionLength, normalization, seasonLength, model, output
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.file, into: &file)
    try container.read(.trainingStride, into: &trainingStride)
    try container.read(.validationStride, into: &validationStride)
    try container.read(.data, into: &forecaster.data)
    try container.read(.split, into: &forecaster.split)
    try container.read(.contextLength, into: &forecaster.contextLength)
    try container.read(.predictionLength, into: &forecaster.predictionLength)
    try container.read(.normalization, into: &forecaster.normalization)
    try container.read(.seasonLength, into: &forecaster.seasonLength)
    try container.read(.model, into: &forecaster.model)
    try container.read(.output, into: &forecaster.output)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    try forecaster.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(trainingStride, forKey: .trainingStride)
    try container.encode(validationStride, forKey: .validationStride)
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    guard rules.task == .forecasting else {
      throw .invalid(key: "task", found: rules.task.rawValue, expected: "forecasting")
    }
    guard !file.isEmpty else {
      throw .invalid(key: "file", found: "missing", expected: "a CSV file of series")
    }
    for (key, value) in [
      ("trainingStride", trainingStride), ("validationStride", validationStride),
    ] where value < 1 {
      throw .invalid(key: key, found: "\(value)", expected: "1 or more")
    }
    try forecaster.validate()
  }
}

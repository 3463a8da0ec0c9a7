import Configuration
import Sequences

/// All that makes a classifier of sequences or a labeller of their steps.
public struct SequenceRecipe: TrainingRecipe {
  /// How long, how fast, in what steps.
  public var rules = TrainingRules()
  /// Which files are learned and which are held back.
  public var data = Files()
  /// What texts are cut into.
  public var input = TextInputConfiguration()
  /// The network.
  public var model = SequenceModelConfiguration()
  /// What of a target's share is spread over all labels (Szegedy et al. 2016).
  public var labelSmoothing: Float = 0
  /// Whether rare labels count as much as frequent ones.
  public var balanced = false

  /// The defaults, of a classification.
  public init() { rules.task = .sequenceClassification }

  /// Files of one form.
  public struct Files: Configuration {
    /// How they are written.
    public var form = SequenceExamples.Form.text
    /// Files to learn from, relative to the working folder.
    public var train: [String] = []
    /// Files to measure on after each epoch.
    public var validation: [String] = []

    /// None.
    public init() {}

    /// The keys that a recipe may use.
    public enum CodingKeys: String, CodingKey, CaseIterable { case form, train, validation }

    /// Reads the keys that are present.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.form, into: &form)
      try container.read(.train, into: &train)
      try container.read(.validation, into: &validation)
    }

    /// Demands something to learn from.
    public func validate() throws(ConfigurationError) {
      guard !train.isEmpty else {
        throw .invalid(key: "train", found: "empty", expected: "one file or more")
      }
    }
  }

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case data, input, model, labelSmoothing, balanced
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.input, into: &input)
    try container.read(.model, into: &model)
    try container.read(.labelSmoothing, into: &labelSmoothing)
    try container.read(.balanced, into: &balanced)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    try container.encode(input, forKey: .input)
    try container.encode(model, forKey: .model)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(balanced, forKey: .balanced)
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    guard [.sequenceClassification, .sequenceLabelling].contains(rules.task) else {
      throw .invalid(
        key: "task", found: rules.task.rawValue,
        expected: "sequenceClassification or sequenceLabelling")
    }
    try data.validate(under: "data")
    try input.validate(under: "input")
    try model.validate(under: "model")
    guard labelSmoothing >= 0, labelSmoothing < 1 else {
      throw .invalid(key: "labelSmoothing", found: "\(labelSmoothing)", expected: "0 to below 1")
    }
  }
}

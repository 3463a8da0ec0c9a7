import Classification
import Configuration

/// All that makes a classifier: data, network, and the rules of training.
public struct ClassificationRecipe: TrainingRecipe {
  /// How a predicted number is compared with the right one, both standardised.
  public enum RegressionLoss: String, Codable, Sendable, CaseIterable {
    /// The squared error.
    case squared
    /// The absolute error, which outliers pull less.
    case absolute
    /// Squared near zero and absolute beyond 1 (Huber 1964).
    case huber
  }

  /// How long, how fast, in what steps.
  public var rules: TrainingRules
  /// The examples that are learned.
  public var data = ExampleSource()
  /// The examples that are held back; null for those of `heldBack`.
  public var validation: ExampleSource?
  /// How many of the examples in `data` are held back.
  public var heldBack = ExampleSplit()
  /// The size of pictures in a folder, and how they are brought to it.
  public var pictures = PictureFormat()
  /// Whether features are standardised by mean and deviation of the training examples.
  public var standardize = false
  /// How training pictures are varied.
  public var distortion: DistortionConfiguration?
  /// The network.
  public var model = ClassifierConfiguration()
  /// The probability that is spread over all classes alike (Szegedy et al. 2016), `0..<1`.
  public var labelSmoothing: Float = 0
  /// How predicted numbers are compared with the right ones.
  public var regressionLoss = RegressionLoss.squared

  /// The defaults.
  public init() {
    rules = TrainingRules()
    rules.task = .classification
  }

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case data, validation, heldBack, pictures, standardize, distortion, model, labelSmoothing
    case regressionLoss
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.validation, into: &validation)
    try container.read(.heldBack, into: &heldBack)
    try container.read(.pictures, into: &pictures)
    try container.read(.standardize, into: &standardize)
    try container.read(.distortion, into: &distortion)
    try container.read(.model, into: &model)
    try container.read(.labelSmoothing, into: &labelSmoothing)
    try container.read(.regressionLoss, into: &regressionLoss)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
    let names = try decoder.container(keyedBy: TrainingRules.CodingKeys.self)
    if !names.contains(.task) { rules.task = .classification }
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(validation, forKey: .validation)
    try container.encode(heldBack, forKey: .heldBack)
    try container.encode(pictures, forKey: .pictures)
    try container.encode(standardize, forKey: .standardize)
    try container.encodeIfPresent(distortion, forKey: .distortion)
    try container.encode(model, forKey: .model)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(regressionLoss, forKey: .regressionLoss)
  }

  /// Checks every part against its range, and that the parts fit together.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    try data.validate(under: "data")
    try validation?.validate(under: "validation")
    try heldBack.validate(under: "heldBack")
    try pictures.validate(under: "pictures")
    try distortion?.validate(under: "distortion")
    try model.validate(under: "model")
    guard labelSmoothing >= 0, labelSmoothing < 1 else {
      throw .invalid(
        key: "labelSmoothing", found: "\(labelSmoothing)", expected: "0 or more, below 1")
    }
    if validation != nil, heldBack.count > 0 {
      throw .invalid(
        key: "heldBack.count", found: "\(heldBack.count)", expected: "0 where validation is given")
    }
    if distortion != nil, data.table != nil {
      throw .invalid(key: "distortion", found: "given", expected: "null: a table has no pictures")
    }
    if model.kind == .perceptron, !data.targets.isEmpty {
      throw .invalid(
        key: "data.targets", found: "given",
        expected: "a label: a perceptron names classes; choose model.kind: feedForward")
    }
  }
}

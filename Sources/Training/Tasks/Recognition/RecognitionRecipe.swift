import Audio
import Configuration
import Decoding
import Ink
import Recognition

/// All that makes a recogniser: data, features, network, and the rules of training.
public struct RecognitionRecipe: TrainingRecipe {
  /// How long, how fast, in what steps.
  public var rules = TrainingRules()
  /// Which recordings are learned and which are held back.
  public var data = DataConfiguration()
  /// How recordings are strung together; null takes them as they are.
  public var composition: CompositionConfiguration?
  /// How samples are varied.
  public var augmentation = InputAugmentation(.sound)
  /// How the input becomes frames, and what the input is, which decides the task.
  public var features = InputConfiguration() {
    didSet { rules.task = features.sense.task }
  }
  /// The network.
  public var model = ModelConfiguration()
  /// What is done to transcripts before they are learned.
  public var text = TextNormalization()

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use, besides those of the rules.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case data, composition, augmentation, features, model, text
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self, beside: TrainingRules.CodingKeys.self)
    try container.read(.data, into: &data)
    try container.read(.composition, into: &composition)
    try container.read(.features, into: &features)
    augmentation = try Self.augmentation(of: features.sense, in: container)
    try container.read(.model, into: &model)
    try container.read(.text, into: &text)
    rules = try TrainingRules(from: decoder, beside: CodingKeys.self)
    let names = try decoder.container(keyedBy: TrainingRules.CodingKeys.self)
    if !names.contains(.task) { rules.task = features.sense.task }
  }

  /// Writes the rules and the rest as one mapping.
  public func encode(to encoder: any Encoder) throws {
    try rules.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(composition, forKey: .composition)
    try container.encode(augmentation, forKey: .augmentation)
    try container.encode(features, forKey: .features)
    try container.encode(model, forKey: .model)
    try container.encode(text, forKey: .text)
  }

  /// What can be varied depends on what the input is.
  private static func augmentation(
    of sense: Sense, in container: StrictContainer<CodingKeys>
  ) throws -> InputAugmentation {
    switch sense {
    case .sound:
      var sound = AugmentationConfiguration()
      try container.read(.augmentation, into: &sound)
      return .sound(sound)
    case .line:
      var line = LineAugmentationConfiguration()
      try container.read(.augmentation, into: &line)
      return .line(line)
    case .strokes:
      var strokes = StrokeAugmentationConfiguration()
      try container.read(.augmentation, into: &strokes)
      return .strokes(strokes)
    }
  }

  /// Checks every part against its range.
  public func validate() throws(ConfigurationError) {
    try rules.validate()
    guard rules.task == features.sense.task else {
      throw .invalid(
        key: "task", found: rules.task.rawValue,
        expected: "\(features.sense.task.rawValue), which is what features of this input are for")
    }
    try data.validate(under: "data")
    try composition?.validate(under: "composition")
    try augmentation.validate(under: "augmentation")
    try features.validate(under: "features")
    try model.validate(under: "model")
    try text.validate(under: "text")
  }

  /// The part that is stored inside the model.
  public var recognizer: RecognizerConfiguration {
    var configuration = RecognizerConfiguration()
    configuration.features = features
    configuration.model = model
    configuration.text = text
    return configuration
  }
}

extension Sense {
  /// The task of recognising what is perceived so.
  var task: TaskKind {
    switch self {
    case .sound: .transcription
    case .line: .handwriting
    case .strokes: .strokes
    }
  }
}

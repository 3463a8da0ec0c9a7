import Audio
import Configuration
import Decoding
import Ink
import Layers
import Recognition
import Tensors

/// All that makes a model: data, features, network, optimiser; one YAML file in `configs/`.
public struct Recipe: Configuration {
  /// What every random decision of the training is drawn from.
  public var seed = 1
  /// How often the training set is gone through.
  public var epochs = 30
  /// Which recordings are learned and which are held back.
  public var data = DataConfiguration()
  /// How recordings are strung together; null takes them as they are.
  public var composition: CompositionConfiguration?
  /// How samples are varied.
  public var augmentation = InputAugmentation(.sound)
  /// How samples are gathered into batches.
  public var batching = BatchConfiguration()
  /// How the input becomes frames, and what the input is.
  public var features = InputConfiguration()
  /// The network.
  public var model = ModelConfiguration()
  /// What is done to transcripts before they are learned.
  public var text = TextNormalization()
  /// The rule by which gradients move weights.
  public var optimizer = OptimizerConfiguration()
  /// How the learning rate changes.
  public var schedule = ScheduleConfiguration()
  /// Longer gradients are shortened to this norm; null leaves them.
  public var maximumGradientNorm: Float? = 5
  /// The training ends after so many epochs without a better validation; null goes on to the end.
  public var earlyStopping: Int?
  /// The kind of number that products multiply while training: `fp32`, or `bf16`, which is faster
  /// on processors that have it. Weights, sums and the optimiser's state are 32-bit floats anyway.
  public var precision = Precision.fp32
  /// Steps between two checkpoints within an epoch.
  public var checkpointSteps = 200
  /// The languages that the model understands, for lists of models.
  public var languages: [String] = []
  /// What a user should know about the model, in a sentence.
  public var summary = ""

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case seed, epochs, data, composition, augmentation, batching, features, model, text, optimizer
    case schedule, maximumGradientNorm, earlyStopping, precision, checkpointSteps, languages,
      summary
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.seed, into: &seed)
    try container.read(.epochs, into: &epochs)
    try container.read(.data, into: &data)
    try container.read(.composition, into: &composition)
    try container.read(.features, into: &features)
    augmentation = try Self.augmentation(of: features.sense, in: container)
    try container.read(.batching, into: &batching)
    try container.read(.model, into: &model)
    try container.read(.text, into: &text)
    try container.read(.optimizer, into: &optimizer)
    try container.read(.schedule, into: &schedule)
    try container.read(.maximumGradientNorm, into: &maximumGradientNorm)
    try container.read(.earlyStopping, into: &earlyStopping)
    try container.read(.precision, into: &precision)
    try container.read(.checkpointSteps, into: &checkpointSteps)
    try container.read(.languages, into: &languages)
    try container.read(.summary, into: &summary)
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
    try check(seed >= 0, "seed", seed, "0 or more")
    try check(epochs > 0, "epochs", epochs, "1 or more")
    try check(precision != .int8, "precision", precision.rawValue, "fp32 or bf16")
    try check(checkpointSteps > 0, "checkpointSteps", checkpointSteps, "1 or more")
    if let norm = maximumGradientNorm {
      try check(norm > 0 && norm.isFinite, "maximumGradientNorm", norm, "above 0, or null")
    }
    if let patience = earlyStopping {
      try check(patience > 0, "earlyStopping", patience, "1 or more, or null")
    }
    try data.validate(under: "data")
    try composition?.validate(under: "composition")
    try augmentation.validate(under: "augmentation")
    try batching.validate(under: "batching")
    try features.validate(under: "features")
    try model.validate(under: "model")
    try text.validate(under: "text")
    try optimizer.validate(under: "optimizer")
    try schedule.validate(under: "schedule")
  }

  private func check<Value>(
    _ condition: Bool, _ key: String, _ found: Value, _ expected: String
  ) throws(ConfigurationError) {
    guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
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

/// Which samples a training learns from and which it is measured on.
///
/// Paths are manifests of any kind that ``Manifest`` reads, relative to the working folder.
public struct DataConfiguration: Configuration {
  /// Manifests to learn from.
  public var train: [String] = []
  /// Manifests to measure on after each epoch.
  public var validation: [String] = []
  /// Speakers or writers whose samples are not learned from.
  public var excludedSpeakers: [String] = []
  /// Characters that occur less often in the training set are left out of the alphabet, and so are
  /// the samples that hold them.
  public var minimumCharacterCount = 1
  /// Characters that occur less often in the training set are listed when the training begins.
  public var rareCharacterCount = 5
  /// Longer recordings are left out, in seconds.
  public var maximumDuration = 60.0
  /// Samples whose features have more frames are left out: columns of a line, points of strokes.
  public var maximumFrames = 20_000
  /// How much decoded sound, or how many normalised lines, are kept in memory, in megabytes.
  public var cacheMegabytes = 1024

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case train, validation, excludedSpeakers, minimumCharacterCount, rareCharacterCount
    case maximumDuration, maximumFrames, cacheMegabytes
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.train, into: &train)
    try container.read(.validation, into: &validation)
    try container.read(.excludedSpeakers, into: &excludedSpeakers)
    try container.read(.minimumCharacterCount, into: &minimumCharacterCount)
    try container.read(.rareCharacterCount, into: &rareCharacterCount)
    try container.read(.maximumDuration, into: &maximumDuration)
    try container.read(.maximumFrames, into: &maximumFrames)
    try container.read(.cacheMegabytes, into: &cacheMegabytes)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ found: Any, _ expected: String)
      throws(ConfigurationError)
    {
      guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try check(!train.isEmpty, "train", "empty", "one manifest or more")
    try check(
      minimumCharacterCount > 0, "minimumCharacterCount", minimumCharacterCount, "1 or more")
    try check(rareCharacterCount >= 0, "rareCharacterCount", rareCharacterCount, "0 or more")
    try check(maximumDuration > 0, "maximumDuration", maximumDuration, "above 0")
    try check(maximumFrames > 0, "maximumFrames", maximumFrames, "1 or more")
    try check(cacheMegabytes >= 0, "cacheMegabytes", cacheMegabytes, "0 or more")
  }
}

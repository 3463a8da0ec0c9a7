import Configuration
import Layers
import Tensors

/// The part of a recipe that is the same for whatever is learned: how long, how fast, in what steps.
///
/// In the recipe's file its keys stand beside those of the task.
public struct TrainingRules: Codable, Sendable, Equatable {
  /// What is learned.
  public var task = TaskKind.transcription
  /// What every random decision of the training is drawn from.
  public var seed = 1
  /// How often the training set is gone through.
  public var epochs = 30
  /// How examples are gathered into batches.
  public var batching = BatchConfiguration()
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
  /// Of so many of the last epochs the model is kept, as `epoch-N.safetensors`, for example to average
  /// them.
  public var keptEpochs = 0
  /// The languages that the model understands, for lists of models.
  public var languages: [String] = []
  /// What a user should know about the model, in a sentence.
  public var summary = ""

  /// The defaults.
  public init() {}

  /// The keys that every recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case task, seed, epochs, batching, optimizer, schedule, maximumGradientNorm, earlyStopping
    case precision, checkpointSteps, keptEpochs, languages, summary
  }

  /// Reads the keys that are present, beside those of a task.
  public init<TaskKey: CodingKey & CaseIterable>(
    from decoder: any Decoder, beside keys: TaskKey.Type
  ) throws {
    self.init()
    try read(decoder.strict(CodingKeys.self, beside: keys))
  }

  /// Reads the keys that are present; there are no others.
  public init(from decoder: any Decoder) throws {
    self.init()
    try read(decoder.strict(CodingKeys.self))
  }

  private mutating func read(_ container: StrictContainer<CodingKeys>) throws {
    try container.read(.task, into: &task)
    try container.read(.seed, into: &seed)
    try container.read(.epochs, into: &epochs)
    try container.read(.batching, into: &batching)
    try container.read(.optimizer, into: &optimizer)
    try container.read(.schedule, into: &schedule)
    try container.read(.maximumGradientNorm, into: &maximumGradientNorm)
    try container.read(.earlyStopping, into: &earlyStopping)
    try container.read(.precision, into: &precision)
    try container.read(.checkpointSteps, into: &checkpointSteps)
    try container.read(.keptEpochs, into: &keptEpochs)
    try container.read(.languages, into: &languages)
    try container.read(.summary, into: &summary)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try check(seed >= 0, "seed", seed, "0 or more")
    try check(epochs > 0, "epochs", epochs, "1 or more")
    try check(precision != .int8, "precision", precision.rawValue, "fp32 or bf16")
    try check(checkpointSteps > 0, "checkpointSteps", checkpointSteps, "1 or more")
    try check(keptEpochs >= 0, "keptEpochs", keptEpochs, "0 or more")
    if let norm = maximumGradientNorm {
      try check(norm > 0 && norm.isFinite, "maximumGradientNorm", norm, "above 0, or null")
    }
    if let patience = earlyStopping {
      try check(patience > 0, "earlyStopping", patience, "1 or more, or null")
    }
    try batching.validate(under: "batching")
    try optimizer.validate(under: "optimizer")
    try schedule.validate(under: "schedule")
  }

  private func check<Value>(
    _ condition: Bool, _ key: String, _ found: Value, _ expected: String
  ) throws(ConfigurationError) {
    guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
  }
}

/// All that makes a model, in one YAML file of `configs/`: the rules of training and what its task
/// needs to know.
public protocol TrainingRecipe: Configuration {
  /// How long, how fast, in what steps.
  var rules: TrainingRules { get set }
}

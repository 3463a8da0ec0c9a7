import Configuration

/// How the learning rate changes in the course of a training.
public struct ScheduleConfiguration: Configuration {
  /// The form of the curve.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// It stays as it is.
    case constant
    /// It is multiplied by `factor` after every epoch.
    case exponential
    /// It is multiplied by `factor` when the validation has not improved for more than `patience`
    /// epochs.
    case plateau
    /// It rises in a line over `warmupSteps`, then falls along half a cosine (Loshchilov and Hutter
    /// 2017).
    case warmupCosine
  }

  /// The form of the curve.
  public var kind = Kind.constant
  /// What the rate is multiplied by, above 0 and at most 1; for `exponential` and `plateau`.
  public var factor: Float = 0.99
  /// How many epochs without improvement are waited through; for `plateau`.
  public var patience = 3
  /// The rate does not fall below this; for `exponential` and `plateau`.
  public var minimumLearningRate: Float = 0
  /// The steps until the full rate; for `warmupCosine`.
  public var warmupSteps = 0
  /// The steps until the end of the cosine, the whole training if null; for `warmupCosine`.
  public var totalSteps: Int?
  /// The share of the rate that is left at the end, `0...1`; for `warmupCosine`.
  public var finalFraction: Float = 0

  /// The defaults: a constant rate.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, factor, patience, minimumLearningRate, warmupSteps, totalSteps, finalFraction
  }

  /// Reads the keys that are present; unknown ones are refused.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.factor, into: &factor)
    try container.read(.patience, into: &patience)
    try container.read(.minimumLearningRate, into: &minimumLearningRate)
    try container.read(.warmupSteps, into: &warmupSteps)
    try container.read(.totalSteps, into: &totalSteps)
    try container.read(.finalFraction, into: &finalFraction)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(factor > 0 && factor <= 1, "factor", factor, "above 0, at most 1")
    try require(patience >= 0, "patience", patience, "0 or more")
    try require(
      minimumLearningRate >= 0 && minimumLearningRate.isFinite, "minimumLearningRate",
      minimumLearningRate, "0 or more")
    try require(warmupSteps >= 0, "warmupSteps", warmupSteps, "0 or more")
    if let totalSteps {
      try require(
        totalSteps > warmupSteps, "totalSteps", totalSteps, "more than warmupSteps, \(warmupSteps)")
    }
    try require(
      finalFraction >= 0 && finalFraction <= 1, "finalFraction", finalFraction, "0 to 1")
  }
}

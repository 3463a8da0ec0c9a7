/// What is known of how a model was made, stored inside it.
public struct TrainingRecord: Sendable, Equatable {
  /// The epoch after which these weights were stored, from 1.
  public var epoch: Int
  /// The steps until then.
  public var step: Int
  /// The mean loss per example of that epoch, in nats where it is a likelihood.
  public var loss: Double
  /// The mean loss per example of the validation set.
  public var validationLoss: Double?
  /// What the validation set showed.
  public var measures: [Measure: Double] = [:]

  /// The character error rate on the validation set.
  public var cer: Double? { measures[.cer] }
  /// The word error rate on the validation set.
  public var wer: Double? { measures[.wer] }

  /// A record without a validation.
  init(epoch: Int, step: Int, loss: Double) {
    self.epoch = epoch
    self.step = step
    self.loss = loss
  }

  /// Whether this is better than another: first by the measure that decides, then by less loss.
  /// Without a finite loss nothing is better than anything.
  func isBetter(than other: TrainingRecord?, by criterion: Measure?) -> Bool {
    guard loss.isFinite, validationLoss?.isFinite ?? true else { return false }
    guard let other else { return true }
    if let criterion {
      let (mine, theirs) = (measures[criterion] ?? 0, other.measures[criterion] ?? 0)
      if mine != theirs { return criterion.growsWithQuality ? mine > theirs : mine < theirs }
    }
    return (validationLoss ?? loss) < (other.validationLoss ?? other.loss)
  }
}

extension TrainingRecord: Codable {
  /// Measures stand beside these, under their names.
  private enum CodingKeys: String, CodingKey { case epoch, step, loss, validationLoss }

  /// Reads a record.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epoch = try container.decode(Int.self, forKey: .epoch)
    step = try container.decode(Int.self, forKey: .step)
    loss = try container.decode(Double.self, forKey: .loss)
    validationLoss = try container.decodeIfPresent(Double.self, forKey: .validationLoss)
    let values = try decoder.container(keyedBy: MeasureKey.self)
    for measure in Measure.allCases {
      measures[measure] = try values.decodeIfPresent(Double.self, forKey: MeasureKey(measure))
    }
  }

  /// Writes a record.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(step, forKey: .step)
    try container.encode(loss, forKey: .loss)
    try container.encodeIfPresent(validationLoss, forKey: .validationLoss)
    var values = encoder.container(keyedBy: MeasureKey.self)
    for (measure, value) in measures { try values.encode(value, forKey: MeasureKey(measure)) }
  }
}

/// The name of a measure as a key.
private struct MeasureKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ measure: Measure) { stringValue = measure.rawValue }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

import Autograd
import Configuration
import Layers
import Tensors
import Translation

/// Feeding a network with its own tokens now and then, so that it learns to go on after its own
/// mistakes (Bengio et al. 2015).
///
/// All tokens of a sentence are drawn at once from a pass that is fed with the right ones (Duckworth
/// et al. 2019), and the pass that learns is fed with a mixture.
public struct ScheduledSampling: Configuration {
  /// The probability that a token is replaced, reached at `fullAt`; it grows linearly from 0.
  public var probability: Float = 0
  /// The part of the training before any is replaced.
  public var startsAt: Float = 0.25
  /// The part of the training after which the probability stays.
  public var fullAt: Float = 1

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable { case probability, startsAt, fullAt }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.probability, into: &probability)
    try container.read(.startsAt, into: &startsAt)
    try container.read(.fullAt, into: &fullAt)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    guard 0...1 ~= probability else {
      throw .invalid(key: "probability", found: "\(probability)", expected: "0...1")
    }
    guard 0...1 ~= startsAt else {
      throw .invalid(key: "startsAt", found: "\(startsAt)", expected: "0...1")
    }
    guard startsAt <= fullAt, fullAt <= 1 else {
      throw .invalid(key: "fullAt", found: "\(fullAt)", expected: "from startsAt to 1")
    }
  }

  /// The probability at a place of the training.
  func probability(at progress: TrainingProgress) -> Float {
    let part = Float(progress.step) / Float(max(1, progress.totalSteps))
    guard part > startsAt else { return 0 }
    guard part < fullAt else { return probability }
    return probability * (part - startsAt) / (fullAt - startsAt)
  }

  /// Replaces tokens of the input by those that the network thinks most probable.
  ///
  /// - Parameters:
  ///   - input: What the network is fed with, `[time, batch]`, the mark of the beginning first.
  ///   - logits: What it makes of that, `[time, batch, token]`.
  static func mix(
    _ input: LabelBatch, _ logits: Tensor, probability: Float, random: inout RandomSource
  ) -> LabelBatch {
    let (batch, tokens) = (input.batch, logits.shape[2])
    return logits.withUnsafeBufferPointer { logits in
      LabelBatch(
        input.frameLengths.indices.map { row in
          (0..<input.frameLengths[row]).map { time in
            let right = input.labels[time * batch + row]
            guard random.chance(probability), time > 0 else { return right }
            let start = ((time - 1) * batch + row) * tokens
            return (0..<tokens).max { logits[start + $0] < logits[start + $1] } ?? right
          }
        }, padding: input.labels.last ?? 0)
    }
  }
}

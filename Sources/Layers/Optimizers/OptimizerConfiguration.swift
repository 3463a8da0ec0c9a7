import Configuration

/// Which optimiser trains a model, and its constants.
public struct OptimizerConfiguration: Configuration {
  /// The rule by which gradients move weights.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Stochastic gradient descent, with momentum if it is not zero.
    case sgd
    /// Adam (Kingma and Ba 2015); weight decay is added to the gradient.
    case adam
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    case adamW
  }

  /// The rule.
  public var kind = Kind.adamW
  /// The learning rate before the schedule, greater than zero.
  public var learningRate: Float = 3e-4
  /// The share of the last velocity that is kept, `0..<1`; for `sgd`.
  public var momentum: Float = 0.9
  /// Whether the gradient looks ahead along the velocity (Nesterov 1983); for `sgd`.
  public var nesterov = false
  /// The decay of the mean of gradients, `0..<1`; for `adam` and `adamW`.
  public var beta1: Float = 0.9
  /// The decay of the mean of squared gradients, `0..<1`; for `adam` and `adamW`.
  public var beta2: Float = 0.999
  /// Added to the root of the mean square, greater than zero; for `adam` and `adamW`.
  public var epsilon: Float = 1e-8
  /// How strongly weights are drawn to zero, not negative. Biases and the parameters of
  /// normalisation, which have fewer than two axes, are left out.
  public var weightDecay: Float = 0

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, learningRate, momentum, nesterov, beta1, beta2, epsilon, weightDecay
  }

  /// Reads the keys that are present; unknown ones are refused.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.learningRate, into: &learningRate)
    try container.read(.momentum, into: &momentum)
    try container.read(.nesterov, into: &nesterov)
    try container.read(.beta1, into: &beta1)
    try container.read(.beta2, into: &beta2)
    try container.read(.epsilon, into: &epsilon)
    try container.read(.weightDecay, into: &weightDecay)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(learningRate > 0 && learningRate.isFinite, "learningRate", learningRate, "above 0")
    try require(momentum >= 0 && momentum < 1, "momentum", momentum, "0 or more, below 1")
    try require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 or more, below 1")
    try require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 or more, below 1")
    try require(epsilon > 0 && epsilon.isFinite, "epsilon", epsilon, "above 0")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "weightDecay", weightDecay, "0 or more")
    if nesterov, momentum == 0 {
      throw .invalid(key: "momentum", found: "0", expected: "above 0, because nesterov is true")
    }
  }
}

/// Throws that a key is out of range unless the condition holds.
func require(
  _ condition: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String
) throws(ConfigurationError) {
  guard condition else {
    throw .invalid(key: key, found: found.description, expected: expected)
  }
}

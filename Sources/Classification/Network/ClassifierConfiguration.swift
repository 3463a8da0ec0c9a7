import Configuration
import Layers
import Tensors

/// Which network classifies, and its sizes.
public enum ClassifierConfiguration: Configuration {
  /// A perceptron.
  case perceptron(PerceptronConfiguration)
  /// A feed-forward net.
  case feedForward(FeedForwardConfiguration)

  /// The names of the networks, as recipes write them after `kind:`.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case perceptron, feedForward
  }

  /// A feed-forward net of the default size.
  public init() { self = .feedForward(FeedForwardConfiguration()) }

  /// The network's name.
  public var kind: Kind {
    switch self {
    case .perceptron: .perceptron
    case .feedForward: .feedForward
    }
  }

  private enum KindKey: String, CodingKey { case kind }

  /// Reads `kind` and then the configuration that belongs to it.
  public init(from decoder: any Decoder) throws {
    let word = try decoder.container(keyedBy: KindKey.self).decodeIfPresent(
      String.self, forKey: .kind)
    switch word.map(Kind.init(rawValue:)) ?? .feedForward {
    case .perceptron: self = .perceptron(try PerceptronConfiguration(from: decoder))
    case .feedForward: self = .feedForward(try FeedForwardConfiguration(from: decoder))
    case nil:
      throw ConfigurationError.invalid(
        key: (decoder.codingPath + [KindKey.kind]).dottedPath, found: "'\(word ?? "")'",
        expected: Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// Writes the configuration with its `kind`.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .perceptron(let configuration): try configuration.encode(to: encoder)
    case .feedForward(let configuration): try configuration.encode(to: encoder)
    }
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    switch self {
    case .perceptron(let configuration): try configuration.validate()
    case .feedForward(let configuration): try configuration.validate()
    }
  }
}

/// The sizes of a ``FeedForwardNet``.
public struct FeedForwardConfiguration: Configuration {
  /// The network's name in recipes.
  public private(set) var kind = ClassifierConfiguration.Kind.feedForward
  /// The units of each hidden layer, from the input to the output; none for softmax regression.
  public var hiddenSizes = [256]
  /// The nonlinearity after each hidden layer.
  public var activation = Activation.relu
  /// Whether hidden layers are normalised over the batch before their nonlinearity (Ioffe and
  /// Szegedy 2015).
  public var batchNorm = false
  /// The share of hidden units that is dropped in training (Srivastava et al. 2014).
  public var dropout: Float = 0
  /// The share of features that is dropped in training.
  public var inputDropout: Float = 0

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, hiddenSizes, activation, batchNorm, dropout, inputDropout
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.hiddenSizes, into: &hiddenSizes)
    try container.read(.activation, into: &activation)
    try container.read(.batchNorm, into: &batchNorm)
    try container.read(.dropout, into: &dropout)
    try container.read(.inputDropout, into: &inputDropout)
  }

  /// Checks the sizes.
  public func validate() throws(ConfigurationError) {
    try require(
      hiddenSizes.allSatisfy { (1...65_536).contains($0) }, "hiddenSizes", hiddenSizes,
      "numbers of 1 to 65536")
    try require(hiddenSizes.count <= 100, "hiddenSizes", hiddenSizes.count, "at most 100 layers")
    try require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more, below 1")
    try require(
      inputDropout >= 0 && inputDropout < 1, "inputDropout", inputDropout, "0 or more, below 1")
  }
}

import Configuration
import Tensors

/// The shape of an ``AttentiveDecoder``.
public struct AttentiveDecoderConfiguration: Configuration {
  /// What the recurrent layers are made of.
  public enum Cell: String, Codable, Sendable, CaseIterable {
    /// Long short-term memory.
    case lstm
    /// Gated recurrent units.
    case gru

    var kind: RecurrenceKind { self == .lstm ? .lstm : .gru }
  }

  /// What the recurrent layers start from.
  public enum Bridge: String, Codable, Sendable, CaseIterable {
    /// Zero.
    case zero
    /// tanh(W m + b) of the memory's last position.
    case last
    /// tanh(W m + b) of the mean of its positions.
    case mean
  }

  /// What the recurrent layers are made of.
  public var cell = Cell.lstm
  /// The size of h in each layer.
  public var hiddenSize = 256
  /// Recurrent layers above each other.
  public var layerCount = 1
  /// The size of the attentional states, which go out.
  public var outputSize = 256
  /// How the memory is read.
  public var attention = AttentionConfiguration()
  /// Whether the attentional state of the step before is a part of the input (Luong et al. 2015).
  public var inputFeeding = true
  /// What the recurrent layers start from.
  public var bridge = Bridge.mean

  /// The defaults: one LSTM layer with additive attention and input feeding.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case cell, hiddenSize, layerCount, outputSize, attention, inputFeeding, bridge
  }

  /// Reads the keys that are present; unknown ones are refused.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.cell, into: &cell)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.outputSize, into: &outputSize)
    try container.read(.attention, into: &attention)
    try container.read(.inputFeeding, into: &inputFeeding)
    try container.read(.bridge, into: &bridge)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(hiddenSize > 0, "hiddenSize", hiddenSize, "1 or more")
    try require(layerCount > 0, "layerCount", layerCount, "1 or more")
    try require(outputSize > 0, "outputSize", outputSize, "1 or more")
    try attention.validate(under: "attention")
  }
}

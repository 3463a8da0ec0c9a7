import Configuration
import Layers

/// The sizes of a network that reads sequences and tells classes apart: for a sequence as a whole, or
/// for each of its steps.
public struct SequenceModelConfiguration: Configuration {
  /// The features of a token's vector; rows of numbers have no vectors.
  public var embeddingSize = 64
  /// The recurrent layers.
  public var recurrent = RecurrentStackConfiguration()
  /// How the steps become one vector; it does not count where each step has a label.
  public var pooling = SequencePooling.Kind.last
  /// The size of the query of attention pooling.
  public var attentionSize = 64

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case embeddingSize, recurrent, pooling, attentionSize
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.embeddingSize, into: &embeddingSize)
    try container.read(.recurrent, into: &recurrent)
    try container.read(.pooling, into: &pooling)
    try container.read(.attentionSize, into: &attentionSize)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try checkSize("embeddingSize", embeddingSize, in: 1...4096)
    try checkSize("attentionSize", attentionSize, in: 1...4096)
    try recurrent.validate(under: "recurrent")
  }
}

import Configuration
import Layers

/// The sizes of a ``RecurrentLanguageModel``.
public struct LanguageModelConfiguration: Configuration {
  /// The features of a token's vector.
  public var embeddingSize = 64
  /// The recurrent layers, which must read forward.
  public var recurrent = RecurrentStackConfiguration()
  /// Whether the vectors of tokens serve as the output weight too (Press and Wolf 2017); where the
  /// layers have another size, a linear map goes between.
  public var tied = false

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable { case embeddingSize, recurrent, tied }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.embeddingSize, into: &embeddingSize)
    try container.read(.recurrent, into: &recurrent)
    try container.read(.tied, into: &tied)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try checkSize("embeddingSize", embeddingSize, in: 1...4096)
    try recurrent.validate(under: "recurrent")
    guard recurrent.direction == .forward else {
      throw .invalid(
        key: "recurrent.direction", found: "'\(recurrent.direction.rawValue)'",
        expected: "forward, for what comes later is what is predicted")
    }
  }
}

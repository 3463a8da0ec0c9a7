import Configuration
import Layers

/// The sizes of a ``TranslationNetwork``.
public struct TranslationNetworkConfiguration: Configuration {
  /// The recurrent cell of the encoder.
  public enum Cell: String, Codable, CaseIterable, Sendable {
    case lstm, gru
  }

  /// The features of an embedded token, on both sides.
  public var embeddingSize = 256
  /// The cell of the encoder.
  public var cell = Cell.gru
  /// Units of each direction of an encoder layer.
  public var hiddenSize = 256
  /// The number of bidirectional encoder layers.
  public var layerCount = 1
  /// The decoder; its states have the size of an embedded token where the output is tied.
  public var decoder = AttentiveDecoderConfiguration()
  /// Whether both languages look up one table; they must share a vocabulary.
  public var sharesEmbeddings = true
  /// Whether the table of the target language is the weight of the output layer too.
  public var tiesOutput = true
  /// The share of features that is dropped of embedded tokens, of the encoder's states and of the
  /// decoder's states in training, each time for the whole sentence.
  public var dropout: Float = 0.3
  /// The probability that a whole token of the source or the target is dropped in training.
  public var tokenDropout: Float = 0

  /// The defaults.
  public init() { decoder.outputSize = embeddingSize }

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case embeddingSize, cell, hiddenSize, layerCount, decoder, sharesEmbeddings, tiesOutput
    case dropout, tokenDropout
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.embeddingSize, into: &embeddingSize)
    try container.read(.cell, into: &cell)
    try container.read(.hiddenSize, into: &hiddenSize)
    try container.read(.layerCount, into: &layerCount)
    try container.read(.decoder, into: &self.decoder)
    try container.read(.sharesEmbeddings, into: &sharesEmbeddings)
    try container.read(.tiesOutput, into: &tiesOutput)
    try container.read(.dropout, into: &dropout)
    try container.read(.tokenDropout, into: &tokenDropout)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    func check(_ condition: Bool, _ key: String, _ found: Any, _ expected: String)
      throws(ConfigurationError)
    {
      guard condition else { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try check(embeddingSize > 0, "embeddingSize", embeddingSize, "1 or more")
    try check(hiddenSize > 0, "hiddenSize", hiddenSize, "1 or more")
    try check(layerCount > 0, "layerCount", layerCount, "1 or more")
    try check(0..<1 ~= dropout, "dropout", dropout, "0 or more, below 1")
    try check(0..<1 ~= tokenDropout, "tokenDropout", tokenDropout, "0 or more, below 1")
    try decoder.validate(under: "decoder")
    try check(
      !tiesOutput || decoder.outputSize == embeddingSize, "decoder.outputSize",
      decoder.outputSize, "\(embeddingSize), that of an embedded token, where tiesOutput is true")
  }
}

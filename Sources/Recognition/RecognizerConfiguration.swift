import Configuration
import Decoding

/// What turns a recording or a line of writing into text: features, network, and the treatment of text.
///
/// It is part of a recipe and is stored inside the model file.
public struct RecognizerConfiguration: Configuration {
  /// How the input becomes frames.
  public var features = InputConfiguration()
  /// The network.
  public var model = ModelConfiguration()
  /// An attentive decoder beside the CTC output of the network; null is none.
  public var attention: SpellerConfiguration?
  /// What is done to transcripts before they are written in the alphabet.
  public var text = TextNormalization()

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable { case features, model, attention, text }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.features, into: &features)
    try container.read(.model, into: &model)
    try container.read(.attention, into: &attention)
    try container.read(.text, into: &text)
  }

  /// Checks all parts.
  public func validate() throws(ConfigurationError) {
    try features.validate(under: "features")
    try model.validate(under: "model")
    try attention?.validate(under: "attention")
    try text.validate(under: "text")
  }
}

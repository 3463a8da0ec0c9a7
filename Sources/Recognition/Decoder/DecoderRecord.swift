import Configuration
import Decoding

/// How a model's log-probabilities are best turned into text, as tuning found it.
///
/// It is stored inside the model file and is used unless the user asks for something else.
public struct DecoderRecord: Configuration {
  /// The weights and limits of the beam search.
  public var decoding = DecodingConfiguration()
  /// The files of the language models that the weights belong to, by the names they have beside the
  /// model file; none if the search needs none.
  public var languageModels: [String] = []

  /// A beam search without language models.
  public init() {}

  /// The keys of the stored form.
  public enum CodingKeys: String, CodingKey, CaseIterable { case decoding, languageModels }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.decoding, into: &decoding)
    try container.read(.languageModels, into: &languageModels)
  }

  /// Checks the weights, and that language models are named as files beside the model.
  public func validate() throws(ConfigurationError) {
    try decoding.validate(under: "decoding")
    for (index, name) in languageModels.enumerated() {
      guard !name.isEmpty, !name.contains("/"), !name.contains("\0") else {
        throw .invalid(
          key: "languageModels.\(index)", found: "'\(name)'",
          expected: "the name of a file beside the model")
      }
    }
  }
}

extension ModelFile {
  /// The decoder that tuning found for this model; nil if it was not tuned.
  ///
  /// - Throws: `CheckpointError` if the entry is not one that this program writes.
  public func decoderRecord() throws(CheckpointError) -> DecoderRecord? {
    guard self[.decoder] != nil else { return nil }
    let record = try decode(DecoderRecord.self, from: .decoder)
    do {
      try record.validate()
    } catch {
      throw .invalidEntry(
        path: path ?? "model", key: Key.decoder.rawValue, found: error.description,
        expected: "what this program writes")
    }
    return record
  }
}

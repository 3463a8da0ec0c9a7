import Configuration
import Decoding
import ModelFiles

/// How a model's log-probabilities are best turned into text, confidences and times, as tuning found it.
///
/// It is stored inside the model file and is used unless the user asks for something else.
public struct DecoderRecord: Configuration {
  /// The weights and limits of the beam search; null is the greedy decoder.
  public var decoding: DecodingConfiguration?
  /// The files of the language models that the weights belong to, by the names they have beside the
  /// model file; none if the search needs none.
  public var languageModels: [String] = []
  /// How probable it is that a word of this decoder is right.
  public var calibration: ConfidenceCalibration?
  /// The same for words of the greedy decoder.
  public var greedyCalibration: ConfidenceCalibration?
  /// How the times of words follow from the frames of their letters.
  public var timing: WordTiming?

  /// The greedy decoder, its confidences and times as they are.
  public init() {}

  /// The keys of the stored form.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case decoding, languageModels, calibration, greedyCalibration, timing
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.decoding, into: &decoding)
    try container.read(.languageModels, into: &languageModels)
    try container.read(.calibration, into: &calibration)
    try container.read(.greedyCalibration, into: &greedyCalibration)
    try container.read(.timing, into: &timing)
  }

  /// Checks the parts, and that language models are named as files beside the model.
  public func validate() throws(ConfigurationError) {
    try decoding?.validate(under: "decoding")
    try calibration?.validate(under: "calibration")
    try greedyCalibration?.validate(under: "greedyCalibration")
    try timing?.validate(under: "timing")
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

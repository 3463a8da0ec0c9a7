import Configuration

/// How a ``SpellingSearch`` looks for the best text.
public struct SpellingSearchConfiguration: Configuration {
  /// What says how good a text is.
  public enum Decoder: String, Codable, Sendable, CaseIterable {
    /// The CTC output alone, by the decoders that know nothing of attention.
    case ctc
    /// The attentive decoder alone.
    case attention
    /// Both: λ · log p of CTC + (1 − λ) · log p of attention (Hori, Watanabe and Hershey 2017).
    case joint
  }

  /// What says how good a text is.
  public var decoder = Decoder.joint
  /// λ of the joint decoder.
  public var ctcWeight: Float = 0.3
  /// Beginnings of texts that are followed at once; 1 takes the best label each time.
  public var beamWidth = 8
  /// α: scores of whole texts are divided by ((5 + length) / 6)^α (Wu et al. 2016), so that long
  /// texts are not put behind short ones; 0 leaves them.
  public var lengthPenalty: Float = 0
  /// β: rewards texts that attend to every position (Wu et al. 2016); 0 does not.
  public var coveragePenalty: Float = 0
  /// A text has at most so many labels for each frame of the encoder, and one besides.
  public var maximumLengthRatio: Float = 1
  /// The search ends when the texts of three lengths after each other were worse than the best one by
  /// so many nats (Watanabe et al. 2017).
  public var endMargin: Float = 10

  /// The defaults.
  public init() {}

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case decoder, ctcWeight, beamWidth, lengthPenalty, coveragePenalty, maximumLengthRatio,
      endMargin
  }

  /// Reads the keys that are present.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.decoder, into: &self.decoder)
    try container.read(.ctcWeight, into: &ctcWeight)
    try container.read(.beamWidth, into: &beamWidth)
    try container.read(.lengthPenalty, into: &lengthPenalty)
    try container.read(.coveragePenalty, into: &coveragePenalty)
    try container.read(.maximumLengthRatio, into: &maximumLengthRatio)
    try container.read(.endMargin, into: &endMargin)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require((0...1).contains(ctcWeight), "ctcWeight", ctcWeight, "0 to 1")
    try require((1...1000).contains(beamWidth), "beamWidth", beamWidth, "1 to 1000")
    try require((0...10).contains(lengthPenalty), "lengthPenalty", lengthPenalty, "0 to 10")
    try require((0...10).contains(coveragePenalty), "coveragePenalty", coveragePenalty, "0 to 10")
    try require(
      maximumLengthRatio > 0 && maximumLengthRatio <= 10, "maximumLengthRatio",
      maximumLengthRatio, "above 0, at most 10")
    try require(endMargin > 0 && endMargin.isFinite, "endMargin", endMargin, "above 0")
  }

  /// The share of CTC in the score.
  var ctcShare: Double {
    switch decoder {
    case .ctc: 1
    case .attention: 0
    case .joint: Double(ctcWeight)
    }
  }
}

import Configuration
import Layers

/// An attentive decoder that writes the text label by label, beside the CTC output of a recogniser or
/// in place of it: "Listen, attend and spell" (Chan et al. 2016), joint with CTC after Kim, Hori and
/// Watanabe (2017).
public struct SpellerConfiguration: Configuration {
  /// The features of an embedded label.
  public var embeddingSize = 64
  /// The decoder, with its attention over the encoder's states.
  public var decoder = SpellerConfiguration.standardDecoder
  /// So many neighbouring states become one position of the memory, beside each other, so that the
  /// attention has fewer of them to choose from.
  public var joinedFrames = 1
  /// The share of features that is dropped of embedded labels and of the decoder's states in
  /// training.
  public var dropout: Float = 0.1
  /// w: the loss is w · CTC + (1 − w) · attention, each the cost of a whole text; 0 trains no CTC
  /// output, 1 no attentive decoder.
  public var ctcWeight: Float = 0.3
  /// The share of a label's target that goes to all labels alike.
  public var labelSmoothing: Float = 0
  /// How texts are looked for, unless something else is asked for.
  public var search = SpellingSearchConfiguration()

  /// The defaults: attention that knows where it was, joint with CTC.
  public init() {}

  private static var standardDecoder: AttentiveDecoderConfiguration {
    var decoder = AttentiveDecoderConfiguration()
    (decoder.hiddenSize, decoder.outputSize) = (128, 128)
    (decoder.attention.kind, decoder.attention.size) = (.location, 128)
    return decoder
  }

  /// The keys that a recipe may use.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case embeddingSize, decoder, joinedFrames, dropout, ctcWeight, labelSmoothing, search
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.embeddingSize, into: &embeddingSize)
    try container.read(.decoder, into: &self.decoder)
    try container.read(.joinedFrames, into: &joinedFrames)
    try container.read(.dropout, into: &dropout)
    try container.read(.ctcWeight, into: &ctcWeight)
    try container.read(.labelSmoothing, into: &labelSmoothing)
    try container.read(.search, into: &search)
  }

  /// Checks every value against its range, and that what is searched with is trained.
  public func validate() throws(ConfigurationError) {
    try require((1...16_384).contains(embeddingSize), "embeddingSize", embeddingSize, "1 to 16384")
    try decoder.validate(under: "decoder")
    try require((1...16).contains(joinedFrames), "joinedFrames", joinedFrames, "1 to 16")
    try require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more, below 1")
    try require((0...1).contains(ctcWeight), "ctcWeight", ctcWeight, "0 to 1")
    try require(
      labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing", labelSmoothing,
      "0 or more, below 1")
    try search.validate(under: "search")
    try require(
      trains(search.decoder), "search.decoder", search.decoder.rawValue,
      "\(trainedDecoder.rawValue), as ctcWeight \(ctcWeight) trains nothing else")
  }

  /// Whether training makes what a decoder needs.
  public func trains(_ decoder: SpellingSearchConfiguration.Decoder) -> Bool {
    switch decoder {
    case .ctc: ctcWeight > 0
    case .attention: ctcWeight < 1
    case .joint: ctcWeight > 0 && ctcWeight < 1
    }
  }

  private var trainedDecoder: SpellingSearchConfiguration.Decoder {
    ctcWeight == 0 ? .attention : .ctc
  }
}

import Audio
import Configuration

/// How a long recording becomes utterances.
///
/// A recording of at most `maximumDuration` is one utterance. A longer one is cut in its pauses; an
/// utterance that is too long and has none goes through the network in pieces that overlap.
public struct SegmentationConfiguration: Configuration {
  /// Whether speech is told from what is not; without, a recording is one utterance whatever its
  /// length.
  public var detectsSpeech = true
  /// The longest piece that goes through the network, in seconds.
  public var maximumDuration = 30.0
  /// The shortest pause that ends an utterance, in seconds.
  ///
  /// An utterance of less than two seconds waits for one twice as long, because single words have
  /// little context. One that would get too long ends in a shorter pause.
  public var minimumPause = 0.5
  /// How much of the pauses around it belongs to an utterance on each side, in seconds; at most half
  /// of `minimumPause`.
  public var padding = 0.25
  /// How far neighbouring pieces of an utterance without pauses overlap, in seconds.
  ///
  /// Half of it is context on each side of a seam, of which the results are thrown away.
  public var overlap = 4.0
  /// How speech is told from what is not.
  public var activity = ActivityConfiguration()

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case detectsSpeech, maximumDuration, minimumPause, padding, overlap, activity
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.detectsSpeech, into: &detectsSpeech)
    try container.read(.maximumDuration, into: &maximumDuration)
    try container.read(.minimumPause, into: &minimumPause)
    try container.read(.padding, into: &padding)
    try container.read(.overlap, into: &overlap)
    try container.read(.activity, into: &activity)
  }

  /// The longest piece that is allowed, in seconds: what a network may take at once.
  public static let durations = 1.0...600.0

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    let longest = "\(Self.durations.lowerBound) to \(Self.durations.upperBound) seconds"
    try require(
      Self.durations.contains(maximumDuration), "maximumDuration", maximumDuration, longest)
    try require(
      (0.1...10).contains(minimumPause), "minimumPause", minimumPause, "0.1 to 10 seconds")
    try require((0...5).contains(padding), "padding", padding, "0 to 5 seconds")
    try require((0...60).contains(overlap), "overlap", overlap, "0 to 60 seconds")
    try activity.validate(under: "activity")
  }
}

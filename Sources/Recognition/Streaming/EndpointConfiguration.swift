import Configuration

/// Where a line of running speech ends.
///
/// The rules are those of Kaldi's online decoder with the network's blanks in place of its silence
/// phones: a pause after something was said, a longer time in which nothing is said, and a length
/// that no line exceeds.
public struct EndpointConfiguration: Configuration {
  /// The pause after speech that ends a line, in seconds. It is one between letters, of which a network
  /// that reads forward writes some late.
  public var pauseAfterSpeech = 1.0
  /// How long nothing may be said before what was taken for its beginning is forgotten, in seconds.
  public var silenceWithoutSpeech = 5.0
  /// A pause does not end a line that has gone on for less, from its first letter, in seconds.
  public var minimumDuration = 0.0
  /// The longest line from its first letter, in seconds. In its last fifth a line ends between two
  /// words if there is a place.
  public var maximumDuration = 20.0

  /// Lines as people pause.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case pauseAfterSpeech, silenceWithoutSpeech, minimumDuration, maximumDuration
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.pauseAfterSpeech, into: &pauseAfterSpeech)
    try container.read(.silenceWithoutSpeech, into: &silenceWithoutSpeech)
    try container.read(.minimumDuration, into: &minimumDuration)
    try container.read(.maximumDuration, into: &maximumDuration)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(
      (0.05...60).contains(pauseAfterSpeech), "pauseAfterSpeech", pauseAfterSpeech,
      "0.05 to 60 seconds")
    try require(
      (0.05...600).contains(silenceWithoutSpeech), "silenceWithoutSpeech", silenceWithoutSpeech,
      "0.05 to 600 seconds")
    try require(
      (0...600).contains(minimumDuration), "minimumDuration", minimumDuration, "0 to 600 seconds")
    try require(
      (0.5...600).contains(maximumDuration) && maximumDuration >= minimumDuration,
      "maximumDuration", maximumDuration, "0.5 to 600 seconds, not below minimumDuration")
  }
}

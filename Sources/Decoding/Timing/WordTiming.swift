import Configuration

/// How the times of words follow from the frames that say their letters.
///
/// A network trained with CTC says a letter somewhere inside it, and then is silent until the next one
/// (Graves et al. 2006); a word begins before its first letter's frames and ends after its last one's.
/// For sound, boundaries are looked for where the loudness falls between words. Where it does not, and
/// for other inputs, the offsets move what the frames say.
public struct WordTiming: Configuration {
  /// What is added to the start of a word's first letter, in seconds, or the unit of the input.
  public var startOffset = 0.0
  /// What is added to the end of a word's last letter, in the same unit.
  public var endOffset = 0.0
  /// Which loudness is silence: 0 the background, 1 the loud parts of speech; null does not listen.
  public var silenceLevel: Float? = 0.1
  /// The shortest silence that parts words, in seconds.
  public var minimumSilence = 0.02
  /// How far a word of sound may reach beyond its letters' frames, in seconds.
  public var longestReach = 0.6

  /// No offsets; boundaries of sound are where it is quiet.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case startOffset, endOffset, silenceLevel, minimumSilence, longestReach
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.startOffset, into: &startOffset)
    try container.read(.endOffset, into: &endOffset)
    try container.read(.silenceLevel, into: &silenceLevel)
    try container.read(.minimumSilence, into: &minimumSilence)
    try container.read(.longestReach, into: &longestReach)
  }

  /// Writes every key; the level as null where there is none, because its default has a value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(startOffset, forKey: .startOffset)
    try container.encode(endOffset, forKey: .endOffset)
    try container.encode(silenceLevel, forKey: .silenceLevel)
    try container.encode(minimumSilence, forKey: .minimumSilence)
    try container.encode(longestReach, forKey: .longestReach)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    for (key, value) in [("startOffset", startOffset), ("endOffset", endOffset)] {
      guard (-1000...1000).contains(value) else {
        throw .invalid(key: key, found: "\(value)", expected: "-1000 to 1000")
      }
    }
    if let silenceLevel, !(0...1).contains(silenceLevel) {
      throw .invalid(key: "silenceLevel", found: "\(silenceLevel)", expected: "0 to 1, or null")
    }
    for (key, value) in [("minimumSilence", minimumSilence), ("longestReach", longestReach)] {
      guard (0...10).contains(value) else {
        throw .invalid(key: key, found: "\(value)", expected: "0 to 10")
      }
    }
  }
}

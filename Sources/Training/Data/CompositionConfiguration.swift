import Configuration
import Ink

/// How recordings are strung together at random, so that a model trained on single words learns to
/// hear several in a row.
public struct CompositionConfiguration: Configuration {
  /// The fewest recordings in a string.
  public var minimumItems = 1
  /// The most recordings in a string.
  public var maximumItems = 7
  /// What stands between the texts of two recordings.
  public var separator = " "
  /// How pen recordings are written one after the other.
  public var strokes = StrokeConcatenation()
  /// The shortest pause between two recordings, in seconds.
  public var minimumPause: Double = 0
  /// The longest pause between two recordings, in seconds.
  public var maximumPause: Double = 0.5
  /// The shortest silence before the first and after the last recording, in seconds.
  public var minimumEdgeSilence: Double = 0
  /// The longest silence before the first and after the last recording, in seconds.
  public var maximumEdgeSilence: Double = 0.3
  /// How long each recording fades in and out, in seconds, so that its ends do not click.
  public var fadeDuration: Double = 0.005
  /// The probability that an item of an epoch is a string; the others are recordings as they are.
  public var probability: Float = 1
  /// The probability that all recordings of a string come from one speaker; the recordings of the
  /// other strings come from anybody.
  public var sameSpeakerProbability: Float = 1
  /// How many items an epoch has; nil for as many as there are recordings.
  public var itemsPerEpoch: Int?

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case minimumItems, maximumItems, separator, strokes, minimumPause, maximumPause
    case minimumEdgeSilence, maximumEdgeSilence, fadeDuration, probability, sameSpeakerProbability,
      itemsPerEpoch
  }

  /// Reads the keys that are there and refuses others.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.minimumItems, into: &minimumItems)
    try container.read(.maximumItems, into: &maximumItems)
    try container.read(.separator, into: &separator)
    try container.read(.strokes, into: &strokes)
    try container.read(.minimumPause, into: &minimumPause)
    try container.read(.maximumPause, into: &maximumPause)
    try container.read(.minimumEdgeSilence, into: &minimumEdgeSilence)
    try container.read(.maximumEdgeSilence, into: &maximumEdgeSilence)
    try container.read(.fadeDuration, into: &fadeDuration)
    try container.read(.probability, into: &probability)
    try container.read(.sameSpeakerProbability, into: &sameSpeakerProbability)
    try container.read(.itemsPerEpoch, into: &itemsPerEpoch)
  }

  /// Checks the ranges.
  public func validate() throws(ConfigurationError) {
    guard minimumItems >= 1, minimumItems <= 1000 else {
      throw .invalid(key: "minimumItems", found: "\(minimumItems)", expected: "1 to 1000")
    }
    guard maximumItems >= minimumItems, maximumItems <= 1000 else {
      throw .invalid(
        key: "maximumItems", found: "\(maximumItems)", expected: "\(minimumItems) to 1000")
    }
    try strokes.validate(under: "strokes")
    try check("minimumPause", minimumPause, 0...60)
    try check("maximumPause", maximumPause, minimumPause...60)
    try check("minimumEdgeSilence", minimumEdgeSilence, 0...60)
    try check("maximumEdgeSilence", maximumEdgeSilence, minimumEdgeSilence...60)
    try check("fadeDuration", fadeDuration, 0...1)
    try check("probability", Double(probability), 0...1)
    try check("sameSpeakerProbability", Double(sameSpeakerProbability), 0...1)
    if let itemsPerEpoch, itemsPerEpoch < 1 {
      throw .invalid(
        key: "itemsPerEpoch", found: "\(itemsPerEpoch)", expected: "1 or more, or null")
    }
  }

  private func check(
    _ key: String, _ value: Double, _ range: ClosedRange<Double>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw .invalid(
        key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

import Configuration

/// How speech is told from what is not.
///
/// See ``ActivityDetector`` for the method. The defaults hold for telephones and studios alike: all
/// measures are relative to the noise that is tracked, and nothing depends on the sample rate.
public struct ActivityConfiguration: Configuration {
  /// The length of a frame, in seconds.
  public var windowLength = 0.03
  /// The time from one frame to the next, in seconds.
  public var hopLength = 0.01
  /// The lower edge of the band that is listened to, in Hz: above mains hum and rumble.
  public var lowFrequency = 200.0
  /// The upper edge of the band that is listened to, in Hz; never above what the sample rate allows.
  public var highFrequency = 3800.0
  /// Bands, evenly spaced in mel.
  public var bandCount = 12
  /// How far the bands must rise above the noise, in dB on average, for speech.
  ///
  /// Lower values miss less speech and keep more noise.
  public var threshold: Float = 2.5
  /// The share of the loudest rise around, as far as noise is looked for, that speech must reach if
  /// that is more: the louder the speech, the more may the noise of its pauses vary.
  public var rangeShare: Float = 0.3
  /// The stretch of time whose frames vote on its middle, in seconds.
  ///
  /// Sounds of less than half of it, such as clicks, are not speech.
  public var voteDuration = 0.11
  /// How far back the noise floor is looked for, in seconds.
  public var noisePast = 3.0
  /// How far ahead the noise floor is looked for, in seconds: the delay of a decision.
  public var noiseAhead = 2.0
  /// The level below which sound is the silence of a cut or a muted line and tells nothing of the
  /// noise, in dB below full scale; the steps of 16 bits make a noise of -101 dB.
  public var silenceLevel: Float = -105

  /// The defaults.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case windowLength, hopLength, lowFrequency, highFrequency, bandCount, threshold, rangeShare,
      voteDuration
    case noisePast, noiseAhead, silenceLevel
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.windowLength, into: &windowLength)
    try container.read(.hopLength, into: &hopLength)
    try container.read(.lowFrequency, into: &lowFrequency)
    try container.read(.highFrequency, into: &highFrequency)
    try container.read(.bandCount, into: &bandCount)
    try container.read(.threshold, into: &threshold)
    try container.read(.rangeShare, into: &rangeShare)
    try container.read(.voteDuration, into: &voteDuration)
    try container.read(.noisePast, into: &noisePast)
    try container.read(.noiseAhead, into: &noiseAhead)
    try container.read(.silenceLevel, into: &silenceLevel)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try check(.windowLength, windowLength, 0.005...0.2)
    try check(.hopLength, hopLength, 0.001...windowLength)
    try check(.highFrequency, highFrequency, 200...20_000)
    try check(.lowFrequency, lowFrequency, 0...highFrequency / 2)
    try check(.bandCount, bandCount, 1...64)
    try check(.threshold, threshold, 0.1...20)
    try check(.rangeShare, rangeShare, 0...0.9)
    try check(.voteDuration, voteDuration, 0...1)
    try check(.noisePast, noisePast, 0.5...60)
    try check(.noiseAhead, noiseAhead, 0.25...20)
    try check(.silenceLevel, silenceLevel, -200...(-20))
  }

  private func check<Value: Comparable>(
    _ key: CodingKeys, _ value: Value, _ range: ClosedRange<Value>
  ) throws(ConfigurationError) {
    guard !range.contains(value) else { return }
    throw .invalid(
      key: key.stringValue, found: "\(value)",
      expected: "\(range.lowerBound) to \(range.upperBound)")
  }
}

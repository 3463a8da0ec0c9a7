import Configuration

/// What a network hears: how sound becomes features.
public struct FeatureConfiguration: Configuration {
  /// What a frame holds.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The logarithm of the spectrum, one value per frequency bin, as Deep Speech 1 and 2 have it.
    case spectrogram
    /// The logarithm of the energy in mel bands.
    case logMel
    /// Mel-frequency cepstral coefficients.
    case mfcc
  }

  /// How values are brought to the same scale.
  public enum Normalization: String, Codable, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// Mean 0 and variance 1 for every feature over each recording.
    case utterance
    /// Mean 0 and variance 1 for every feature over the training set.
    case dataset
  }

  /// How the values of a spectrogram are compressed.
  public enum Compression: String, Codable, Sendable, CaseIterable {
    /// The natural logarithm of the power, at least `logFloor`.
    case log
    /// The natural logarithm of 1 + magnitude.
    case log1p
  }

  /// What a frame holds.
  public var kind = Kind.logMel
  /// The sample rate that recordings are brought to, in Hz.
  public var sampleRate = 16_000
  /// The length of a frame, in seconds.
  public var windowLength = 0.025
  /// The time from one frame to the next, in seconds.
  public var hopLength = 0.01
  /// Samples per Fourier transform; 0 takes the window itself for a spectrogram and the next power of
  /// two otherwise.
  public var fftSize = 0
  /// The weights of the samples in a frame.
  public var window = Window.hann
  /// Whether frame *t* is centred on time `t * hopLength` instead of beginning there.
  public var center = false
  /// How much of the previous sample is subtracted from each; 0 leaves it out, 0.97 is common.
  public var preEmphasis: Float = 0
  /// How a spectrogram is compressed.
  public var compression = Compression.log
  /// The least energy that is distinguished from silence, before the logarithm.
  public var logFloor: Float = 1e-10
  /// Mel bands.
  public var melCount = 40
  /// The scale of pitch.
  public var melScale = MelScale.htk
  /// Whether each mel filter has the same area instead of the same peak.
  public var areaNormalization = false
  /// The lower edge of the lowest mel band, in Hz.
  public var lowFrequency = 20.0
  /// The upper edge of the highest mel band, in Hz; 0 takes half the sample rate.
  public var highFrequency = 0.0
  /// Cepstral coefficients, the zeroth included.
  public var coefficientCount = 13
  /// The length of the sine that evens out cepstral coefficients; 0 leaves it out, 22 is common.
  public var liftering = 0.0
  /// How often slopes over time are appended: 0, 1 (slopes), 2 (and slopes of slopes).
  public var deltas = 0
  /// How values are brought to the same scale.
  public var normalization = Normalization.utterance

  /// Forty log-mel bands at 16 kHz, every 10 ms.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, sampleRate, windowLength, hopLength, fftSize, window, center, preEmphasis
    case compression, logFloor, melCount, melScale, areaNormalization, lowFrequency, highFrequency
    case coefficientCount, liftering, deltas, normalization
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.kind, into: &kind)
    try container.read(.sampleRate, into: &sampleRate)
    try container.read(.windowLength, into: &windowLength)
    try container.read(.hopLength, into: &hopLength)
    try container.read(.fftSize, into: &fftSize)
    try container.read(.window, into: &window)
    try container.read(.center, into: &center)
    try container.read(.preEmphasis, into: &preEmphasis)
    try container.read(.compression, into: &compression)
    try container.read(.logFloor, into: &logFloor)
    try container.read(.melCount, into: &melCount)
    try container.read(.melScale, into: &melScale)
    try container.read(.areaNormalization, into: &areaNormalization)
    try container.read(.lowFrequency, into: &lowFrequency)
    try container.read(.highFrequency, into: &highFrequency)
    try container.read(.coefficientCount, into: &coefficientCount)
    try container.read(.liftering, into: &liftering)
    try container.read(.deltas, into: &deltas)
    try container.read(.normalization, into: &normalization)
  }
}

extension FeatureConfiguration {
  /// The window in samples.
  public var windowSamples: Int { Int((windowLength * Double(sampleRate)).rounded()) }
  /// The hop in samples.
  public var hopSamples: Int { Int((hopLength * Double(sampleRate)).rounded()) }

  /// Samples per Fourier transform, with 0 resolved.
  public var transformSize: Int {
    if fftSize > 0 { return fftSize }
    return kind == .spectrogram ? windowSamples : nextPowerOfTwo(windowSamples)
  }

  /// Values per frame without slopes.
  public var staticSize: Int {
    switch kind {
    case .spectrogram: transformSize / 2 + 1
    case .logMel: melCount
    case .mfcc: coefficientCount
    }
  }

  /// Values per frame.
  public var featureSize: Int { staticSize * (1 + deltas) }

  var upperFrequency: Double { highFrequency > 0 ? highFrequency : Double(sampleRate) / 2 }

  var melFilterbank: MelFilterbank {
    MelFilterbank(
      melCount: melCount, fftSize: transformSize, sampleRate: sampleRate,
      lowFrequency: lowFrequency, highFrequency: upperFrequency, scale: melScale,
      areaNormalization: areaNormalization)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require(
      AudioFile.sampleRates.contains(sampleRate), .sampleRate, sampleRate,
      "\(AudioFile.sampleRates.lowerBound) to \(AudioFile.sampleRates.upperBound) Hz")
    try require(
      windowLength > 0 && windowLength <= 1 && windowSamples >= 2, .windowLength, windowLength,
      "seconds, at least two samples and at most 1")
    try require(
      hopLength > 0 && hopLength <= windowLength && hopSamples >= 1, .hopLength, hopLength,
      "seconds, at least one sample and at most windowLength, which is \(windowLength)")
    try require(
      fftSize == 0 || (windowSamples...1 << 20).contains(fftSize), .fftSize, fftSize,
      "0 or at least the \(windowSamples) samples of the window")
    try require(
      preEmphasis >= 0 && preEmphasis < 1, .preEmphasis, preEmphasis, "0 or more and below 1")
    try require(logFloor > 0 && logFloor <= 1, .logFloor, logFloor, "above 0 and at most 1")
    try require((0...2).contains(deltas), .deltas, deltas, "0, 1 or 2")
    if kind != .spectrogram { try validateMel() }
    if kind == .mfcc {
      try require(
        (1...melCount).contains(coefficientCount), .coefficientCount, coefficientCount,
        "1 to melCount, which is \(melCount)")
      try require(
        liftering >= 0 && liftering.isFinite, .liftering, liftering, "0 or a positive length")
    }
  }

  private func validateMel() throws(ConfigurationError) {
    try require((1...1024).contains(melCount), .melCount, melCount, "1 to 1024")
    let nyquist = Double(sampleRate) / 2
    try require(
      highFrequency == 0 || (highFrequency > 0 && highFrequency <= nyquist), .highFrequency,
      highFrequency, "0 or at most half the sample rate, \(nyquist) Hz")
    try require(
      lowFrequency >= 0 && lowFrequency < upperFrequency, .lowFrequency, lowFrequency,
      "0 or more and below the upper edge, \(upperFrequency) Hz")
    let empty = melFilterbank.emptyFilters.count
    try require(
      empty == 0, .melCount, melCount,
      "few enough that each filter holds a bin of the transform (\(empty) hold none); "
        + "lower melCount or raise fftSize")
  }

  private func require(
    _ condition: Bool, _ key: CodingKeys, _ found: some Any, _ expected: String
  ) throws(ConfigurationError) {
    if !condition { throw .invalid(key: key.stringValue, found: "\(found)", expected: expected) }
  }
}

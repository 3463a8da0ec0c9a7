import Configuration

/// How training recordings are varied, so that a network learns words and not recordings.
///
/// Every kind has a probability with which it is applied to a recording; all are 0 by default.
public struct AugmentationConfiguration: Configuration {
  /// Faster or slower, with the pitch: resampling by a factor (Ko et al. 2015).
  public var speed = Speed()
  /// Reverberation by the impulse response of a room.
  public var reverberation = Reverberation()
  /// Noise added at a signal-to-noise ratio.
  public var noise = Noise()
  /// Louder or softer.
  public var gain = Gain()
  /// The band and the coding of a telephone line.
  public var telephone = Telephone()
  /// Masks over time and frequency of the features (Park et al. 2019).
  public var spectral = Spectral()

  /// No augmentation.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case speed, reverberation, noise, gain, telephone, spectral
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.speed, into: &speed)
    try container.read(.reverberation, into: &reverberation)
    try container.read(.noise, into: &noise)
    try container.read(.gain, into: &gain)
    try container.read(.telephone, into: &telephone)
    try container.read(.spectral, into: &spectral)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try speed.validate()
    try reverberation.validate()
    try noise.validate()
    try gain.validate()
    try telephone.validate()
    try spectral.validate()
  }
}

extension AugmentationConfiguration {
  /// Speed perturbation.
  public struct Speed: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The slowest factor.
    public var minimum: Float = 0.9
    /// The fastest factor.
    public var maximum: Float = 1.1

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, minimum, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.minimum, into: &minimum)
      try container.read(.maximum, into: &maximum)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try checkProbability("speed", probability)
      try checkRange("speed", ("minimum", minimum), ("maximum", maximum), in: 0.25...4)
    }
  }

  /// Gain in decibels.
  public struct Gain: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The least gain, in dB.
    public var minimum: Float = -10
    /// The largest gain, in dB.
    public var maximum: Float = 6

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, minimum, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.minimum, into: &minimum)
      try container.read(.maximum, into: &maximum)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try checkProbability("gain", probability)
      try checkRange("gain", ("minimum", minimum), ("maximum", maximum), in: -100...60)
    }
  }

  /// The telephone line: nothing above 4 kHz or below 300 Hz, and μ-law coding.
  public struct Telephone: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      try decoder.strict(CodingKeys.self).read(.probability, into: &probability)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try checkProbability("telephone", probability)
    }
  }
}

func checkProbability(_ group: String, _ value: Float) throws(ConfigurationError) {
  guard (0...1).contains(value) else {
    throw .invalid(key: "\(group).probability", found: "\(value)", expected: "0 to 1")
  }
}

func checkRange<Value: Comparable>(
  _ group: String, _ low: (name: String, value: Value), _ high: (name: String, value: Value),
  in range: ClosedRange<Value>
) throws(ConfigurationError) {
  for bound in [low, high] where !range.contains(bound.value) {
    throw .invalid(
      key: "\(group).\(bound.name)", found: "\(bound.value)",
      expected: "\(range.lowerBound) to \(range.upperBound)")
  }
  guard low.value <= high.value else {
    throw .invalid(
      key: "\(group).\(low.name)", found: "\(low.value)",
      expected: "at most \(high.name), which is \(high.value)")
  }
}

import Configuration

extension AugmentationConfiguration {
  /// Additive noise.
  public struct Noise: Configuration {
    /// Noise that needs no recording.
    public enum Color: String, Codable, Sendable, CaseIterable {
      /// The same power at every frequency.
      case white
      /// Power that falls with frequency, 3 dB per octave.
      case pink
    }

    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The lowest ratio of the powers of speech and noise, in dB.
    public var minimumSNR: Float = 5
    /// The highest ratio, in dB.
    public var maximumSNR: Float = 30
    /// Recordings of noise, or folders of them, relative to the configuration file.
    public var files: [String] = []
    /// Generated noises; each counts as one more recording when one is drawn.
    public var colors: [Color] = [.white, .pink]

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, minimumSNR, maximumSNR, files, colors
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.minimumSNR, into: &minimumSNR)
      try container.read(.maximumSNR, into: &maximumSNR)
      try container.read(.files, into: &files)
      try container.read(.colors, into: &colors)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try checkProbability("noise", probability)
      try checkRange(
        "noise", ("minimumSNR", minimumSNR), ("maximumSNR", maximumSNR), in: -40...100)
      if probability > 0, files.isEmpty, colors.isEmpty {
        throw .invalid(
          key: "noise.files", found: "empty, and so is colors",
          expected: "a file, a folder or a color, or a probability of 0")
      }
    }
  }

  /// Reverberation.
  public struct Reverberation: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// Impulse responses, or folders of them, relative to the configuration file; without any, rooms
    /// are made up of decaying noise.
    public var files: [String] = []
    /// The shortest time in which a made-up room decays by 60 dB, in seconds.
    public var minimumDecay: Float = 0.1
    /// The longest time, in seconds.
    public var maximumDecay: Float = 0.6
    /// The lowest ratio of direct to reverberant energy of a made-up room, in dB.
    public var minimumDirectRatio: Float = 0
    /// The highest ratio, in dB.
    public var maximumDirectRatio: Float = 12

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, files, minimumDecay, maximumDecay, minimumDirectRatio, maximumDirectRatio
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.files, into: &files)
      try container.read(.minimumDecay, into: &minimumDecay)
      try container.read(.maximumDecay, into: &maximumDecay)
      try container.read(.minimumDirectRatio, into: &minimumDirectRatio)
      try container.read(.maximumDirectRatio, into: &maximumDirectRatio)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      let group = "reverberation"
      try checkProbability(group, probability)
      try checkRange(
        group, ("minimumDecay", minimumDecay), ("maximumDecay", maximumDecay), in: 0.01...10)
      try checkRange(
        group, ("minimumDirectRatio", minimumDirectRatio),
        ("maximumDirectRatio", maximumDirectRatio), in: -40...60)
    }
  }

  /// SpecAugment.
  public struct Spectral: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// How many stretches of time are masked.
    public var timeMaskCount = 2
    /// The longest mask, in frames.
    public var timeMaskFrames = 20
    /// The longest mask as a part of the recording, so that short ones keep most of their frames.
    public var timeMaskFraction: Float = 0.1
    /// How many bands of features are masked.
    public var frequencyMaskCount = 2
    /// The widest band, in features.
    public var frequencyMaskBins = 6
    /// How far a point of the recording is moved in time, in frames; 0 leaves warping out.
    public var timeWarpFrames = 0

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, timeMaskCount, timeMaskFrames, timeMaskFraction, frequencyMaskCount
      case frequencyMaskBins, timeWarpFrames
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.timeMaskCount, into: &timeMaskCount)
      try container.read(.timeMaskFrames, into: &timeMaskFrames)
      try container.read(.timeMaskFraction, into: &timeMaskFraction)
      try container.read(.frequencyMaskCount, into: &frequencyMaskCount)
      try container.read(.frequencyMaskBins, into: &frequencyMaskBins)
      try container.read(.timeWarpFrames, into: &timeWarpFrames)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try checkProbability("spectral", probability)
      let counts = [
        ("timeMaskCount", timeMaskCount), ("timeMaskFrames", timeMaskFrames),
        ("frequencyMaskCount", frequencyMaskCount), ("frequencyMaskBins", frequencyMaskBins),
        ("timeWarpFrames", timeWarpFrames),
      ]
      for (name, value) in counts where !(0...10_000).contains(value) {
        throw .invalid(key: "spectral.\(name)", found: "\(value)", expected: "0 to 10000")
      }
      guard (0...1).contains(timeMaskFraction) else {
        throw .invalid(
          key: "spectral.timeMaskFraction", found: "\(timeMaskFraction)", expected: "0 to 1")
      }
    }
  }
}

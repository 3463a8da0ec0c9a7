import Configuration

extension LineNormalizationConfiguration {
  /// Division by the light of the paper, estimated block by block.
  public struct Background: Configuration {
    /// Whether it is done.
    public var enabled = false
    /// The side of a block, as a part of the image's height.
    public var blockSize: Float = 0.5

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case enabled, blockSize }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.enabled, into: &enabled)
      try container.read(.blockSize, into: &blockSize)
    }

    /// The range is checked by the configuration that holds this one.
    public func validate() throws(ConfigurationError) {}
  }

  /// A stretch of the shades between two quantiles.
  public struct Contrast: Configuration {
    /// Whether it is done.
    public var enabled = false
    /// The part of the pixels, the darkest, that become black.
    public var ink: Float = 0.01
    /// The part of the pixels that stay darker than white.
    public var paper: Float = 0.5

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case enabled, ink, paper }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.enabled, into: &enabled)
      try container.read(.ink, into: &ink)
      try container.read(.paper, into: &paper)
    }

    /// The ranges are checked by the configuration that holds this one.
    public func validate() throws(ConfigurationError) {}
  }

  /// The slope of the baseline.
  public struct Slope: Configuration {
    /// Whether it is corrected.
    public var enabled = false
    /// The steepest slope that is looked for, in degrees.
    public var maximum: Float = 5

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case enabled, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.enabled, into: &enabled)
      try container.read(.maximum, into: &maximum)
    }

    /// The range is checked by the configuration that holds this one.
    public func validate() throws(ConfigurationError) {}
  }

  /// The slant of the letters.
  public struct Slant: Configuration {
    /// Whether it is corrected.
    public var enabled = false
    /// The strongest slant that is looked for, in degrees from upright.
    public var maximum: Float = 45

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case enabled, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.enabled, into: &enabled)
      try container.read(.maximum, into: &maximum)
    }

    /// The range is checked by the configuration that holds this one.
    public func validate() throws(ConfigurationError) {}
  }

  /// Margins around the ink.
  public struct Margins: Configuration {
    /// Whether they are set.
    public var enabled = false
    /// Pixels of the normalised image to the left and to the right of the ink.
    public var horizontal = 8
    /// Pixels of the normalised image above and below the ink.
    public var vertical = 2

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case enabled, horizontal, vertical }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.enabled, into: &enabled)
      try container.read(.horizontal, into: &horizontal)
      try container.read(.vertical, into: &vertical)
    }

    /// The ranges are checked by the configuration that holds this one.
    public func validate() throws(ConfigurationError) {}
  }
}

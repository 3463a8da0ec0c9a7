import Configuration

extension StrokeAugmentationConfiguration {
  /// Stretching that differs smoothly from place to place.
  public struct Warp: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The root mean square of the shifts in each direction, in core heights.
    public var amplitude: Float = 0.08
    /// The distance over which the shift turns to its opposite and back, in core heights.
    public var wavelength: Float = 2

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, amplitude, wavelength
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.amplitude, into: &amplitude)
      try container.read(.wavelength, into: &wavelength)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try requireStroke(probability, in: 0...1, "probability")
      try requireStroke(amplitude, in: 0...1, "amplitude")
      try requireStroke(wavelength, in: 0.1...100, "wavelength")
    }
  }

  /// Changes of the writing speed; the pauses between strokes stay.
  public struct Speed: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The smallest factor of the speed of a stroke.
    public var minimum: Float = 0.7
    /// The largest factor of the speed of a stroke.
    public var maximum: Float = 1.4

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
      try requireStroke(probability, in: 0...1, "probability")
      try requireStroke(minimum, in: 0.1...10, "minimum")
      try requireStroke(maximum, in: minimum...10, "maximum")
    }
  }

  /// What a tablet does to the points.
  public struct Sampling: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The part of the inner points of strokes that is lost.
    public var dropped: Float = 0.2
    /// The standard deviation of the shifts in each direction, in core heights.
    public var noise: Float = 0.01

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, dropped, noise }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.dropped, into: &dropped)
      try container.read(.noise, into: &noise)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try requireStroke(probability, in: 0...1, "probability")
      try requireStroke(dropped, in: 0...0.9, "dropped")
      try requireStroke(noise, in: 0...0.5, "noise")
    }
  }
}

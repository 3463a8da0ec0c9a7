import Configuration

/// How pen recordings are varied for training.
///
/// Every kind has a probability with which it is applied to a recording; all are 0 by default.
public struct StrokeAugmentationConfiguration: Configuration {
  /// The whole is turned.
  public var rotation = Rotation()
  /// The whole is sheared to the left or the right.
  public var slant = Slant()
  /// Width and height are scaled, each by its own factor.
  public var scale = Scale()
  /// The paper is stretched like rubber.
  public var warp = Warp()
  /// Each stroke is written faster or slower.
  public var speed = Speed()
  /// Points are lost or shaken, as by another tablet.
  public var sampling = Sampling()

  /// No augmentation.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case rotation, slant, scale, warp, speed, sampling
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.rotation, into: &rotation)
    try container.read(.slant, into: &slant)
    try container.read(.scale, into: &scale)
    try container.read(.warp, into: &warp)
    try container.read(.speed, into: &speed)
    try container.read(.sampling, into: &sampling)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try rotation.validate(under: "rotation")
    try slant.validate(under: "slant")
    try scale.validate(under: "scale")
    try warp.validate(under: "warp")
    try speed.validate(under: "speed")
    try sampling.validate(under: "sampling")
  }
}

extension StrokeAugmentationConfiguration {
  /// Turning.
  public struct Rotation: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The largest angle to either side, in degrees.
    public var maximum: Float = 5

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.maximum, into: &maximum)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try requireStroke(probability, in: 0...1, "probability")
      try requireStroke(maximum, in: 0...180, "maximum")
    }
  }

  /// Shearing.
  public struct Slant: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The largest shift to either side, in parts of the height.
    public var maximum: Float = 0.3

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, maximum }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.maximum, into: &maximum)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      try requireStroke(probability, in: 0...1, "probability")
      try requireStroke(maximum, in: 0...2, "maximum")
    }
  }

  /// Scaling.
  public struct Scale: Configuration {
    /// How likely a recording is changed, 0...1.
    public var probability: Float = 0
    /// The smallest factor.
    public var minimum: Float = 0.8
    /// The largest factor.
    public var maximum: Float = 1.25

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
}

func requireStroke(
  _ value: Float, in range: ClosedRange<Float>, _ key: String
) throws(ConfigurationError) {
  guard range.contains(value) else {
    throw .invalid(
      key: key, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
  }
}

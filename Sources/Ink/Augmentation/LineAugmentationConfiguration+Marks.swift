import Configuration

extension LineAugmentationConfiguration {
  /// Rotation about the middle of the line.
  public struct Rotation: Configuration {
    /// How likely an image is changed, 0...1.
    public var probability: Float = 0
    /// The least angle, in degrees clockwise.
    public var minimum: Float = -2
    /// The largest angle, in degrees clockwise.
    public var maximum: Float = 2
    /// How far the ends of the line may move up or down, as a part of the height; the angle of a long
    /// line is made smaller, so that its ends stay in the image.
    public var maximumEndShift: Float = 0.08

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, minimum, maximum, maximumEndShift
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.minimum, into: &minimum)
      try container.read(.maximum, into: &maximum)
      try container.read(.maximumEndShift, into: &maximumEndShift)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      typealias Line = LineAugmentationConfiguration
      try Line.check("rotation", probability: probability)
      try Line.check("rotation", ("minimum", minimum), ("maximum", maximum), in: -45...45)
      try Line.check("rotation", "maximumEndShift", maximumEndShift, in: 0...100)
    }
  }

  /// A smooth random field of displacements.
  public struct Elastic: Configuration {
    /// How likely an image is changed, 0...1.
    public var probability: Float = 0
    /// The least bound of the displacements, in pixels.
    public var minimum: Float = 1
    /// The largest bound; no point moves further in either direction.
    public var maximum: Float = 4
    /// The distance of the field's control points, in pixels: small values make letters shake,
    /// large ones make the line wave.
    public var spacing: Float = 20

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, minimum, maximum, spacing
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.minimum, into: &minimum)
      try container.read(.maximum, into: &maximum)
      try container.read(.spacing, into: &spacing)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      typealias Line = LineAugmentationConfiguration
      try Line.check("elastic", probability: probability)
      try Line.check("elastic", ("minimum", minimum), ("maximum", maximum), in: 0...50)
      try Line.check("elastic", "spacing", spacing, in: 4...1000)
    }
  }

  /// Strokes of the lines above and below that reach into the image.
  public struct Neighbours: Configuration {
    /// How likely each of the two edges is changed, 0...1.
    public var probability: Float = 0
    /// The highest strip of remains, as a part of the height.
    public var maximumHeight: Float = 0.2

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable { case probability, maximumHeight }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.maximumHeight, into: &maximumHeight)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      typealias Line = LineAugmentationConfiguration
      try Line.check("neighbours", probability: probability)
      try Line.check("neighbours", "maximumHeight", maximumHeight, in: 0...0.5)
    }
  }

  /// The lines of ruled or squared paper.
  public struct RuledLines: Configuration {
    /// How likely an image is changed, 0...1.
    public var probability: Float = 0
    /// How likely ruled paper is squared, 0...1.
    public var squared: Float = 0.25
    /// The least distance of two lines, as a part of the height.
    public var minimumSpacing: Float = 0.25
    /// The largest distance.
    public var maximumSpacing: Float = 1
    /// The thinnest line, in pixels.
    public var minimumThickness: Float = 0.7
    /// The thickest line, in pixels.
    public var maximumThickness: Float = 2
    /// The palest line, in grey levels below the paper.
    public var minimumDarkness: Float = 30
    /// The darkest line.
    public var maximumDarkness: Float = 160

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, squared, minimumSpacing, maximumSpacing, minimumThickness, maximumThickness
      case minimumDarkness, maximumDarkness
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.squared, into: &squared)
      try container.read(.minimumSpacing, into: &minimumSpacing)
      try container.read(.maximumSpacing, into: &maximumSpacing)
      try container.read(.minimumThickness, into: &minimumThickness)
      try container.read(.maximumThickness, into: &maximumThickness)
      try container.read(.minimumDarkness, into: &minimumDarkness)
      try container.read(.maximumDarkness, into: &maximumDarkness)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      typealias Line = LineAugmentationConfiguration
      let group = "ruledLines"
      try Line.check(group, probability: probability)
      try Line.check(group, "squared", squared, in: 0...1)
      try Line.check(
        group, ("minimumSpacing", minimumSpacing), ("maximumSpacing", maximumSpacing), in: 0.1...10)
      try Line.check(
        group, ("minimumThickness", minimumThickness), ("maximumThickness", maximumThickness),
        in: 0.1...20)
      try Line.check(
        group, ("minimumDarkness", minimumDarkness), ("maximumDarkness", maximumDarkness),
        in: 0...255)
    }
  }

  /// Ranges of columns painted over, so that a letter must be read from its surroundings.
  public struct Masks: Configuration {
    /// How likely an image is changed, 0...1.
    public var probability: Float = 0
    /// The largest number of masks.
    public var maximumCount = 4
    /// The widest mask, in columns.
    public var maximumWidth = 10
    /// The shade of a mask, 0 black to 255 white.
    public var shade = 255

    /// Off.
    public init() {}

    /// The keys of the configuration file.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case probability, maximumCount, maximumWidth, shade
    }

    /// Reads the keys that are present; the others keep their defaults.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.strict(CodingKeys.self)
      try container.read(.probability, into: &probability)
      try container.read(.maximumCount, into: &maximumCount)
      try container.read(.maximumWidth, into: &maximumWidth)
      try container.read(.shade, into: &shade)
    }

    /// Checks every value against its range.
    public func validate() throws(ConfigurationError) {
      typealias Line = LineAugmentationConfiguration
      try Line.check("masks", probability: probability)
      try Line.check("masks", "maximumCount", maximumCount, in: 1...1000)
      try Line.check("masks", "maximumWidth", maximumWidth, in: 1...10_000)
      try Line.check("masks", "shade", shade, in: 0...255)
    }
  }
}

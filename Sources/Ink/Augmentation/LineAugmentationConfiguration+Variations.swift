import Configuration
import Tensors

/// A quantity that is drawn evenly from a range: its name, its usual range and what is accepted.
public protocol LineVariation: Sendable {
  /// The key under which the range stands.
  static var key: String { get }
  /// The range when none is given.
  static var usual: ClosedRange<Float> { get }
  /// The smallest and the largest value accepted.
  static var limits: ClosedRange<Float> { get }
}

extension LineAugmentationConfiguration {
  /// How likely a quantity is changed, and between which bounds.
  public struct Variation<Kind: LineVariation>: Configuration {
    /// How likely an image is changed, 0...1.
    public var probability: Float = 0
    /// The least value.
    public var minimum = Kind.usual.lowerBound
    /// The largest value.
    public var maximum = Kind.usual.upperBound

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
      try LineAugmentationConfiguration.check(Kind.key, probability: probability)
      try LineAugmentationConfiguration.check(
        Kind.key, ("minimum", minimum), ("maximum", maximum), in: Kind.limits)
    }

    /// A value if the kind is applied this time.
    func draw(_ random: inout RandomSource) -> Float? {
      random.chance(probability) ? random.uniform(in: minimum...maximum) : nil
    }
  }

  /// Degrees by which uprights lean to the right.
  public enum Shear: LineVariation {
    /// The key in the configuration file.
    public static let key = "shear"
    /// Hands differ by more, but a line's own slant is part of it already.
    public static let usual: ClosedRange<Float> = -12...12
    /// Beyond that letters are no longer legible.
    public static let limits: ClosedRange<Float> = -60...60
  }

  /// A factor of the width.
  public enum HorizontalScale: LineVariation {
    /// The key in the configuration file.
    public static let key = "horizontalScale"
    /// A sixth narrower to a fifth wider.
    public static let usual: ClosedRange<Float> = 0.85...1.2
    /// A quarter to four times the width.
    public static let limits: ClosedRange<Float> = 0.25...4
  }

  /// A factor of the height of the writing in the image.
  public enum VerticalScale: LineVariation {
    /// The key in the configuration file.
    public static let key = "verticalScale"
    /// Little is added, because what leaves the image is lost.
    public static let usual: ClosedRange<Float> = 0.85...1.05
    /// A quarter to twice the height.
    public static let limits: ClosedRange<Float> = 0.25...2
  }

  /// A part of the height by which the line is moved down.
  public enum VerticalShift: LineVariation {
    /// The key in the configuration file.
    public static let key = "verticalShift"
    /// Three pixels of 64.
    public static let usual: ClosedRange<Float> = -0.05...0.05
    /// Half the height.
    public static let limits: ClosedRange<Float> = -0.5...0.5
  }

  /// Pixels added to each side of a stroke, or taken from it.
  public enum Thickness: LineVariation {
    /// The key in the configuration file.
    public static let key = "thickness"
    /// Thin strokes of two pixels survive the lower bound.
    public static let usual: ClosedRange<Float> = -0.5...0.8
    /// Three pixels on each side.
    public static let limits: ClosedRange<Float> = -3...3
  }

  /// The standard deviation of a Gaussian, in pixels.
  public enum Blur: LineVariation {
    /// The key in the configuration file.
    public static let key = "blur"
    /// A soft scan.
    public static let usual: ClosedRange<Float> = 0.3...1
    /// Five pixels hide every letter.
    public static let limits: ClosedRange<Float> = 0...5
  }

  /// A factor of the distance from white.
  public enum Contrast: LineVariation {
    /// The key in the configuration file.
    public static let key = "contrast"
    /// Pencil to ink.
    public static let usual: ClosedRange<Float> = 0.5...1.3
    /// Nearly nothing to saturated.
    public static let limits: ClosedRange<Float> = 0.05...10
  }

  /// Grey levels added to every pixel.
  public enum Brightness: LineVariation {
    /// The key in the configuration file.
    public static let key = "brightness"
    /// Greyish paper to overexposed.
    public static let usual: ClosedRange<Float> = -30...15
    /// Black to white.
    public static let limits: ClosedRange<Float> = -255...255
  }

  /// The standard deviation of Gaussian noise, in grey levels.
  public enum Noise: LineVariation {
    /// The key in the configuration file.
    public static let key = "noise"
    /// The grain of a camera.
    public static let usual: ClosedRange<Float> = 2...12
    /// Half the grey scale.
    public static let limits: ClosedRange<Float> = 0...128
  }

  /// A part of the pixels.
  public enum Speckle: LineVariation {
    /// The key in the configuration file.
    public static let key = "speckle"
    /// Up to four specks in a thousand pixels.
    public static let usual: ClosedRange<Float> = 0.0002...0.004
    /// Half of the pixels.
    public static let limits: ClosedRange<Float> = 0...0.5
  }
}

import Configuration

/// How training pictures are varied: small affine changes and elastic deformations (Simard, Steinkraus
/// and Platt 2003). Each amount is drawn anew for every picture and epoch, uniform within ± its value;
/// all are 0 by default.
public struct DistortionConfiguration: Configuration {
  /// The share of pictures that are changed.
  public var probability: Float = 1
  /// Rotation about the middle, in degrees.
  public var rotation: Float = 0
  /// Change of size, as a share; width and height each on its own.
  public var scale: Float = 0
  /// Slant, pixels to the side for each pixel up.
  public var shear: Float = 0
  /// Movement, in pixels.
  public var shift: Float = 0
  /// How far the points that an elastic deformation hangs on are moved, in pixels.
  public var elasticAmplitude: Float = 0
  /// How far apart these points are, in pixels; smoothing by a Gaussian of 0.58 times as much is much
  /// the same.
  public var elasticSpacing: Float = 7

  /// No distortion.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case probability, rotation, scale, shear, shift, elasticAmplitude, elasticSpacing
  }

  /// Reads the keys that are present.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.probability, into: &probability)
    try container.read(.rotation, into: &rotation)
    try container.read(.scale, into: &scale)
    try container.read(.shear, into: &shear)
    try container.read(.shift, into: &shift)
    try container.read(.elasticAmplitude, into: &elasticAmplitude)
    try container.read(.elasticSpacing, into: &elasticSpacing)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try require((0...1).contains(probability), "probability", probability, "0 to 1")
    try require((0...180).contains(rotation), "rotation", rotation, "0 to 180 degrees")
    try require(scale >= 0 && scale < 0.9, "scale", scale, "0 or more, below 0.9")
    try require((0...2).contains(shear), "shear", shear, "0 to 2")
    try require((0...1024).contains(shift), "shift", shift, "0 to 1024 pixels")
    try require(
      (0...100).contains(elasticAmplitude), "elasticAmplitude", elasticAmplitude,
      "0 to 100 pixels")
    try require(
      (2...1024).contains(elasticSpacing), "elasticSpacing", elasticSpacing, "2 to 1024 pixels")
  }
}

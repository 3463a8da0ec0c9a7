import Configuration

/// How training images of lines are varied, so that a network learns letters and not pages.
///
/// Every kind has a probability with which it is applied to an image; all are 0 by default. Lengths
/// are pixels of the normalised line and angles are degrees.
public struct LineAugmentationConfiguration: Configuration {
  /// Turned about the middle of the line.
  public var rotation = Rotation()
  /// Slanted: degrees by which uprights lean to the right.
  public var shear = Variation<Shear>()
  /// Wider or narrower.
  public var horizontalScale = Variation<HorizontalScale>()
  /// Taller or lower about the middle; the height of the image stays.
  public var verticalScale = Variation<VerticalScale>()
  /// Moved down, as a part of the height.
  public var verticalShift = Variation<VerticalShift>()
  /// Distorted smoothly (Simard et al. 2003).
  public var elastic = Elastic()
  /// Remains of the lines above and below.
  public var neighbours = Neighbours()
  /// Thicker (positive) or thinner (negative) strokes, in pixels on each side.
  public var thickness = Variation<Thickness>()
  /// Ruled paper.
  public var ruledLines = RuledLines()
  /// Blurred by a Gaussian of this standard deviation, in pixels.
  public var blur = Variation<Blur>()
  /// Stronger or paler ink: the factor of its distance from white.
  public var contrast = Variation<Contrast>()
  /// Lighter or darker altogether, in grey levels.
  public var brightness = Variation<Brightness>()
  /// Additive Gaussian noise of this standard deviation, in grey levels.
  public var noise = Variation<Noise>()
  /// Specks of ink and of paper, as a part of all pixels.
  public var speckle = Variation<Speckle>()
  /// Columns masked out.
  public var masks = Masks()

  /// No augmentation.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case rotation, shear, horizontalScale, verticalScale, verticalShift, elastic, neighbours
    case thickness, ruledLines, blur, contrast, brightness, noise, speckle, masks
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.rotation, into: &rotation)
    try container.read(.shear, into: &shear)
    try container.read(.horizontalScale, into: &horizontalScale)
    try container.read(.verticalScale, into: &verticalScale)
    try container.read(.verticalShift, into: &verticalShift)
    try container.read(.elastic, into: &elastic)
    try container.read(.neighbours, into: &neighbours)
    try container.read(.thickness, into: &thickness)
    try container.read(.ruledLines, into: &ruledLines)
    try container.read(.blur, into: &blur)
    try container.read(.contrast, into: &contrast)
    try container.read(.brightness, into: &brightness)
    try container.read(.noise, into: &noise)
    try container.read(.speckle, into: &speckle)
    try container.read(.masks, into: &masks)
  }

  /// Checks every value against its range.
  public func validate() throws(ConfigurationError) {
    try rotation.validate()
    try shear.validate()
    try horizontalScale.validate()
    try verticalScale.validate()
    try verticalShift.validate()
    try elastic.validate()
    try neighbours.validate()
    try thickness.validate()
    try ruledLines.validate()
    try blur.validate()
    try contrast.validate()
    try brightness.validate()
    try noise.validate()
    try speckle.validate()
    try masks.validate()
  }
}

extension LineAugmentationConfiguration {
  static func check(_ group: String, probability: Float) throws(ConfigurationError) {
    try check(group, "probability", probability, in: 0...1)
  }

  static func check<Value: Comparable>(
    _ group: String, _ name: String, _ value: Value, in range: ClosedRange<Value>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw .invalid(
        key: "\(group).\(name)", found: "\(value)",
        expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  static func check<Value: Comparable>(
    _ group: String, _ low: (name: String, value: Value), _ high: (name: String, value: Value),
    in range: ClosedRange<Value>
  ) throws(ConfigurationError) {
    try check(group, low.name, low.value, in: range)
    try check(group, high.name, high.value, in: range)
    guard low.value <= high.value else {
      throw .invalid(
        key: "\(group).\(low.name)", found: "\(low.value)",
        expected: "at most \(high.name), which is \(high.value)")
    }
  }
}

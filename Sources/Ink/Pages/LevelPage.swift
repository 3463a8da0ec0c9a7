/// A page made even, level and free of borders and rules, and its ink.
struct LevelPage {
  let image: GrayImage
  /// All ink, rules included.
  let ink: InkMask
  /// The ink of the writing.
  let writing: InkMask
  let rotation: Rotation
  let skew: Double

  /// A page with more ink than this part of its pixels is not writing.
  private static let largestDensity = 0.4

  /// A skew of fewer degrees is not worth the blur of turning.
  private static let leastSkew = 0.25

  /// nil if the image is too small for a line or has no writing.
  init?(_ original: GrayImage, _ configuration: PageConfiguration) {
    guard min(original.width, original.height) >= configuration.minimumLineHeight else {
      return nil
    }
    let dark = original.isLightOnDark ? original.inverted : original
    var even = Self.even(dark, configuration.background)
    if configuration.removeBorders { ScannerBorder.remove(from: &even) }
    let threshold = InkMask.threshold(of: even)
    var mask = InkMask(even, darkerThan: threshold)
    let density = mask.density
    guard density > 0, density <= Self.largestDensity else { return nil }
    let found = configuration.deskew ? mask.skew(maximum: configuration.maximumSkew) : 0
    skew = abs(found) >= Self.leastSkew ? found : 0
    rotation = Rotation(width: original.width, height: original.height, skew: skew)
    if skew != 0 {
      even = rotation(even)
      mask = InkMask(even, darkerThan: threshold)
    }
    (image, ink) = (even, mask)
    if configuration.removeRules { RuleRemover.remove(from: &mask) }
    writing = mask
  }

  private static func even(
    _ image: GrayImage, _ background: PageConfiguration.Background
  ) -> GrayImage {
    switch background {
    case .division: PaperBrightness(of: image).divided(image)
    case .sauvola: image.sauvola() ?? PaperBrightness(of: image).divided(image)
    case .none: image
    }
  }
}

/// Brings images of lines to the form that a ``LineNormalizationConfiguration`` describes.
///
/// The result is a function of the image and the configuration alone. It always has the configured
/// height and at least one column: an image without pixels becomes one column of paper, and an image
/// in which no ink can be told from paper is only scaled.
public struct LineNormalizer: Sendable {
  /// What is done.
  public let configuration: LineNormalizationConfiguration

  /// A normaliser.
  ///
  /// - Precondition: The configuration is valid.
  public init(_ configuration: LineNormalizationConfiguration) {
    do { try configuration.validate() } catch { preconditionFailure("LineNormalizer: \(error)") }
    self.configuration = configuration
  }

  /// The normalised image, dark on light.
  ///
  /// - Complexity: O(pixels), times the angles tried if slope or slant is corrected.
  public func callAsFunction(_ image: GrayImage) -> GrayImage {
    guard !image.pixels.isEmpty else { return GrayImage(width: 1, height: configuration.height) }
    var line = image
    if configuration.polarity == .auto, line.isLightOnDark {
      line = line.inverted
    }
    if configuration.background.enabled {
      let side = configuration.background.blockSize * Float(line.height)
      LineShades.divideBackground(&line, blockSize: max(8, Int(side)))
    }
    if configuration.contrast.enabled {
      LineShades.stretch(
        &line, ink: configuration.contrast.ink, paper: configuration.contrast.paper)
    }
    if configuration.slope.enabled {
      line = LineSlope.leveled(line, maximum: configuration.slope.maximum)
    }
    if configuration.slant.enabled {
      line = LineSlant.upright(line, maximum: configuration.slant.maximum)
    }
    if configuration.margins.enabled, let ink = LineMargins.ink(of: line) {
      return LineMargins.framed(line, ink, configuration)
    }
    return Self.scaled(line, toHeight: configuration.height, maximum: configuration.maximumWidth)
  }

  /// The image at a height, in its proportions unless it would be wider than `maximum`.
  static func scaled(_ image: GrayImage, toHeight height: Int, maximum: Int) -> GrayImage {
    let width = (Double(image.width) * Double(height) / Double(image.height)).rounded()
    return image.scaled(toWidth: max(1, Int(min(width, Double(maximum)))), height: height)
  }
}

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
  public func callAsFunction(_ image: GrayImage) -> GrayImage { placed(image).image }

  /// The normalised image, and where its columns came from.
  public func placed(_ image: GrayImage) -> (image: GrayImage, placement: LinePlacement) {
    guard !image.pixels.isEmpty else {
      return (GrayImage(width: 1, height: configuration.height), LinePlacement())
    }
    var line = evened(image)
    var left = 0.0
    if configuration.slope.enabled {
      line = LineSlope.leveled(line, maximum: configuration.slope.maximum)
    }
    if configuration.slant.enabled {
      let width = line.width
      line = LineSlant.upright(line, maximum: configuration.slant.maximum)
      // Room is added alike on both sides; the middle of the line keeps its place.
      left = Double(width - line.width) / 2
    }
    if configuration.margins.enabled, let ink = LineMargins.ink(of: line) {
      let framed = LineMargins.framed(line, ink, configuration)
      let inner = framed.width - 2 * configuration.margins.horizontal
      let scale = Double(ink.columns.count) / Double(max(1, inner))
      left += Double(ink.columns.lowerBound) - scale * Double(configuration.margins.horizontal)
      return (framed, LinePlacement(left: left, scale: scale))
    }
    let scaled = Self.scaled(
      line, toHeight: configuration.height, maximum: configuration.maximumWidth)
    return (
      scaled, LinePlacement(left: left, scale: Double(line.width) / Double(scaled.width))
    )
  }

  /// The image dark on light, on even paper, with the contrast that the configuration says.
  private func evened(_ image: GrayImage) -> GrayImage {
    var line = image
    if configuration.polarity == .auto, line.isLightOnDark { line = line.inverted }
    if configuration.background.enabled {
      let side = configuration.background.blockSize * Float(line.height)
      LineShades.divideBackground(&line, blockSize: max(8, Int(side)))
    }
    if configuration.contrast.enabled {
      LineShades.stretch(
        &line, ink: configuration.contrast.ink, paper: configuration.contrast.paper)
    }
    return line
  }

  /// The image at a height, in its proportions unless it would be wider than `maximum`.
  static func scaled(_ image: GrayImage, toHeight height: Int, maximum: Int) -> GrayImage {
    let width = (Double(image.width) * Double(height) / Double(image.height)).rounded()
    return image.scaled(toWidth: max(1, Int(min(width, Double(maximum)))), height: height)
  }
}

import Configuration
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Varies images of lines as a ``LineAugmentationConfiguration`` says.
///
/// Images are dark on white and already have the height that the network takes. Everything is drawn
/// from the random source that the caller gives, so the same source gives the same bytes. All changes
/// of geometry are composed and the image is resampled once.
public struct LineAugmenter: Sendable {
  /// What is done, and how likely.
  public let configuration: LineAugmentationConfiguration

  /// An augmenter.
  ///
  /// - Precondition: The configuration is valid.
  public init(_ configuration: LineAugmentationConfiguration) {
    do { try configuration.validate() } catch { preconditionFailure("LineAugmenter: \(error)") }
    self.configuration = configuration
  }

  /// A variant of the image, of the same height; its width changes with the horizontal scale and the
  /// shear. An image without pixels stays as it is.
  public func callAsFunction(_ image: GrayImage, random: inout RandomSource) -> GrayImage {
    guard !image.pixels.isEmpty else { return image }
    var result = warp(width: image.width, height: image.height, &random).map { $0(image) } ?? image
    for above in [true, false] where random.chance(configuration.neighbours.probability) {
      LineMarks.addNeighbour(
        &result, above: above, maximumHeight: configuration.neighbours.maximumHeight,
        random: &random)
    }
    if let amount = configuration.thickness.draw(&random) {
      LineFilters.thicken(&result, by: amount)
    }
    if random.chance(configuration.ruledLines.probability) {
      LineMarks.addRuledLines(&result, configuration.ruledLines, random: &random)
    }
    if let deviation = configuration.blur.draw(&random) {
      LineFilters.blur(&result, deviation: deviation)
    }
    changeTone(&result, &random)
    if let deviation = configuration.noise.draw(&random) {
      LineNoise.add(&result, deviation: deviation, random: &random)
    }
    if let part = configuration.speckle.draw(&random) {
      LineNoise.speckle(&result, part: part, random: &random)
    }
    if random.chance(configuration.masks.probability) {
      LineMarks.mask(&result, configuration.masks, random: &random)
    }
    return result
  }

  private func changeTone(_ image: inout GrayImage, _ random: inout RandomSource) {
    let contrast = configuration.contrast.draw(&random)
    let brightness = configuration.brightness.draw(&random)
    if contrast != nil || brightness != nil {
      LineFilters.tone(&image, contrast: contrast ?? 1, brightness: brightness ?? 0)
    }
  }

  /// The change of geometry drawn for an image of this size, if there is one.
  package func warp(width: Int, height: Int, _ random: inout RandomSource) -> LineWarp? {
    let angle = drawAngle(width: width, height: height, &random)
    let shear = configuration.shear.draw(&random)
    let wider = configuration.horizontalScale.draw(&random)
    let taller = configuration.verticalScale.draw(&random)
    let shift = configuration.verticalShift.draw(&random)
    let elastic = configuration.elastic
    let amplitude =
      random.chance(elastic.probability)
      ? random.uniform(in: elastic.minimum...elastic.maximum) : nil
    guard [angle, shear, wider, taller, shift, amplitude].contains(where: { $0 != nil }) else {
      return nil
    }
    let lean = tan((shear ?? 0) * .pi / 180)
    // Leaning uprights need room at both ends.
    let room = abs(lean) * Float(height)
    let outputWidth = max(1, Int((Float(width) * (wider ?? 1) + room).rounded()))
    let map = LineWarp.Map(
      angle: (angle ?? 0) * .pi / 180, lean: lean, scale: (wider ?? 1, taller ?? 1),
      shift: (shift ?? 0) * Float(height), from: (width, height), toWidth: outputWidth)
    let field = amplitude.map {
      DisplacementField(
        width: outputWidth, height: height, spacing: elastic.spacing, amplitude: $0,
        random: &random)
    }
    return LineWarp(map: map, width: outputWidth, displacement: field)
  }

  private func drawAngle(width: Int, height: Int, _ random: inout RandomSource) -> Float? {
    let rotation = configuration.rotation
    guard random.chance(rotation.probability) else { return nil }
    let angle = random.uniform(in: rotation.minimum...rotation.maximum)
    let steepest = atan(2 * rotation.maximumEndShift * Float(height) / Float(width)) * 180 / .pi
    return max(-steepest, min(steepest, angle))
  }
}

extension LineWarp.Map {
  /// The inverse of: scale, then lean, then turn about the middle of the image, then move down.
  ///
  /// - Parameters:
  ///   - angle: Radians, clockwise.
  ///   - lean: Pixels to the right per pixel upwards.
  ///   - shift: Pixels downwards.
  package init(
    angle: Float, lean: Float, scale: (x: Float, y: Float), shift: Float,
    from size: (width: Int, height: Int), toWidth: Int
  ) {
    let (sine, cosine) = (sin(angle), cos(angle))
    // Rotation undone, then x += lean · y (y runs downwards), then the scales.
    let (rx, ry) = ((cosine, sine), (-sine, cosine))
    (xx, xy) = ((rx.0 + lean * ry.0) / scale.x, (rx.1 + lean * ry.1) / scale.x)
    (yx, yy) = (ry.0 / scale.y, ry.1 / scale.y)
    let middle = (x: Float(toWidth - 1) / 2, y: Float(size.height - 1) / 2 + shift)
    x0 = Float(size.width - 1) / 2 - xx * middle.x - xy * middle.y
    y0 = Float(size.height - 1) / 2 - yx * middle.x - yy * middle.y
  }
}

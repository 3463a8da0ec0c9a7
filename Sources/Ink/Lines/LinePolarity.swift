/// Whether writing is dark on light or light on dark.
enum LinePolarity {
  /// Whether most pixels are nearer to the darkest than to the lightest ones: paper is what there is
  /// more of.
  static func isLightOnDark(_ image: GrayImage) -> Bool {
    let histogram = GrayHistogram(image)
    let (darkest, lightest) = (histogram.level(of: 0.002), histogram.level(of: 0.998))
    return 2 * histogram.level(of: 0.5) < darkest + lightest
  }

  /// The negative.
  static func inverted(_ image: GrayImage) -> GrayImage {
    GrayImage(width: image.width, height: image.height, pixels: image.pixels.map { 255 - $0 })
  }
}

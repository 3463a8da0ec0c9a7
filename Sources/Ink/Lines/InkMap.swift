/// Ink told from paper in a reduced copy of a line, in which angles are looked for.
package struct InkMap {
  /// The height that higher images are reduced to.
  static let height = 128

  let width: Int
  let height: Int
  /// 1 for ink, row after row.
  let ink: [UInt8]

  /// The ink of an image; nil if it has none or nothing but ink.
  package init?(_ image: GrayImage) {
    guard !image.pixels.isEmpty, LineMargins.hasInk(image) else { return nil }
    let small =
      image.height > Self.height
      ? LineNormalizer.scaled(image, toHeight: Self.height, maximum: .max) : image
    (width, height) = (small.width, small.height)
    let threshold = GrayHistogram(small).inkThreshold
    ink = small.pixels.map { Int($0) <= threshold ? 1 : 0 }
  }
}

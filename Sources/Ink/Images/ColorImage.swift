/// A picture in colour, for people: `height` rows of `width` pixels of red, green and blue.
public struct ColorImage: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row after row from the top; three bytes a pixel, encoded as sRGB.
  public var pixels: [UInt8]

  /// An image of these bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && pixels.count == 3 * width * height,
      "ColorImage: got \(pixels.count) bytes for \(width) × \(height) pixels of 3")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// The grey image in colours, to be drawn on.
  public init(_ image: GrayImage) {
    self.init(
      width: image.width, height: image.height, pixels: image.pixels.flatMap { [$0, $0, $0] })
  }
}

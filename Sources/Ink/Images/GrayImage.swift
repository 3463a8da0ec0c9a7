/// A grey picture: `height` rows of `width` bytes, 0 is black and 255 is white.
public struct GrayImage: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row after row from the top, each from the left.
  public var pixels: [UInt8]

  /// An image of these pixels.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && pixels.count == width * height,
      "GrayImage: got \(pixels.count) pixels for \(width) × \(height)")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// An image of one shade.
  public init(width: Int, height: Int, filledWith value: UInt8 = 255) {
    self.init(
      width: width, height: height, pixels: [UInt8](repeating: value, count: width * height))
  }

  /// The pixel in a column and a row.
  public subscript(x: Int, y: Int) -> UInt8 {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }
}

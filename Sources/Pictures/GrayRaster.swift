/// Grey pixels to be drawn: `height` rows of `width` bytes, 0 is black.
public struct GrayRaster: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row after row from the top.
  public let pixels: [UInt8]

  /// Pixels in rows.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "GrayRaster: got \(pixels.count) pixels for \(width) × \(height), expected at least one")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// The pixels as a surface, each `scale` times as wide and high.
  func surface(scale: Int) throws(PictureError) -> Surface {
    let surface = try Surface(width: width * scale, height: height * scale)
    try surface.withPixels { target, stride in
      for y in 0..<surface.height {
        for x in 0..<surface.width {
          let level = UInt32(pixels[y / scale * width + x / scale])
          target[y * stride + x] = 0xFF00_0000 | level << 16 | level << 8 | level
        }
      }
    }
    return surface
  }
}

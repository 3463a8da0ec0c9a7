/// How large an image may be; checked against the header before anything is allocated for it.
public struct ImageLimits: Sendable, Equatable {
  /// The most pixels in a row or in a column.
  public var side: Int
  /// The most pixels altogether.
  public var pixelCount: Int
  /// The most bytes of the file.
  public var byteCount: Int

  /// Limits that admit a page at 1,200 dpi and a strip 100,000 pixels long.
  public init(side: Int = 100_000, pixelCount: Int = 200_000_000, byteCount: Int = 1 << 30) {
    (self.side, self.pixelCount, self.byteCount) = (side, pixelCount, byteCount)
  }

  func check(width: Int, height: Int, file: String) throws(ImageError) {
    guard width > 0, height > 0 else {
      throw .zeroSized(file: file, width: width, height: height)
    }
    guard width <= side, height <= side else {
      throw .tooLarge(
        file: file, found: "\(width) × \(height) pixels", limit: "\(side) pixels a side")
    }
    guard width * height <= pixelCount else {
      throw .tooLarge(
        file: file, found: "\(width) × \(height) pixels", limit: "\(pixelCount) pixels in all")
    }
  }

  func check(byteCount found: Int, file: String) throws(ImageError) {
    guard found <= byteCount else {
      throw .tooLarge(file: file, found: "\(found) bytes", limit: "\(byteCount) bytes")
    }
  }
}

/// Where the columns of a normalised line lie in the image that it was made from.
///
/// Of a line whose slant was corrected it is the place at half the height.
public struct LinePlacement: Sendable, Equatable {
  /// Where the left edge of the normalised line lies, in pixels of the image.
  public var left: Double
  /// Pixels of the image for one column.
  public var scale: Double

  /// The places of an image that was left as it is, or moved and scaled.
  public init(left: Double = 0, scale: Double = 1) { (self.left, self.scale) = (left, scale) }

  /// The pixels from the left edge of the image for so many columns of the normalised line.
  public func original(_ column: Double) -> Double { left + scale * column }
}

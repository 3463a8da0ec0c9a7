import Configuration
import Tensors

/// A height and a width: of a kernel, of a stride, of a padding.
public struct Size2D: Configuration {
  /// Along the rows of an image; for speech the frequency.
  public var height = 1
  /// Along the columns of an image; for speech the time.
  public var width = 1

  /// 1 × 1.
  public init() {}

  /// This height and width.
  public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }

  /// The same height and width.
  public init(_ both: Int) { self.init(height: both, width: both) }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case height, width
  }

  /// Reads both; an absent one is 1.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.height, into: &height)
    try container.read(.width, into: &width)
  }

  /// Refuses negative sizes.
  public func validate() throws(ConfigurationError) {
    for (key, value) in [("height", height), ("width", width)] where value < 0 {
      throw .invalid(key: key, found: "\(value)", expected: "0 or more")
    }
  }
}

/// How the windows of a convolution or pooling lie on an image.
public struct ImageWindow: Sendable, Equatable {
  /// The extent of a window.
  public var kernelSize: Size2D
  /// The distance of two windows.
  public var stride: Size2D
  /// Rows and columns added on each side.
  public var padding: Size2D

  /// Windows of this size and distance, with so much padding on each side.
  public init(kernelSize: Size2D, stride: Size2D = Size2D(1), padding: Size2D = Size2D(0)) {
    (self.kernelSize, self.stride, self.padding) = (kernelSize, stride, padding)
    _ = (vertical, horizontal)
  }

  var vertical: WindowAxis {
    WindowAxis(kernel: kernelSize.height, stride: stride.height, padding: padding.height)
  }

  var horizontal: WindowAxis {
    WindowAxis(kernel: kernelSize.width, stride: stride.width, padding: padding.width)
  }

  /// The height of the result for images of this height.
  public func outputHeight(_ height: Int) -> Int { vertical.outputLength(height) }

  /// The width of the result for an image of this width; 0 where no window fits.
  public func outputLength(_ width: Int) -> Int { horizontal.outputLength(width) }

  func geometry(_ shape: Shape, widthLengths: [Int], of type: String) -> WindowGeometry {
    checkImages(shape, widthLengths: widthLengths, of: type)
    precondition(
      outputHeight(shape[2]) > 0,
      "\(type): images \(shape) are lower than the kernel, expected a height of "
        + "\(kernelSize.height - 2 * padding.height) or more")
    return WindowGeometry(
      vertical: vertical, horizontal: horizontal, shape: shape, widthLengths: widthLengths)
  }
}

/// Checks that there is one width per image and that none is wider than the batch.
func checkImages(_ shape: Shape, widthLengths: [Int], of type: String) {
  precondition(
    shape.rank == 4, "\(type): got \(shape), expected [batch, channel, height, width]")
  precondition(
    widthLengths.count == shape[0] && widthLengths.allSatisfy { 0...shape[3] ~= $0 },
    "\(type): got widthLengths \(widthLengths) for \(shape), expected \(shape[0]) of at most "
      + "\(shape[3])")
}

/// How windows lie along one axis of an image.
package struct WindowAxis: Sendable {
  package let kernel: Int
  package let stride: Int
  package let padding: Int

  package init(kernel: Int, stride: Int, padding: Int) {
    precondition(
      kernel > 0 && stride > 0 && padding >= 0,
      "WindowAxis: got kernel \(kernel), stride \(stride), padding \(padding)")
    (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
  }

  /// The number of windows over `length` elements; none where there are no elements.
  package func outputLength(_ length: Int) -> Int {
    let free = length + 2 * padding - kernel
    return length > 0 && free >= 0 ? free / stride + 1 : 0
  }

  /// The windows, of `count`, whose element `offset` lies within 0..<length.
  package func windows(seeing offset: Int, length: Int, count: Int) -> Range<Int> {
    let first = max(0, (padding - offset + stride - 1) / stride)
    let beyond = length + padding - offset
    let end = beyond <= 0 ? 0 : min(count, (beyond - 1) / stride + 1)
    return first..<max(first, end)
  }

  /// The elements of window `index` that lie within 0..<length.
  package func elements(ofWindow index: Int, length: Int) -> Range<Int> {
    let start = index * stride - padding
    let first = max(0, start)
    return first..<max(first, min(length, start + kernel))
  }
}

/// How windows lie on a batch of images `[batch, channel, height, width]` of different widths.
package struct WindowGeometry: Sendable {
  package let vertical: WindowAxis
  package let horizontal: WindowAxis
  package let batch: Int
  package let height: Int
  package let width: Int
  /// The width of each image; columns beyond it are padding.
  package let widthLengths: [Int]

  package init(
    vertical: WindowAxis, horizontal: WindowAxis, shape: Shape, widthLengths: [Int]
  ) {
    (self.vertical, self.horizontal) = (vertical, horizontal)
    (batch, height, width) = (shape[0], shape[2], shape[3])
    self.widthLengths = widthLengths
  }

  package var outputHeight: Int { vertical.outputLength(height) }
  package var outputWidth: Int { horizontal.outputLength(width) }
  package var outputLengths: [Int] { widthLengths.map(horizontal.outputLength) }
}

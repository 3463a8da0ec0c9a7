extension GrayImage {
  /// The image in another size.
  ///
  /// Along an axis that shrinks, each pixel is the mean of the area that it covers; along one that
  /// grows, pixels are interpolated linearly.
  ///
  /// - Precondition: The image has pixels, and the new size too.
  /// - Complexity: O(source pixels + new pixels · taps).
  public func scaled(toWidth newWidth: Int, height newHeight: Int) -> GrayImage {
    precondition(
      width > 0 && height > 0 && newWidth > 0 && newHeight > 0,
      "GrayImage.scaled: got \(width) × \(height) to \(newWidth) × \(newHeight), expected pixels")
    guard newWidth != width || newHeight != height else { return self }
    let (rows, columns) = (
      ScalingAxis(from: height, to: newHeight), ScalingAxis(from: width, to: newWidth)
    )
    var result = GrayImage(width: newWidth, height: newHeight)
    var line = [Float](repeating: 0, count: width)
    pixels.withUnsafeBufferPointer { source in
      result.pixels.withUnsafeMutableBufferPointer { target in
        line.withUnsafeMutableBufferPointer { line in
          for row in 0..<newHeight {
            gather(source, rows, row, into: line)
            columns.apply(
              UnsafeBufferPointer(line),
              to: UnsafeMutableBufferPointer(
                rebasing: target[row * newWidth..<(row + 1) * newWidth]))
          }
        }
      }
    }
    return result
  }

  /// The weighted sum of the rows that make up a new one.
  private func gather(
    _ source: UnsafeBufferPointer<UInt8>, _ axis: ScalingAxis, _ row: Int,
    into line: UnsafeMutableBufferPointer<Float>
  ) {
    line.update(repeating: 0)
    for tap in axis.taps(of: row) {
      let (start, weight) = ((axis.first[row] + tap - axis.offset[row]) * width, axis.weights[tap])
      for x in 0..<width { line[x] += weight * Float(source[start + x]) }
    }
  }
}

/// Which source pixels make up each new one along an axis, and their weights, which sum to 1.
private struct ScalingAxis {
  /// The first source pixel of each new one.
  private(set) var first: [Int] = []
  /// Where the weights of each new pixel start; one more for the end.
  private(set) var offset = [0]
  private(set) var weights: [Float] = []

  init(from source: Int, to target: Int) {
    let ratio = Double(source) / Double(target)
    for index in 0..<target {
      if target < source {
        let (start, end) = (Double(index) * ratio, Double(index + 1) * ratio)
        let last = min(source - 1, Int(end.rounded(.up)) - 1)
        first.append(Int(start))
        for pixel in Int(start)...last {
          let covered = min(end, Double(pixel + 1)) - max(start, Double(pixel))
          weights.append(Float(covered / ratio))
        }
      } else {
        let center = max(0, min(Double(source - 1), (Double(index) + 0.5) * ratio - 0.5))
        let left = min(Int(center), max(0, source - 2))
        first.append(left)
        let part = Float(center - Double(left))
        weights += source > 1 ? [1 - part, part] : [1]
      }
      offset.append(weights.count)
    }
  }

  func taps(of index: Int) -> Range<Int> { offset[index]..<offset[index + 1] }

  func apply(_ line: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<UInt8>) {
    for index in 0..<target.count {
      var sum: Float = 0
      let place = first[index] - offset[index]
      for tap in taps(of: index) { sum += weights[tap] * line[place + tap] }
      target[index] = UInt8(max(0, min(255, sum + 0.5)))
    }
  }
}

extension GrayImage {
  /// The image with light and dark exchanged.
  public var inverted: GrayImage {
    GrayImage(
      width: width, height: height,
      pixels: [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
        for index in pixels.indices { target[index] = 255 - pixels[index] }
        count = pixels.count
      })
  }

  /// Whether the writing is lighter than what it is written on.
  ///
  /// Strokes are few and thin: around them, most pixels are a little to the paper's side of the
  /// local mean and a few are far to the ink's. So the sign of the skewness of the differences to
  /// the local mean tells the side of the ink, whatever the shade of the paper. Uneven light
  /// vanishes with the mean, edges of a page and noise are as much dark as light. Where there is
  /// nothing to tell, as on an empty page, a dark image is taken for dark paper.
  public var isLightOnDark: Bool {
    guard !pixels.isEmpty else { return false }
    if let skewness = localSkewness, abs(skewness) > 0.1 { return skewness > 0 }
    return pixels.reduce(0) { $0 + Int($1) } < 128 * pixels.count
  }

  /// The skewness of the pixels' differences to the mean around them; nil if there are none.
  private var localSkewness: Double? {
    let radius = max(2, min(32, min(width, height) / 4))
    var window = MeanWindow(self, radius: radius)
    var (second, third) = (0.0, 0.0)
    for row in 0..<height {
      let (squares, cubes) = window.moments(row: row)
      second += squares
      third += cubes
    }
    let variance = second / Double(pixels.count)
    guard variance > 0.25 else { return nil }
    return third / Double(pixels.count) / (variance * variance.squareRoot())
  }
}

/// Sums of the columns around a row, from which the mean around every pixel of it follows.
private struct MeanWindow {
  private let image: GrayImage
  private let radius: Int
  private var columnSums: [Int32]
  private var top = 0
  private var bottom = 0

  init(_ image: GrayImage, radius: Int) {
    (self.image, self.radius) = (image, radius)
    columnSums = [Int32](repeating: 0, count: image.width)
  }

  /// The sums of the squares and cubes of the row's differences; rows come in order.
  mutating func moments(row: Int) -> (squares: Double, cubes: Double) {
    while bottom < min(image.height, row + radius + 1) {
      add(row: bottom, times: 1)
      bottom += 1
    }
    while top < row - radius {
      add(row: top, times: -1)
      top += 1
    }
    let (width, rows) = (image.width, bottom - top)
    return image.pixels.withUnsafeBufferPointer { pixels in
      columnSums.withUnsafeBufferPointer { sums in
        var (squares, cubes) = (0.0, 0.0)
        var sum = Int32(0)
        var (left, right) = (0, 0)
        for x in 0..<width {
          while right < min(width, x + radius + 1) {
            sum += sums[right]
            right += 1
          }
          while left < x - radius {
            sum -= sums[left]
            left += 1
          }
          let mean = Float(sum) / Float((right - left) * rows)
          let difference = Double(Float(pixels[row * width + x]) - mean)
          squares += difference * difference
          cubes += difference * difference * difference
        }
        return (squares, cubes)
      }
    }
  }

  private mutating func add(row: Int, times sign: Int32) {
    let width = image.width
    image.pixels.withUnsafeBufferPointer { pixels in
      columnSums.withUnsafeMutableBufferPointer { sums in
        for x in 0..<width { sums[x] &+= sign &* Int32(pixels[row * width + x]) }
      }
    }
  }
}

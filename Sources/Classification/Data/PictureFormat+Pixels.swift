import Ink

extension PictureFormat {
  /// Reads a picture file and brings it into the format.
  ///
  /// - Returns: `height` rows of `width` bytes, 255 for ink.
  public func pixels(reading path: String) throws(ClassificationError) -> [UInt8] {
    let image = try readingImages { () throws(ImageError) in try ImageFile.read(path) }
    return pixels(of: image)
  }

  /// Brings a picture into the format: `height` rows of `width` bytes, 255 for ink.
  public func pixels(of image: GrayImage) -> [UInt8] {
    let isLight =
      switch polarity {
      case .automatic: image.isLightOnDark
      case .darkInk: false
      case .lightInk: true
      }
    let ink = isLight ? image : image.inverted
    guard let inkBox, let box = InkBox(ink) else {
      return ink.scaled(toWidth: width, height: height).pixels
    }
    return box.placed(in: self, boxSize: inkBox)
  }
}

/// What is written in a picture, cut out.
private struct InkBox {
  private let ink: GrayImage

  /// The smallest part of a picture of light ink that holds the ink; nil if there is none.
  ///
  /// Ink is what is nearer to the strongest stroke than to the paper.
  init?(_ image: GrayImage) {
    let (paper, strongest) = Self.shades(image)
    guard strongest > paper + 32 else { return nil }
    let threshold = UInt8((Int(paper) + Int(strongest)) / 2)
    var (left, right, top, bottom) = (image.width, -1, image.height, -1)
    for y in 0..<image.height {
      for x in 0..<image.width where image.pixels[y * image.width + x] >= threshold {
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }
    // The soft edge of a stroke belongs to it.
    (left, top) = (max(0, left - 1), max(0, top - 1))
    (right, bottom) = (min(image.width - 1, right + 1), min(image.height - 1, bottom + 1))
    let range = Float(strongest) - Float(paper)
    var cut = GrayImage(width: right - left + 1, height: bottom - top + 1, filledWith: 0)
    for y in top...bottom {
      for x in left...right {
        let shade = (Float(image[x, y]) - Float(paper)) / range
        cut[x - left, y - top] = UInt8(max(0, min(255, shade * 255 + 0.5)))
      }
    }
    ink = cut
  }

  /// The median, which is the paper, and the shade of the strongest hundredth of the ink.
  private static func shades(_ image: GrayImage) -> (paper: UInt8, strongest: UInt8) {
    var counts = [Int](repeating: 0, count: 256)
    for pixel in image.pixels { counts[Int(pixel)] += 1 }
    func quantile(_ share: Double) -> UInt8 {
      var sum = 0
      let wanted = Int(share * Double(image.pixels.count))
      for (shade, count) in counts.enumerated() {
        sum += count
        if sum > wanted { return UInt8(shade) }
      }
      return 255
    }
    return (quantile(0.5), quantile(0.997))
  }

  /// Scales the longer side to `boxSize` and moves the centre of mass to the middle.
  func placed(in format: PictureFormat, boxSize: Int) -> [UInt8] {
    let scale = Double(boxSize) / Double(max(ink.width, ink.height))
    let width = max(1, Int((Double(ink.width) * scale).rounded()))
    let height = max(1, Int((Double(ink.height) * scale).rounded()))
    let small = ink.scaled(toWidth: width, height: height)
    var (mass, sumX, sumY) = (0.0, 0.0, 0.0)
    for y in 0..<height {
      for x in 0..<width {
        let value = Double(small[x, y])
        (mass, sumX, sumY) = (mass + value, sumX + value * Double(x), sumY + value * Double(y))
      }
    }
    let center = mass > 0 ? (sumX / mass, sumY / mass) : (Double(width) / 2, Double(height) / 2)
    let x0 = Int((Double(format.width) / 2 - 0.5 - center.0).rounded())
    let y0 = Int((Double(format.height) / 2 - 0.5 - center.1).rounded())
    var result = GrayImage(width: format.width, height: format.height, filledWith: 0)
    for y in max(0, -y0)..<max(max(0, -y0), min(height, format.height - y0)) {
      for x in max(0, -x0)..<max(max(0, -x0), min(width, format.width - x0)) {
        result[x + x0, y + y0] = small[x, y]
      }
    }
    return result.pixels
  }
}

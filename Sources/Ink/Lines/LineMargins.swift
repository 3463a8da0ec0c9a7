/// Where the ink of a line is, and the paper around it.
enum LineMargins {
  /// The part of an image that holds its ink.
  struct Frame: Equatable {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  /// Whether there is anything darker than the paper.
  static func hasInk(_ image: GrayImage) -> Bool {
    let histogram = GrayHistogram(image)
    guard let darkest = histogram.counts.firstIndex(where: { $0 > 0 }) else { return false }
    return histogram.level(of: 0.5) - darkest >= LineShades.leastContrast
  }

  /// The rows and columns from the first to the last one with ink; nil if there is none.
  static func ink(of image: GrayImage) -> Frame? {
    guard hasInk(image) else { return nil }
    let threshold = GrayHistogram(image).inkThreshold
    var (left, right, top, bottom) = (image.width, -1, image.height, -1)
    image.pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<image.height {
        for column in 0..<image.width where Int(pixels[row * image.width + column]) <= threshold {
          (left, right) = (min(left, column), max(right, column))
          (top, bottom) = (min(top, row), row)
        }
      }
    }
    guard left <= right else { return nil }
    return Frame(columns: left..<right + 1, rows: top..<bottom + 1)
  }

  /// The ink at the configured height with the configured margins around it.
  ///
  /// At least half of the rows are kept, so that a line of nothing but dots is not blown up.
  static func framed(
    _ image: GrayImage, _ ink: Frame, _ configuration: LineNormalizationConfiguration
  ) -> GrayImage {
    let margins = configuration.margins
    let wanted = max(ink.rows.count, (image.height + 1) / 2)
    let top = max(
      0, min(ink.rows.lowerBound - (wanted - ink.rows.count) / 2, image.height - wanted))
    let cut = Self.cut(image, columns: ink.columns, rows: top..<top + wanted)
    let inner = LineNormalizer.scaled(
      cut, toHeight: configuration.height - 2 * margins.vertical,
      maximum: max(1, configuration.maximumWidth - 2 * margins.horizontal))
    let paper = UInt8(clamping: GrayHistogram(image).level(of: 0.5))
    var result = GrayImage(
      width: inner.width + 2 * margins.horizontal, height: configuration.height,
      filledWith: paper)
    for row in 0..<inner.height {
      let start = (row + margins.vertical) * result.width + margins.horizontal
      result.pixels.replaceSubrange(
        start..<start + inner.width,
        with: inner.pixels[row * inner.width..<(row + 1) * inner.width])
    }
    return result
  }

  /// The image without rows above and below its ink, down to a height at the least.
  static func trimmed(_ image: GrayImage, toHeight height: Int) -> GrayImage {
    guard image.height > height, let ink = ink(of: image) else { return image }
    let excess = image.height - height
    var (above, below) = (ink.rows.lowerBound, image.height - ink.rows.upperBound)
    let spare = max(0, above + below - excess)
    // What may stay is left on both sides alike.
    let kept = min(above, max(spare / 2, spare - below))
    above -= kept
    below -= min(below, spare - kept)
    return cut(image, columns: 0..<image.width, rows: above..<image.height - below)
  }

  private static func cut(
    _ image: GrayImage, columns: Range<Int>, rows: Range<Int>
  ) -> GrayImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(columns.count * rows.count)
    for row in rows {
      let start = row * image.width
      pixels += image.pixels[start + columns.lowerBound..<start + columns.upperBound]
    }
    return GrayImage(width: columns.count, height: rows.count, pixels: pixels)
  }
}

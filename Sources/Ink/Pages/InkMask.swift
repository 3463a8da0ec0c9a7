/// A picture in black and white: 1 where there is ink, 0 where there is paper.
struct InkMask {
  let width: Int
  let height: Int
  var cells: [UInt8]

  /// Ink is what is darker than `threshold`.
  init(_ image: GrayImage, darkerThan threshold: UInt8) {
    (width, height) = (image.width, image.height)
    cells = image.pixels.map { $0 < threshold ? 1 : 0 }
  }

  /// Ink and paper told apart by the whole image's histogram: the threshold of Otsu 1979, kept
  /// between the shades that pen strokes and paper have on even paper.
  static func threshold(of image: GrayImage) -> UInt8 {
    var counts = [Double](repeating: 0, count: 256)
    image.pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        for value in pixels { counts[Int(value)] += 1 }
      }
    }
    let total = counts.reduce(0, +)
    let sum = counts.indices.reduce(0.0) { $0 + Double($1) * counts[$1] }
    var (best, threshold, below, sumBelow) = (0.0, 128, 0.0, 0.0)
    for value in 0..<255 {
      below += counts[value]
      sumBelow += Double(value) * counts[value]
      guard below > 0, below < total else { continue }
      let difference = sumBelow / below - (sum - sumBelow) / (total - below)
      let variance = below * (total - below) * difference * difference
      if variance > best { (best, threshold) = (variance, value + 1) }
    }
    return UInt8(min(max(threshold, 100), 200))
  }

  /// The part of all pixels that is ink.
  var density: Double {
    cells.isEmpty ? 0 : Double(cells.reduce(0) { $0 + Int($1) }) / Double(cells.count)
  }
}

import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nine geometric values of each column of a line, as Marti and Bunke 2001 chose them and Graves et
/// al. 2009 used them, each brought to about the range -1...1.
///
/// In order: the mean ink; the centre of gravity of the ink and its second moment; the places of the
/// upper and the lower contour; the slopes of the two; how often the column goes from paper to ink;
/// and how much of what lies between the contours is ink. Places run from -1 at the upper edge of the
/// image to 1 at the lower one, and the second moment is about the middle. A column without ink is
/// all zeros. Contours, transitions and the part of ink are those of the image parted by Otsu's
/// threshold, so that pale ink counts like black.
enum ColumnGeometry {
  /// Values per column.
  static let count = 9
  /// The mean ink of a written column is rarely above a quarter.
  static let inkScale: Float = 4
  /// Most written columns cross one or two strokes.
  static let transitionScale: Float = 0.5

  /// What one pass over the rows gathers for each column.
  private struct Columns {
    var mass, first, second: [Float]
    var upper, lower, inkCount, transitions: [Int32]

    init(count: Int) {
      mass = [Float](repeating: 0, count: count)
      (first, second) = (mass, mass)
      upper = [Int32](repeating: -1, count: count)
      lower = upper
      inkCount = [Int32](repeating: 0, count: count)
      transitions = inkCount
    }
  }

  /// The features, `[width, 9]`.
  static func features(of image: GrayImage) -> Tensor {
    let columns = gathered(image)
    let (width, height) = (image.width, Float(image.height))
    return Tensor(unsafeUninitialized: [width, count]) { output in
      for x in 0..<width {
        let values = UnsafeMutableBufferPointer(rebasing: output[x * count..<(x + 1) * count])
        let mass = columns.mass[x]
        values[0] = inkScale * mass / max(1, height)
        values[1] = mass > 0 ? columns.first[x] / mass : 0
        values[2] = mass > 0 ? columns.second[x] / mass : 0
        let (upper, lower) = (columns.upper[x], columns.lower[x])
        let hasInk = upper >= 0
        values[3] = hasInk ? place(Float(upper), height) : 0
        values[4] = hasInk ? place(Float(lower), height) : 0
        values[5] = slope(columns.upper, at: x)
        values[6] = slope(columns.lower, at: x)
        values[7] = transitionScale * Float(columns.transitions[x])
        values[8] = hasInk ? Float(columns.inkCount[x]) / Float(lower - upper + 1) : 0
      }
    }
  }

  private static func place(_ row: Float, _ height: Float) -> Float { (2 * row + 1) / height - 1 }

  /// The angle of a contour, -1 straight up to 1 straight down, over the columns beside this one.
  private static func slope(_ contour: [Int32], at x: Int) -> Float {
    guard contour[x] >= 0 else { return 0 }
    let left = x > 0 && contour[x - 1] >= 0 ? x - 1 : x
    let right = x + 1 < contour.count && contour[x + 1] >= 0 ? x + 1 : x
    guard left < right else { return 0 }
    return atan(Float(contour[right] - contour[left]) / Float(right - left)) * 2 / .pi
  }

  private static func gathered(_ image: GrayImage) -> Columns {
    let (width, height) = (image.width, image.height)
    var columns = Columns(count: width)
    let threshold = GrayHistogram(image).inkThreshold
    var above = [Bool](repeating: false, count: width)
    image.pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<height {
        let y = place(Float(row), Float(height))
        for x in 0..<width {
          let level = pixels[row * width + x]
          guard level < 255 else {
            above[x] = false
            continue
          }
          let ink = Float(255 - level) / 255
          columns.mass[x] += ink
          columns.first[x] += ink * y
          columns.second[x] += ink * y * y
          let isInk = Int(level) <= threshold
          if isInk {
            if columns.upper[x] < 0 { columns.upper[x] = Int32(row) }
            columns.lower[x] = Int32(row)
            columns.inkCount[x] += 1
            if !above[x] { columns.transitions[x] += 1 }
          }
          above[x] = isInk
        }
      }
    }
    return columns
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes a line of writing level.
package enum LineSlope {
  /// A slope is corrected if the rows become sharper by this factor at least.
  static let leastGain = 1.02

  /// The image sheared upright so that its line is level: what was added above and below is cut off
  /// again as far as it holds no ink.
  static func leveled(_ image: GrayImage, maximum: Float) -> GrayImage {
    guard let map = InkMap(image) else { return image }
    let slope = estimate(map, maximum: tan(maximum * .pi / 180))
    guard slope != 0 else { return image }
    let room = Int((abs(slope) * Float(image.width) / 2).rounded(.up))
    let middle = Float(image.width - 1) / 2
    let warp = LineWarp(
      map: .init(xx: 1, xy: 0, x0: 0, yx: slope, yy: 1, y0: -slope * middle - Float(room)),
      width: image.width, height: image.height + 2 * room)
    let paper = UInt8(clamping: GrayHistogram(image).level(of: 0.5))
    return LineMargins.trimmed(warp(image, paper: paper), toHeight: image.height)
  }

  /// The slope, pixels downwards per pixel to the right, along which the rows' ink is most unequal:
  /// the sum of its squares is largest. 0 if that is not clear.
  package static func estimate(_ map: InkMap, maximum: Float) -> Float {
    // A step moves the two ends against each other by one pixel; very long lines take larger ones.
    let step = max(1 / Float(max(map.width, 16)), maximum / 100)
    let count = Int(maximum / step)
    let sums = prefixSums(map)
    let level = sharpness(map, sums, slope: 0)
    var (best, slope) = (level, Float(0))
    // From small to large, so that the smaller of two equal slopes is taken.
    for index in 0..<2 * count {
      let candidate = Float(index / 2 + 1) * (index % 2 == 0 ? step : -step)
      let value = sharpness(map, sums, slope: candidate)
      if value > best { (best, slope) = (value, candidate) }
    }
    return Double(best) >= leastGain * Double(level) ? slope : 0
  }

  private static func prefixSums(_ map: InkMap) -> [Int32] {
    var sums = [Int32](repeating: 0, count: map.height * (map.width + 1))
    for row in 0..<map.height {
      var sum: Int32 = 0
      for column in 0..<map.width {
        sum += Int32(map.ink[row * map.width + column])
        sums[row * (map.width + 1) + column + 1] = sum
      }
    }
    return sums
  }

  private static func sharpness(_ map: InkMap, _ sums: [Int32], slope: Float) -> Int {
    let (width, height) = (map.width, map.height)
    let reach = Int(abs(slope) * Float(width) / 2) + 1
    var rows = [Int](repeating: 0, count: height + 2 * reach)
    func offset(_ column: Int) -> Int {
      Int((slope * (Float(column) - Float(width - 1) / 2)).rounded())
    }
    var start = 0
    sums.withUnsafeBufferPointer { sums in
      while start < width {
        let shift = offset(start)
        var end = start + 1
        while end < width, offset(end) == shift { end += 1 }
        for row in 0..<height {
          let base = row * (width + 1)
          rows[row - shift + reach] += Int(sums[base + end] - sums[base + start])
        }
        start = end
      }
    }
    return rows.reduce(0) { $0 + $1 * $1 }
  }
}

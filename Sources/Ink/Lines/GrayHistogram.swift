/// How many pixels of an image have each grey level.
struct GrayHistogram {
  /// Pixels of each level, 0...255.
  let counts: [Int]
  /// All pixels.
  let total: Int

  init(_ image: GrayImage) {
    var counts = [Int](repeating: 0, count: 256)
    counts.withUnsafeMutableBufferPointer { counts in
      for pixel in image.pixels { counts[Int(pixel)] &+= 1 }
    }
    self.counts = counts
    total = image.pixels.count
  }

  /// The lowest level that at least this part of the pixels, 0...1, does not exceed.
  func level(of part: Float) -> Int {
    let wanted = max(1, Double(part) * Double(total))
    var sum = 0
    for (level, count) in counts.enumerated() {
      sum += count
      if Double(sum) >= wanted { return level }
    }
    return 255
  }

  /// The highest level that counts as ink: Otsu's threshold (1979), the one that parts the levels
  /// into the two most distinct classes. Pixels lighter than a tenth of black never count.
  var inkThreshold: Int { min(otsu, 229) }

  private var otsu: Int {
    let whole = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
    var (best, threshold) = (0.0, 0)
    var (darkCount, darkSum) = (0.0, 0.0)
    for (level, count) in counts.enumerated() where count > 0 {
      darkCount += Double(count)
      darkSum += Double(level) * Double(count)
      let lightCount = Double(total) - darkCount
      guard lightCount > 0 else { break }
      let difference = darkSum / darkCount - (whole - darkSum) / lightCount
      let variance = darkCount * lightCount * difference * difference
      if variance > best { (best, threshold) = (variance, level) }
    }
    // One level alone is ink or paper by itself.
    return best > 0 ? threshold : 127
  }
}

import Tensors

/// Noise on an image.
package enum LineNoise {
  /// Adds noise of a standard deviation in grey levels.
  ///
  /// A value is the sum of four uniform bytes, which is close to a Gaussian up to two and a half
  /// standard deviations and costs half a random word.
  package static func add(_ image: inout GrayImage, deviation: Float, random: inout RandomSource) {
    // The variance of a uniform byte is (256² - 1) / 12, and the mean of four is 510.
    let scale = Int32((deviation * 65536 / (4 * Float(65535) / 12).squareRoot()).rounded())
    var source = random
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      var index = 0
      while index < pixels.count {
        let word = source.next()
        let pairs = (word & 0x00FF_00FF_00FF_00FF) &+ ((word &>> 8) & 0x00FF_00FF_00FF_00FF)
        let fours = pairs &+ (pairs &>> 16)
        pixels[index] = moved(pixels[index], Int32(fours & 0xFFFF), scale)
        if index + 1 < pixels.count {
          pixels[index + 1] = moved(pixels[index + 1], Int32((fours &>> 32) & 0xFFFF), scale)
        }
        index += 2
      }
    }
    random = source
  }

  @inline(__always)
  private static func moved(_ pixel: UInt8, _ sum: Int32, _ scale: Int32) -> UInt8 {
    let value = Int32(pixel) &+ (((sum &- 510) &* scale &+ 32768) &>> 16)
    return UInt8(truncatingIfNeeded: max(0, min(255, value)))
  }

  /// Sets single pixels, or two neighbours, to a shade of ink or of paper.
  ///
  /// - Parameter part: The part of the pixels that get a speck.
  package static func speckle(_ image: inout GrayImage, part: Float, random: inout RandomSource) {
    let count = Int((part * Float(image.pixels.count)).rounded())
    guard count > 0 else { return }
    let last = image.pixels.count - 1
    for _ in 0..<count {
      let (place, bits) = (random.integer(in: 0...last), random.next())
      let shade = UInt8(truncatingIfNeeded: bits & 127)
      let value = bits & 128 == 0 ? shade : 255 - shade
      image.pixels[place] = value
      if bits & 256 == 0, place < last { image.pixels[place + 1] = value }
    }
  }
}

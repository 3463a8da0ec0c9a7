#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Changes of the strokes and the shades of a line that leave its geometry alone.
package enum LineFilters {
  /// Thicker or thinner strokes: grey erosion or dilation by a cross of three pixels.
  ///
  /// - Parameter amount: Pixels on each side, positive for thicker; what is left after the whole
  ///   pixels is the weight with which the last step is blended in.
  package static func thicken(_ image: inout GrayImage, by amount: Float) {
    var left = abs(amount)
    while left > 0 {
      morph(&image, thicker: amount > 0, weight: Int32(min(1, left) * 256))
      left -= 1
    }
  }

  private static func morph(_ image: inout GrayImage, thicker: Bool, weight: Int32) {
    let (width, height) = (image.width, image.height)
    guard width > 0, height > 0 else { return }
    let source = image.pixels
    source.withUnsafeBufferPointer { source in
      image.pixels.withUnsafeMutableBufferPointer { output in
        guard let source = source.baseAddress, let output = output.baseAddress else { return }
        for row in 0..<height {
          let rows = (
            above: source + max(0, row - 1) * width, here: source + row * width,
            below: source + min(height - 1, row + 1) * width
          )
          morph(rows, output + row * width, width, flip: thicker ? 0 : 255, weight)
        }
      }
    }
  }

  private typealias Row = UnsafePointer<UInt8>

  /// Thickens a row; `flip` 255 thins it, because that is thickening of the negative.
  private static func morph(
    _ rows: (above: Row, here: Row, below: Row), _ output: UnsafeMutablePointer<UInt8>,
    _ width: Int, flip: UInt8, _ weight: Int32
  ) {
    let (above, here, below) = rows
    @inline(__always) func change(_ column: Int, _ left: Int, _ right: Int) {
      let sides = min(here[left] ^ flip, here[right] ^ flip)
      let upright = min(above[column] ^ flip, below[column] ^ flip)
      let least = min(min(sides, upright), here[column] ^ flip)
      output[column] = blend(here[column], least ^ flip, weight)
    }
    change(0, 0, min(1, width - 1))
    change(width - 1, max(0, width - 2), width - 1)
    guard width > 2 else { return }
    for column in 1..<width - 1 { change(column, column - 1, column + 1) }
  }

  @inline(__always)
  private static func blend(_ from: UInt8, _ to: UInt8, _ weight: Int32) -> UInt8 {
    let (a, b) = (Int32(from), Int32(to))
    return UInt8(truncatingIfNeeded: a &+ ((weight &* (b &- a) &+ 128) &>> 8))
  }

  /// A Gaussian of a standard deviation in pixels; the image goes on at its edges.
  package static func blur(_ image: inout GrayImage, deviation: Float) {
    let (width, height) = (image.width, image.height)
    let kernel = gaussian(deviation)
    guard kernel.count > 1, width > 0, height > 0 else { return }
    let radius = kernel.count / 2
    var padded = [UInt8](repeating: 255, count: width + 2 * radius)
    var sums = [UInt16](repeating: 0, count: width)
    let source = image.pixels
    image.pixels.withUnsafeMutableBufferPointer { output in
      source.withUnsafeBufferPointer { source in
        padded.withUnsafeMutableBufferPointer { padded in
          sums.withUnsafeMutableBufferPointer { sums in
            for row in 0..<height {
              accumulate(sums, kernel) { tap in
                (source, min(height - 1, max(0, row + tap - radius)) * width)
              }
              for column in 0..<width {
                padded[radius + column] = UInt8(truncatingIfNeeded: sums[column] &>> 8)
              }
              for column in 0..<radius {
                padded[column] = padded[radius]
                padded[radius + width + column] = padded[radius + width - 1]
              }
              accumulate(sums, kernel) { tap in (UnsafeBufferPointer(padded), tap) }
              for column in 0..<width {
                output[row * width + column] = UInt8(truncatingIfNeeded: sums[column] &>> 8)
              }
            }
          }
        }
      }
    }
  }

  /// Sums rows under the weights of a kernel; `place` says where the row of a tap starts.
  @inline(__always)
  private static func accumulate(
    _ sums: UnsafeMutableBufferPointer<UInt16>, _ kernel: [UInt16],
    _ place: (Int) -> (UnsafeBufferPointer<UInt8>, Int)
  ) {
    for column in 0..<sums.count { sums[column] = 128 }
    for (tap, weight) in kernel.enumerated() {
      let (base, offset) = place(tap)
      for column in 0..<sums.count {
        sums[column] &+= weight &* UInt16(truncatingIfNeeded: base[offset + column])
      }
    }
  }

  /// Weights that sum to 256, of an odd count.
  private static func gaussian(_ deviation: Float) -> [UInt16] {
    guard deviation > 0 else { return [256] }
    let radius = max(1, Int((2.5 * deviation).rounded(.up)))
    let raw = (-radius...radius).map { exp(-0.5 * Float($0 * $0) / (deviation * deviation)) }
    let scale = 256 / raw.reduce(0, +)
    var weights = raw.map { UInt16(($0 * scale).rounded()) }
    weights[radius] = 256 - (weights[0..<radius] + weights[(radius + 1)...]).reduce(0, +)
    return weights
  }

  /// Ink scaled in its distance from white, then everything moved by some grey levels.
  package static func tone(_ image: inout GrayImage, contrast: Float, brightness: Float) {
    let table = (0...255).map { level in
      UInt8(max(0, min(255, 255 - contrast * Float(255 - level) + brightness)).rounded())
    }
    table.withUnsafeBufferPointer { table in
      image.pixels.withUnsafeMutableBufferPointer { pixels in
        for index in pixels.indices { pixels[index] = table[Int(pixels[index])] }
      }
    }
  }
}

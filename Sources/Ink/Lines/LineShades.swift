/// The shades of a line: light on dark, uneven light, weak contrast.
enum LineShades {
  /// Below this difference of ink and paper, in grey levels, what there is may be noise.
  static let leastContrast = 24

  /// Stretches the shades so that the quantile `ink` becomes black and `paper` white.
  ///
  /// An image whose quantiles are closer than ``leastContrast`` stays as it is.
  static func stretch(_ image: inout GrayImage, ink: Float, paper: Float) {
    let histogram = GrayHistogram(image)
    let (black, white) = (histogram.level(of: ink), histogram.level(of: paper))
    guard white - black >= leastContrast else { return }
    let table = (0...255).map { level in
      UInt8(clamping: (255 * (level - black) + (white - black) / 2) / (white - black))
    }
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for index in pixels.indices { pixels[index] = table[Int(pixels[index])] }
    }
  }

  /// Divides by the light of the paper: the level that four fifths of a block's pixels do not exceed,
  /// averaged over neighbouring blocks and interpolated between their middles.
  static func divideBackground(_ image: inout GrayImage, blockSize: Int) {
    let (width, height) = (image.width, image.height)
    let light = BlockGrid(image, blockSize: blockSize)
    var row = [Float](repeating: 0, count: width)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<height {
        light.interpolate(row: y, into: &row)
        for x in 0..<width {
          let level = Float(pixels[y * width + x]) * 255 / max(1, row[x])
          pixels[y * width + x] = UInt8(min(255, level + 0.5))
        }
      }
    }
  }
}

/// The light of the paper in the blocks of an image.
private struct BlockGrid {
  private let columns: Int
  private let rows: Int
  private let blockWidth: Float
  private let blockHeight: Float
  private var levels: [Float] = []

  init(_ image: GrayImage, blockSize: Int) {
    columns = max(1, image.width / blockSize)
    rows = max(1, image.height / blockSize)
    blockWidth = Float(image.width) / Float(columns)
    blockHeight = Float(image.height) / Float(rows)
    var raw: [Float] = []
    for row in 0..<rows {
      let ys = Int(Float(row) * blockHeight)..<Int(Float(row + 1) * blockHeight)
      for column in 0..<columns {
        let xs = Int(Float(column) * blockWidth)..<Int(Float(column + 1) * blockWidth)
        raw.append(Self.light(of: image, xs, ys))
      }
    }
    levels = (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      let ys = max(0, row - 1)...min(rows - 1, row + 1)
      let xs = max(0, column - 1)...min(columns - 1, column + 1)
      let sum = ys.reduce(Float(0)) { sum, y in xs.reduce(sum) { $0 + raw[y * columns + $1] } }
      return sum / Float(ys.count * xs.count)
    }
  }

  private static func light(of image: GrayImage, _ xs: Range<Int>, _ ys: Range<Int>) -> Float {
    var counts = [Int](repeating: 0, count: 256)
    for y in ys {
      for x in xs { counts[Int(image.pixels[y * image.width + x])] += 1 }
    }
    var above = xs.count * ys.count / 5
    for level in stride(from: 255, through: 1, by: -1) {
      above -= counts[level]
      if above < 0 { return Float(level) }
    }
    return 0
  }

  func interpolate(row: Int, into line: inout [Float]) {
    let (top, below) = Self.place(row, blockHeight, rows)
    let next = min(top + 1, rows - 1)
    for x in line.indices {
      let (left, part) = Self.place(x, blockWidth, columns)
      let right = min(left + 1, columns - 1)
      let upper = levels[top * columns + left] * (1 - part) + levels[top * columns + right] * part
      let lower = levels[next * columns + left] * (1 - part) + levels[next * columns + right] * part
      line[x] = upper + below * (lower - upper)
    }
  }

  /// The block whose middle comes before a pixel, and the part of the way to the next one.
  private static func place(_ pixel: Int, _ size: Float, _ count: Int) -> (Int, Float) {
    let position = max(0, min(Float(count - 1), (Float(pixel) + 0.5) / size - 0.5))
    return (Int(position), position - Float(Int(position)))
  }
}

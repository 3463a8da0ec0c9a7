import Configuration
import Ink
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Geometry of line augmentation")
struct LineWarpTests {
  /// Where the ink of an image is: its amount, and its centre of gravity.
  static func ink(_ image: GrayImage) -> (amount: Double, x: Double, y: Double) {
    var (amount, x, y) = (0.0, 0.0, 0.0)
    for row in 0..<image.height {
      for column in 0..<image.width {
        let value = 255 - Double(image[column, row])
        amount += value
        x += value * Double(column)
        y += value * Double(row)
      }
    }
    return (amount, x / amount, y / amount)
  }

  /// A black square of 3 × 3 about a point.
  static func dot(_ x: Int, _ y: Int, width: Int = 101, height: Int = 61) -> GrayImage {
    var image = GrayImage(width: width, height: height)
    for row in y - 1...y + 1 { for column in x - 1...x + 1 { image[column, row] = 0 } }
    return image
  }

  static func map(
    angle: Float = 0, lean: Float = 0, scale: (x: Float, y: Float) = (1, 1), shift: Float = 0,
    toWidth: Int = 101
  ) -> LineWarp {
    let map = LineWarp.Map(
      angle: angle, lean: lean, scale: scale, shift: shift, from: (101, 61), toWidth: toWidth)
    return LineWarp(map: map, width: toWidth)
  }

  @Test("the identity changes nothing")
  func identity() {
    var random = RandomSource(seed: 1)
    let pixels = (0..<101 * 61).map { _ in UInt8(random.integer(in: 0...255)) }
    let image = GrayImage(width: 101, height: 61, pixels: pixels)
    #expect(Self.map()(image) == image)
  }

  @Test("a rotation moves a dot where trigonometry says", arguments: [-20, -3, 7, 30] as [Float])
  func rotation(degrees: Float) {
    let angle = degrees * .pi / 180
    let found = Self.ink(Self.map(angle: angle)(Self.dot(70, 25)))
    // 20 to the right of and 5 above the middle (50, 30); y runs downwards, so that is clockwise.
    let (sine, cosine) = (Double(sin(angle)), Double(cos(angle)))
    #expect(abs(found.x - (50 + cosine * 20 + sine * 5)) < 0.1)
    #expect(abs(found.y - (30 + sine * 20 - cosine * 5)) < 0.1)
    #expect(abs(found.amount - 9 * 255) < 0.04 * 9 * 255)
  }

  @Test("a lean moves what is above the middle to the right")
  func lean() {
    let found = Self.ink(Self.map(lean: 0.5)(Self.dot(50, 20)))
    #expect(abs(found.x - 55) < 0.02 && abs(found.y - 20) < 0.02)
    let below = Self.ink(Self.map(lean: 0.5)(Self.dot(50, 40)))
    #expect(abs(below.x - 45) < 0.02)
  }

  @Test("scales act about the middle, and width becomes that of the output")
  func scale() {
    let image = Self.map(scale: (2, 0.5), toWidth: 202)(Self.dot(70, 20))
    let found = Self.ink(image)
    #expect(image.width == 202 && image.height == 61)
    // 20 right of the old middle 50 is 40 right of the new one, 100.5; 10 above is 5 above.
    #expect(abs(found.x - 140.5) < 0.05 && abs(found.y - 25) < 0.3)
  }

  @Test("a shift moves down, and what comes in is white")
  func shift() {
    let shifted = Self.map(shift: 7)(GrayImage(width: 101, height: 61, filledWith: 0))
    #expect((0..<7).allSatisfy { row in (0..<101).allSatisfy { shifted[$0, row] == 255 } })
    #expect((7..<61).allSatisfy { row in (0..<101).allSatisfy { shifted[$0, row] == 0 } })
    let half = Self.map(shift: 0.5)(GrayImage(width: 101, height: 61, filledWith: 0))
    #expect((127...128).contains(half[50, 0]) && half[50, 1] == 0)
  }

  @Test("far outside the image all is white, whatever the map")
  func outside() {
    var far = Self.map().map
    (far.x0, far.y0) = (1e9, -1e9)
    let image = LineWarp(map: far, width: 40)(GrayImage(width: 101, height: 61, filledWith: 0))
    #expect(image == GrayImage(width: 40, height: 61))
  }

  @Test("a displacement field is smooth, bounded and alive")
  func field() {
    var random = RandomSource(seed: 5)
    let field = DisplacementField(
      width: 500, height: 64, spacing: 20, amplitude: 4, random: &random)
    var (x, y) = ([Float](repeating: 0, count: 500), [Float](repeating: 0, count: 500))
    var previous: [Float] = []
    var square: Float = 0
    for row in 0..<64 {
      for column in 0..<500 { (x[column], y[column]) = (0, 0) }
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          guard let x = x.baseAddress, let y = y.baseAddress else { return }
          field.add(row: row, toX: x, y: y, count: 500)
        }
      }
      #expect((x + y).allSatisfy { abs($0) <= 4 })
      #expect(zip(x, x.dropFirst()).allSatisfy { abs($0 - $1) < 0.4 })
      #expect(zip(x, previous).allSatisfy { abs($0 - $1) < 0.4 })
      square += x.reduce(0) { $0 + $1 * $1 } / 500
      previous = x
    }
    // Uniform points have a variance of 16/3; the spline keeps a quarter of it or less.
    #expect((0.5...2.0).contains(square / 64))
  }
}

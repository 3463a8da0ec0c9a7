#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A turn about the centre of an image into an image that holds all of it, and the way back.
struct Rotation: Sendable, Equatable {
  let width: Int
  let height: Int
  let originalWidth: Int
  let originalHeight: Int
  private let cosine: Double
  private let sine: Double
  private let center: PagePoint
  private let oldCenter: PagePoint

  /// The turn that makes rows level which fall to the right by `skew` degrees.
  init(width: Int, height: Int, skew: Double) {
    (cosine, sine) = (cos(skew * .pi / 180), sin(skew * .pi / 180))
    (originalWidth, originalHeight) = (width, height)
    let (w, h) = (Double(width), Double(height))
    self.width = skew == 0 ? width : Int((w * cosine + h * abs(sine)).rounded(.up))
    self.height = skew == 0 ? height : Int((w * abs(sine) + h * cosine).rounded(.up))
    center = PagePoint(x: Double(self.width) / 2, y: Double(self.height) / 2)
    oldCenter = PagePoint(x: w / 2, y: h / 2)
  }

  /// The place in the image as it was.
  func original(_ point: PagePoint) -> PagePoint {
    let (x, y) = (point.x - center.x, point.y - center.y)
    return PagePoint(
      x: oldCenter.x + x * cosine - y * sine, y: oldCenter.y + x * sine + y * cosine)
  }

  /// The turned image, with paper where there was nothing; between pixels it is bilinear.
  func callAsFunction(_ image: GrayImage) -> GrayImage {
    if sine == 0 { return image }
    var result = GrayImage(width: width, height: height)
    let (oldWidth, oldHeight) = (image.width, image.height)
    result.pixels.withUnsafeMutableBufferPointer { output in
      image.pixels.withUnsafeBufferPointer { input in
        for row in 0..<height {
          let start = original(PagePoint(x: 0.5, y: Double(row) + 0.5))
          for column in 0..<width {
            let x = start.x + Double(column) * cosine - 0.5
            let y = start.y + Double(column) * sine - 0.5
            guard x >= 0, y >= 0, x < Double(oldWidth - 1), y < Double(oldHeight - 1) else {
              continue
            }
            let (left, top) = (Int(x), Int(y))
            let (right, down) = (Float(x - Double(left)), Float(y - Double(top)))
            let at = top * oldWidth + left
            let (a, b) = (Float(input[at]), Float(input[at + 1]))
            let (c, d) = (Float(input[at + oldWidth]), Float(input[at + oldWidth + 1]))
            let (upper, lower) = (a + (b - a) * right, c + (d - c) * right)
            output[row * width + column] = UInt8(upper + (lower - upper) * down + 0.5)
          }
        }
      }
    }
    return result
  }
}

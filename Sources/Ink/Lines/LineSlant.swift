#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes leaning letters upright.
///
/// As Vinciarelli and Luettin 2001, the angle is the one under which the columns are fullest. The
/// measure here is the sum of the squares of the columns' ink: a ruled line adds the same to every
/// column at every angle, and so cannot change which angle wins.
package enum LineSlant {
  /// A slant is corrected if the columns become sharper by this factor at least.
  static let leastGain = 1.02

  /// The image sheared so that its letters are upright; it is wider by what leaned out.
  static func upright(_ image: GrayImage, maximum: Float) -> GrayImage {
    guard let map = InkMap(image) else { return image }
    let lean = estimate(map, maximum: maximum)
    guard lean != 0 else { return image }
    let room = Int((abs(lean) * Float(image.height) / 2).rounded(.up))
    let middle = Float(image.height - 1) / 2
    let warp = LineWarp(
      map: .init(xx: 1, xy: -lean, x0: lean * middle - Float(room), yx: 0, yy: 1, y0: 0),
      width: image.width + 2 * room)
    return warp(image, paper: UInt8(clamping: GrayHistogram(image).level(of: 0.5)))
  }

  /// The lean, pixels to the right per pixel upwards; 0 if it is not clear.
  ///
  /// Pixels make neighbouring angles nearly as good as the best one, so the middle of those is taken.
  ///
  /// - Parameter maximum: The largest angle, in degrees; angles are tried degree by degree.
  package static func estimate(_ map: InkMap, maximum: Float) -> Float {
    let reach = Int(maximum)
    let values = (-reach...reach).map { Double(sharpness(map, lean: lean(degrees: Float($0)))) }
    let best = values.max() ?? 0
    guard best >= leastGain * values[reach], let top = values.firstIndex(of: best) else { return 0 }
    let enough = best - 0.15 * (best - (values.min() ?? 0))
    var (first, last) = (top, top)
    while first > 0, values[first - 1] >= enough { first -= 1 }
    while last + 1 < values.count, values[last + 1] >= enough { last += 1 }
    return lean(degrees: Float(first + last) / 2 - Float(reach))
  }

  private static func lean(degrees: Float) -> Float { tan(degrees * .pi / 180) }

  private static func sharpness(_ map: InkMap, lean: Float) -> Int {
    let (width, height) = (map.width, map.height)
    let reach = Int(abs(lean) * Float(height) / 2) + 1
    var columns = [UInt16](repeating: 0, count: width + 2 * reach)
    map.ink.withUnsafeBufferPointer { ink in
      columns.withUnsafeMutableBufferPointer { columns in
        for row in 0..<height {
          let shift = Int((lean * (Float(height - 1) / 2 - Float(row))).rounded())
          let (start, base) = (reach - shift, row * width)
          for x in 0..<width { columns[start + x] &+= UInt16(ink[base + x]) }
        }
      }
    }
    return columns.reduce(0) { $0 + Int($1) * Int($1) }
  }
}

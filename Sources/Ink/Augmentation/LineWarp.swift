/// A change of an image's geometry: an affine map from output to source, and displacements.
package struct LineWarp {
  /// Where an output pixel's centre comes from: `x' = xx·x + xy·y + x0`, `y' = yx·x + yy·y + y0`.
  package struct Map: Equatable {
    package var xx, xy, x0: Float
    package var yx, yy, y0: Float

    package init(xx: Float, xy: Float, x0: Float, yx: Float, yy: Float, y0: Float) {
      (self.xx, self.xy, self.x0) = (xx, xy, x0)
      (self.yx, self.yy, self.y0) = (yx, yy, y0)
    }
  }

  /// From output to source, in pixels whose centres are whole numbers.
  package let map: Map
  /// The width of the output.
  package let width: Int
  /// The height of the output; nil for the source's.
  package let height: Int?
  /// Added to what the map gives, in pixels of the source.
  package let displacement: DisplacementField?

  package init(
    map: Map, width: Int, height: Int? = nil, displacement: DisplacementField? = nil
  ) {
    (self.map, self.width, self.height) = (map, width, height)
    self.displacement = displacement
  }

  /// The image after the change, sampled bilinearly once.
  ///
  /// - Parameter paper: The level of what lies outside the image.
  package func callAsFunction(_ image: GrayImage, paper: UInt8 = 255) -> GrayImage {
    let (height, outputWidth) = (height ?? image.height, width)
    guard !image.pixels.isEmpty else { return image }
    let source = Self.bordered(image, paper)
    var x = [Float](repeating: 0, count: outputWidth)
    var y = x
    let pixels = [UInt8](unsafeUninitializedCapacity: outputWidth * height) { output, count in
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          source.withUnsafeBufferPointer { source in
            guard let x = x.baseAddress, let y = y.baseAddress, let source = source.baseAddress,
              let output = output.baseAddress
            else { return }
            for row in 0..<height {
              locate(row: row, x, y)
              Self.sample(
                source, width: image.width, height: image.height, x, y, output + row * outputWidth,
                count: outputWidth)
            }
          }
        }
      }
      count = outputWidth * height
    }
    return GrayImage(width: outputWidth, height: height, pixels: pixels)
  }

  /// Fills in where the pixels of a row come from.
  private func locate(
    row: Int, _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let (x0, y0) = (map.xy * Float(row) + map.x0, map.yy * Float(row) + map.y0)
    for column in 0..<width {
      x[column] = map.xx * Float(column) + x0
      y[column] = map.yx * Float(column) + y0
    }
    displacement?.add(row: row, toX: x, y: y, count: width)
  }

  /// The image with a border of paper, one pixel left and above and two right and below, so that
  /// sampling need not ask where it is.
  private static func bordered(_ image: GrayImage, _ paper: UInt8) -> [UInt8] {
    let stride = image.width + 3
    var result = [UInt8](repeating: paper, count: stride * (image.height + 3))
    result.withUnsafeMutableBufferPointer { output in
      image.pixels.withUnsafeBufferPointer { source in
        guard let output = output.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<image.height {
          (output + (row + 1) * stride + 1).update(
            from: source + row * image.width, count: image.width)
        }
      }
    }
    return result
  }

  private static func sample(
    _ source: UnsafePointer<UInt8>, width: Int, height: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafePointer<Float>, _ output: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    let stride = width + 3
    // Fixed point with 8 bits after the point; the border is all paper, so clamping changes nothing.
    let (right, bottom) = (Float(width + 1), Float(height + 1))
    for column in 0..<count {
      let fixedX = Int32(max(0, min(right, x[column] + 1)) * 256 + 0.5)
      let fixedY = Int32(max(0, min(bottom, y[column] + 1)) * 256 + 0.5)
      let (partX, partY) = (fixedX & 255, fixedY & 255)
      let corner = source + (Int(fixedY >> 8) &* stride &+ Int(fixedX >> 8))
      let (a, b) = (Int32(corner[0]), Int32(corner[1]))
      let (c, d) = (Int32(corner[stride]), Int32(corner[stride + 1]))
      let upper = (a &<< 8) &+ partX &* (b &- a)
      let lower = (c &<< 8) &+ partX &* (d &- c)
      let value = ((upper &<< 8) &+ partY &* (lower &- upper) &+ 32768) &>> 16
      output[column] = UInt8(truncatingIfNeeded: value)
    }
  }
}

import Tensors

/// A smooth random field of displacements over an image, as in Simard, Steinkraus and Platt 2003.
///
/// Uniform random control points on a coarse grid are joined by cubic B-splines in both directions,
/// which is the smoothing that the paper does with a Gaussian, at a cost per pixel of one polynomial.
package struct DisplacementField {
  private let columns: Int
  private let spacing: Float
  /// Two planes, horizontal and vertical, of rows of control points.
  private let points: [Float]

  /// A field whose values stay within ±`amplitude` pixels.
  package init(
    width: Int, height: Int, spacing: Float, amplitude: Float, random: inout RandomSource
  ) {
    self.spacing = spacing
    columns = Int(Float(width) / spacing) + 4
    let rows = Int(Float(height) / spacing) + 4
    points = (0..<2 * rows * columns).map { _ in random.uniform(in: -amplitude...amplitude) }
  }

  /// Adds the displacements along one row to coordinates.
  package func add(
    row: Int, toX x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>, count: Int
  ) {
    let plane = points.count / 2
    points.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      add(base, row: row, to: x, count: count)
      add(base + plane, row: row, to: y, count: count)
    }
  }

  private func add(
    _ plane: UnsafePointer<Float>, row: Int, to output: UnsafeMutablePointer<Float>, count: Int
  ) {
    let position = Float(row) / spacing
    let weights = Self.weights(position - position.rounded(.down))
    let rows = plane + Int(position) * columns
    func blended(_ column: Int) -> Float {
      let upper = weights.0 * rows[column] + weights.1 * rows[columns + column]
      return upper + weights.2 * rows[2 * columns + column]
        + weights.3 * rows[3 * columns + column]
    }
    var (p0, p1, p2) = (blended(0), blended(1), blended(2))
    var start = 0
    for cell in 0..<columns - 3 where start < count {
      let p3 = blended(cell + 3)
      // The spline over this cell as a polynomial in the part of the cell passed.
      let a = (p0 + 4 * p1 + p2) / 6
      let b = (p2 - p0) / 2
      let c = (p0 - 2 * p1 + p2) / 2
      let d = (p3 - p0 + 3 * (p1 - p2)) / 6
      let end = min(count, Int((Float(cell + 1) * spacing).rounded(.up)))
      for column in start..<max(start, end) {
        let t = Float(column) / spacing - Float(cell)
        output[column] += a + t * (b + t * (c + t * d))
      }
      start = max(start, end)
      (p0, p1, p2) = (p1, p2, p3)
    }
  }

  private static func weights(_ t: Float) -> (Float, Float, Float, Float) {
    let s = 1 - t
    let (t2, s2) = (t * t, s * s)
    return (
      s2 * s / 6, (4 - 6 * t2 + 3 * t2 * t) / 6, (4 - 6 * s2 + 3 * s2 * s) / 6, t2 * t / 6
    )
  }
}

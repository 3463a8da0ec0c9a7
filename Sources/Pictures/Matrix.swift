/// Numbers over time, to be drawn as colours.
public struct Matrix: Sendable, Equatable {
  /// The numbers, `[frame, bin]` in row-major order.
  public let values: [Float]
  /// The number of frames.
  public let frameCount: Int
  /// The number of bins in each frame.
  public let binCount: Int

  /// A matrix of `frameCount` rows of `binCount` numbers.
  public init(values: [Float], frameCount: Int, binCount: Int) {
    precondition(
      frameCount > 0 && binCount > 0 && values.count == frameCount * binCount,
      "Matrix: \(values.count) values for \(frameCount) frames of \(binCount) bins, expected as many "
        + "values as frames × bins, and at least one")
    (self.values, self.frameCount, self.binCount) = (values, frameCount, binCount)
  }

  /// The matrix in another size: where it shrinks, the largest number of those that fall together;
  /// where it grows, repeated. Infinities and what is not a number count as −∞.
  package func pooled(frames: Int, bins: Int) -> Matrix {
    let rows = (0..<frames).map { Self.part($0, of: frames, in: frameCount) }
    let columns = (0..<bins).map { Self.part($0, of: bins, in: binCount) }
    var result = [Float](repeating: -.infinity, count: frames * bins)
    for (frame, row) in rows.enumerated() {
      for (bin, column) in columns.enumerated() {
        var largest = -Float.infinity
        for y in row {
          for x in column {
            let value = values[y * binCount + x]
            if value > largest, value < .infinity { largest = value }
          }
        }
        result[frame * bins + bin] = largest
      }
    }
    return Matrix(values: result, frameCount: frames, binCount: bins)
  }

  /// The part of `0..<count` that the `index`-th of `parts` parts stands for, never empty.
  static func part(_ index: Int, of parts: Int, in count: Int) -> Range<Int> {
    let start = index * count / parts
    return start..<max(start + 1, (index + 1) * count / parts)
  }

  /// The range between two quantiles of the finite values, which a few outliers do not stretch.
  func range(_ low: Double, _ high: Double) -> ClosedRange<Float> {
    let sorted = values.filter(\.isFinite).sorted()
    guard let last = sorted.last else { return 0...1 }
    let top = Double(sorted.count - 1)
    let (from, to) = (sorted[Int(low * top)], sorted[Int((high * top).rounded(.up))])
    if from < to { return from...to }
    return last > from ? from...last : from...max(from + 1, from.nextUp)
  }
}

import Tensors

/// Mean and standard deviation of each column of a training set.
public struct ColumnStatistics: Codable, Sendable, Equatable {
  /// The means.
  public let mean: [Float]
  /// The standard deviations of the population; 1 for a column that does not vary.
  public let deviation: [Float]

  /// Statistics that are known.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == deviation.count, "ColumnStatistics: \(mean.count) means, \(deviation.count)")
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// The statistics of rows of `columnCount` numbers, in two passes of double precision.
  public init(of values: [Float], columnCount: Int) {
    let rows = Double(max(1, values.count / columnCount))
    var sums = [Double](repeating: 0, count: columnCount)
    for (index, value) in values.enumerated() { sums[index % columnCount] += Double(value) }
    let mean = sums.map { $0 / rows }
    var squares = [Double](repeating: 0, count: columnCount)
    for (index, value) in values.enumerated() {
      let difference = Double(value) - mean[index % columnCount]
      squares[index % columnCount] += difference * difference
    }
    self.init(
      mean: mean.map { Float($0) },
      deviation: squares.map { square in
        let deviation = Float((square / rows).squareRoot())
        return deviation > 0 ? deviation : 1
      })
  }

  /// Subtracts the mean from each row of `[row, column]` and divides by the deviation.
  public func standardize(_ rows: inout Tensor) {
    map(&rows, { ($0 - $1) / $2 })
  }

  /// Undoes ``standardize(_:)``.
  public func restore(_ rows: inout Tensor) {
    map(&rows, { $0 * $2 + $1 })
  }

  private func map(_ rows: inout Tensor, _ body: (Float, Float, Float) -> Float) {
    let columns = mean.count
    precondition(
      rows.shape.rank == 2 && rows.shape[1] == columns,
      "ColumnStatistics: got \(rows.shape), expected [row, \(columns)]")
    let count = rows.shape[0]
    rows.withUnsafeMutableBufferPointer { values in
      for row in 0..<count {
        for column in 0..<columns {
          let index = row * columns + column
          values[index] = body(values[index], mean[column], deviation[column])
        }
      }
    }
  }
}

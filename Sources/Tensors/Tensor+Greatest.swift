import CKernels

/// One of the greatest elements of some rows of a matrix.
public struct GreatElement: Equatable, Sendable {
  /// Its row.
  public var row: Int
  /// Its column.
  public var column: Int
  /// The element and the offset of its row.
  public var value: Float

  /// An element with these properties.
  public init(row: Int, column: Int, value: Float) {
    (self.row, self.column, self.value) = (row, column, value)
  }
}

extension Tensor {
  /// The greatest elements of some rows of `[row, column]`, each row's with an offset of its own: the
  /// greatest first, of equals the earlier row and the lower column.
  ///
  /// NaN and minus infinity are never among them, so that there may be fewer than `count`.
  ///
  /// - Parameters:
  ///   - count: How many are wanted.
  ///   - offsets: Added to all elements of each of the rows.
  public func greatest(_ count: Int, rows: Range<Int>, offsets: [Float]) -> [GreatElement] {
    precondition(
      shape.rank == 2 && rows.lowerBound >= 0 && rows.upperBound <= shape[0]
        && offsets.count == rows.count && count >= 0,
      "Tensor.greatest: \(count) of rows \(rows) of \(shape) with \(offsets.count) offsets")
    guard count > 0, let find = Kernels.active.first_above else { return [] }
    let width = shape[1]
    var kept: [GreatElement] = []
    kept.reserveCapacity(count + 1)
    withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for (row, offset) in zip(rows, offsets) {
        let x = values + row * width
        var threshold = kept.count < count ? -Float.infinity : kept[count - 1].value
        var column = find(x, offset, threshold, 0, width)
        while column < width {
          let value = x[column] + offset
          let place = kept.firstIndex { value > $0.value } ?? kept.count
          kept.insert(GreatElement(row: row, column: column, value: value), at: place)
          if kept.count > count { kept.removeLast() }
          if kept.count == count { threshold = kept[count - 1].value }
          column = find(x, offset, threshold, column + 1, width)
        }
      }
    }
    return kept
  }
}

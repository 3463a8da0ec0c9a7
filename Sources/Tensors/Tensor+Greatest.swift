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

/// Which of the greatest elements of a matrix are wanted.
public struct GreatestRequest: Sendable {
  /// How many.
  public var count: Int
  /// The rows that they are looked for in.
  public var rows: Range<Int>
  /// Added to all elements of each of the rows.
  public var offsets: [Float]

  /// A request with these properties.
  public init(_ count: Int, rows: Range<Int>, offsets: [Float]) {
    precondition(
      count >= 0 && offsets.count == rows.count,
      "GreatestRequest: \(count) of rows \(rows) with \(offsets.count) offsets")
    (self.count, self.rows, self.offsets) = (count, rows, offsets)
  }

  /// Answers the request; see `Tensor.greatest`.
  fileprivate func answer(_ values: UnsafePointer<Float>, width: Int) -> [GreatElement] {
    guard count > 0, let find = Kernels.active.first_above else { return [] }
    var kept: [GreatElement] = []
    kept.reserveCapacity(count + 1)
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
    return kept
  }
}

extension Tensor {
  /// The greatest elements of some rows of `[row, column]`: the greatest first, of equals the earlier
  /// row and the lower column. Requests are answered in parallel.
  ///
  /// NaN and minus infinity are never among them, so that there may be fewer than are wanted.
  public func greatest(_ requests: [GreatestRequest]) -> [[GreatElement]] {
    check(requests)
    let span = Profile.open(.loss)
    defer { span.close() }
    let width = shape[1]
    return withUnsafeBufferPointer { x in
      let x = x.baseAddress!
      return inParallel(requests) { $0.answer(x, width: width) }
    }
  }

  /// Turns rows that no two requests share into their log-softmax, with minus infinity in some
  /// columns, and finds the greatest elements of that, while the rows are in the nearest cache.
  ///
  /// - Parameter excluded: The columns that are set to minus infinity, after the softmax.
  public mutating func greatestOfLogSoftmax(
    _ requests: [GreatestRequest], excluding excluded: Set<Int> = []
  ) -> [[GreatElement]] {
    check(requests)
    precondition(
      zip(requests, requests.dropFirst()).allSatisfy { $0.rows.upperBound <= $1.rows.lowerBound }
        && excluded.allSatisfy { 0..<shape[1] ~= $0 },
      "Tensor.greatestOfLogSoftmax: rows \(requests.map(\.rows)) must follow each other, columns "
        + "\(excluded) be in \(shape)")
    let span = Profile.open(.loss)
    defer { span.close() }
    let width = shape[1]
    let kernel = Kernels.active.log_softmax
    return withUnsafeMutableBufferPointer { x in
      let x = x.baseAddress!
      return inParallel(requests) { request in
        let start = x + request.rows.lowerBound * width
        kernel?(start, start, request.rows.count, width)
        for row in request.rows {
          for column in excluded { x[row * width + column] = -.infinity }
        }
        return request.answer(x, width: width)
      }
    }
  }

  private func check(_ requests: [GreatestRequest]) {
    precondition(
      shape.rank == 2
        && requests.allSatisfy { $0.rows.lowerBound >= 0 && $0.rows.upperBound <= shape[0] },
      "Tensor.greatest: rows \(requests.map(\.rows)) of \(shape)")
  }
}

private func inParallel(
  _ requests: [GreatestRequest], _ body: (GreatestRequest) -> [GreatElement]
) -> [[GreatElement]] {
  [[GreatElement]](unsafeUninitializedCapacity: requests.count) { found, count in
    count = requests.count
    guard let found = found.baseAddress else { return }
    WorkerPool.performRanges(requests.count) { range in
      for index in range { (found + index).initialize(to: body(requests[index])) }
    }
  }
}

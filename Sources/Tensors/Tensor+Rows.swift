import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384

extension Tensor {
  /// The listed rows of a matrix: `[row, column]` to `[rows.count, column]`.
  package func rowsGathered(_ rows: [Int]) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    let columns = shape.rowSize
    return Tensor(unsafeUninitialized: [rows.count, columns]) { out in
      withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let y = out.baseAddress else { return }
        let minimum = max(1, minimumPiece / max(1, columns))
        WorkerPool.performRanges(rows.count, minimum: minimum) { range in
          for index in range {
            (y + index * columns).update(from: x + rows[index] * columns, count: columns)
          }
        }
      }
    }
  }

  /// The gradient of a matrix of `count` rows whose rows `rows` were gathered, from theirs: row r is
  /// the sum of this tensor's rows i with `rows[i]` = r, in the order of i.
  ///
  /// Threads take columns, so no sum is split.
  ///
  /// - Parameter skipped: A row that stays zero.
  package func rowsScattered(_ rows: [Int], count: Int, skipping skipped: Int? = nil) -> Tensor {
    let span = Profile.open(.sums)
    defer { span.close() }
    let columns = shape.rowSize
    precondition(
      shape.rowCount == rows.count, "Tensor.rowsScattered: \(rows.count) rows for \(shape)")
    let kernel = Kernels.active.add
    return Tensor(unsafeUninitialized: [count, columns]) { out in
      withUnsafeBufferPointer { dy in
        guard let dy = dy.baseAddress, let sums = out.baseAddress else { return }
        let minimum = max(16, minimumPiece / max(1, rows.count + count))
        WorkerPool.performRanges(columns, minimum: minimum, multiple: 16) { range in
          for row in 0..<count {
            (sums + row * columns + range.lowerBound).update(repeating: 0, count: range.count)
          }
          for (index, row) in rows.enumerated() where row != skipped {
            let sum = sums + row * columns + range.lowerBound
            kernel?(sum, dy + index * columns + range.lowerBound, sum, range.count)
          }
        }
      }
    }
  }
}

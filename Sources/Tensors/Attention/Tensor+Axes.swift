import CKernels

extension Tensor {
  /// `[row, column]` as `[column, row]`.
  package func exchangingAxes() -> Tensor {
    precondition(shape.rank == 2, "exchangingAxes: got \(shape), expected two axes")
    let (rows, columns) = (shape[0], shape[1])
    return Tensor(unsafeUninitialized: [columns, rows]) { out in
      withUnsafeBufferPointer { x in
        Kernels.active.transpose(x.baseAddress, columns, out.baseAddress, rows, rows, columns)
      }
    }
  }

  /// `[time, batch, feature]` as `[batch, time, feature]` or the other way round; what lies beyond
  /// a row's length becomes zero.
  ///
  /// - Parameter lengths: Of the rows of the batch.
  package func exchangingOuterAxes(lengths: [Int], batchFirst: Bool = false) -> Tensor {
    let span = Profile.open(.copying)
    defer { span.close() }
    precondition(shape.rank == 3, "exchangingOuterAxes: got \(shape), expected three axes")
    let (outer, inner, size) = (shape[0], shape[1], shape[2])
    precondition(
      lengths.count == (batchFirst ? outer : inner),
      "exchangingOuterAxes: \(lengths.count) lengths for \(shape)")
    return Tensor(unsafeUninitialized: [inner, outer, size]) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(inner, minimum: max(1, 16_384 / max(1, outer * size))) { range in
          for i in range {
            for j in 0..<outer {
              let target = y + (i * outer + j) * size
              let isPadding = batchFirst ? i >= lengths[j] : j >= lengths[i]
              if isPadding {
                target.update(repeating: 0, count: size)
              } else {
                target.update(from: x + (j * inner + i) * size, count: size)
              }
            }
          }
        }
      }
    }
  }
}

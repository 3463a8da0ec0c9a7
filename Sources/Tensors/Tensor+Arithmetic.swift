import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384

extension Tensor {
  /// Applies a kernel y = f(x) to every element, over all threads.
  package func map(
    _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  ) -> Tensor {
    let span = Profile.open(.elementwise)
    defer { span.close() }
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(count, minimum: minimumPiece, multiple: 64) { range in
          kernel(x + range.lowerBound, y + range.lowerBound, range.count)
        }
      }
    }
  }

  /// Adds `scale` times another tensor of the same shape.
  public mutating func add(_ other: Tensor, scale: Float = 1) {
    let span = Profile.open(.elementwise)
    defer { span.close() }
    precondition(shape == other.shape, "Tensor.add: got \(other.shape), expected \(shape)")
    let add = Kernels.active.add_scaled
    let total = count
    withUnsafeMutableBufferPointer { y in
      other.withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, y.baseAddress!)
        WorkerPool.performRanges(total, minimum: minimumPiece, multiple: 64) { range in
          add?(x + range.lowerBound, y + range.lowerBound, scale, range.count)
        }
      }
    }
  }

  /// Multiplies every element.
  public mutating func scale(by factor: Float) {
    let span = Profile.open(.elementwise)
    defer { span.close() }
    let scale = Kernels.active.scale
    let total = count
    withUnsafeMutableBufferPointer { y in
      let y = y.baseAddress!
      WorkerPool.performRanges(total, minimum: minimumPiece, multiple: 64) { range in
        scale?(y + range.lowerBound, y + range.lowerBound, factor, range.count)
      }
    }
  }

  /// The sums over all axes but the last: `[.., column]` to `[column]`.
  ///
  /// Threads take columns, so no sum is split.
  public func columnSums() -> Tensor {
    let span = Profile.open(.sums)
    defer { span.close() }
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    let kernel = Kernels.active.column_sums
    return Tensor(unsafeUninitialized: [columns]) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        let minimum = max(16, minimumPiece / max(1, rows))
        WorkerPool.performRanges(columns, minimum: minimum, multiple: 16) { range in
          kernel?(x + range.lowerBound, y + range.lowerBound, rows, range.count, columns)
        }
      }
    }
  }

  /// 1 / (1 + e⁻ˣ) of every element.
  public func sigmoid() -> Tensor { map { Kernels.active.sigmoid($0, $1, $2) } }

  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { map { Kernels.active.tanh($0, $1, $2) } }
}

/// sums[c] = Σ_r x[r, c] · y[r, c]; threads take columns, so no sum is split.
package func columnDots(
  _ x: MatrixView, _ y: MatrixView, into sums: UnsafeMutablePointer<Float>
) {
  let span = Profile.open(.sums)
  defer { span.close() }
  let kernel = Kernels.active.column_dots
  let minimum = max(16, minimumPiece / max(1, x.rowCount))
  WorkerPool.performRanges(x.columnCount, minimum: minimum, multiple: 16) { range in
    kernel?(
      x.floats + range.lowerBound, x.rowStride, y.floats + range.lowerBound, y.rowStride,
      sums + range.lowerBound, x.rowCount, range.count)
  }
}

extension Tensor {
  /// The left half of every row plus the right half: `[.., 2n]` to `[.., n]`.
  package func halvesAdded() -> Tensor {
    let span = Profile.open(.elementwise)
    defer { span.close() }
    let (rows, half) = (shape.rowCount, shape.rowSize / 2)
    precondition(shape.rowSize == 2 * half, "halvesAdded: rows of \(shape.rowSize)")
    let kernel = Kernels.active.add
    return Tensor(unsafeUninitialized: Shape(shape.extents.dropLast() + [half])) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        WorkerPool.performRanges(rows, minimum: max(1, minimumPiece / max(1, half))) { range in
          for row in range {
            kernel?(x + row * 2 * half, x + row * 2 * half + half, y + row * half, half)
          }
        }
      }
    }
  }
}

import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384

extension Tensor {
  /// Applies a kernel y = f(x) to every element, over all threads.
  package func map(
    _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  ) -> Tensor {
    Tensor(unsafeUninitialized: shape) { out in
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

import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 4_096

extension Tensor {
  /// The logarithm of the softmax over the last axis: x - log Σ exp(x), without overflow.
  ///
  /// A row with NaN, plus infinity, or nothing but minus infinity gives NaN throughout.
  public func logSoftmax() -> Tensor {
    let span = Profile.open(.loss)
    defer { span.close() }
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    let kernel = Kernels.active.log_softmax
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        let (x, y) = (x.baseAddress!, out.baseAddress!)
        let minimum = max(1, minimumPiece / max(1, columns))
        WorkerPool.performRanges(rows, minimum: minimum) { range in
          let start = range.lowerBound * columns
          kernel?(x + start, y + start, range.count, columns)
        }
      }
    }
  }

  /// The gradient with respect to x, where this is `x.logSoftmax()` and `gradient` is its gradient:
  /// dy - softmax · Σ dy.
  package func logSoftmaxGradient(_ gradient: Tensor) -> Tensor {
    let span = Profile.open(.loss)
    defer { span.close() }
    precondition(
      gradient.shape == shape,
      "Tensor.logSoftmaxGradient: got \(gradient.shape), expected \(shape)")
    let (rows, columns) = (shape.rowCount, shape.rowSize)
    let kernel = Kernels.active.log_softmax_gradient
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { y in
        gradient.withUnsafeBufferPointer { dy in
          let (y, dy, dx) = (y.baseAddress!, dy.baseAddress!, out.baseAddress!)
          let minimum = max(1, minimumPiece / max(1, columns))
          WorkerPool.performRanges(rows, minimum: minimum) { range in
            let start = range.lowerBound * columns
            kernel?(y + start, dy + start, dx + start, range.count, columns)
          }
        }
      }
    }
  }
}

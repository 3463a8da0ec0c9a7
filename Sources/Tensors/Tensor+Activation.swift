import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384

extension Tensor {
  /// Combines two tensors of one shape element by element, over all threads.
  package func combined(
    with other: Tensor,
    _ kernel: (
      UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
    ) -> Void
  ) -> Tensor {
    let span = Profile.open(.elementwise)
    defer { span.close() }
    precondition(shape == other.shape, "Tensor.combined: got \(other.shape), expected \(shape)")
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        other.withUnsafeBufferPointer { y in
          let (x, y, z) = (x.baseAddress!, y.baseAddress!, out.baseAddress!)
          WorkerPool.performRanges(count, minimum: minimumPiece, multiple: 64) { range in
            let start = range.lowerBound
            kernel(x + start, y + start, z + start, range.count)
          }
        }
      }
    }
  }

  /// The product of every two elements at the same place.
  package func multipliedElementwise(by other: Tensor) -> Tensor {
    combined(with: other) { Kernels.active.multiply($0, $1, $2, $3) }
  }

  /// Every element within `low...high`, else the nearer bound; NaN stays.
  package func clipped(low: Float, high: Float) -> Tensor {
    map { Kernels.active.clip($0, $1, low, high, $2) }
  }

  /// Every positive element, and `slope` times the others.
  package func leakyRectified(slope: Float) -> Tensor {
    map { Kernels.active.leaky_relu($0, $1, slope, $2) }
  }

  /// With self the output of ``clipped(low:high:)``: the gradient where it lies inside the bounds.
  package func clippedPullback(_ gradient: Tensor, low: Float, high: Float) -> Tensor {
    combined(with: gradient) { Kernels.active.clip_gradient($0, $1, $2, low, high, $3) }
  }

  /// With self the output of ``leakyRectified(slope:)``: the gradient of its input.
  package func leakyRectifiedPullback(_ gradient: Tensor, slope: Float) -> Tensor {
    combined(with: gradient) { Kernels.active.leaky_relu_gradient($0, $1, $2, slope, $3) }
  }

  /// With self the output of ``sigmoid()``: the gradient of its input, dy · y (1 − y).
  package func sigmoidPullback(_ gradient: Tensor) -> Tensor {
    combined(with: gradient) { Kernels.active.sigmoid_gradient($0, $1, $2, $3) }
  }

  /// With self the output of ``tanh()``: the gradient of its input, dy · (1 − y²).
  package func tanhPullback(_ gradient: Tensor) -> Tensor {
    combined(with: gradient) { Kernels.active.tanh_gradient($0, $1, $2, $3) }
  }

  /// A mask whose elements are 0 with this probability and else 1 / (1 − probability).
  ///
  /// Each element is a hash of the key and its index, so threads may fill it in any order.
  package static func dropoutMask(_ shape: Shape, probability: Float, key: UInt64) -> Tensor {
    let span = Profile.open(.dropout)
    defer { span.close() }
    let threshold = UInt32(Double(probability) * 0x1p32)
    let kernel = Kernels.active.dropout_mask
    return Tensor(unsafeUninitialized: shape) { out in
      let mask = out.baseAddress!
      WorkerPool.performRanges(shape.count, minimum: minimumPiece / 4, multiple: 64) { range in
        let start = range.lowerBound
        kernel?(key, start, threshold, 1 / (1 - probability), mask + start, range.count)
      }
    }
  }
}

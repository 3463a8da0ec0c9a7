import CKernels

/// Columns of one piece of work: a few vectors, so that a window stays in the first-level cache.
private let columnPiece = 256

extension Tensor {
  /// Each frame of `[time, batch, feature]` becomes the weighted sum of itself and of the frames
  /// after it, y[t] = Σⱼ weight[j] · x[t + j], with the frames beyond a sequence's length as zeros.
  ///
  /// - Parameters:
  ///   - weight: `[tap, feature]`
  ///   - reversed: Sums over the frames before it instead: x[t − j].
  package func lookahead(weight: Tensor, frameLengths: [Int], reversed: Bool = false) -> Tensor {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let (time, batch, feature) = (shape[0], shape[1], shape[2])
    let (taps, stride) = (weight.shape[0], shape[1] * shape[2])
    let pieces = (feature + columnPiece - 1) / columnPiece
    let kernel = Kernels.active.lookahead
    return Tensor(unsafeUninitialized: shape) { out in
      withUnsafeBufferPointer { x in
        weight.withUnsafeBufferPointer { w in
          let (x, w, y) = (x.baseAddress!, w.baseAddress!, out.baseAddress!)
          WorkerPool.perform(batch * pieces) { piece in
            let (b, first) = (piece / pieces, piece % pieces * columnPiece)
            let last = min(feature, first + columnPiece)
            let length = frameLengths[b]
            if length > 0 {
              let start = b * feature + (reversed ? (length - 1) * stride : 0)
              kernel?(
                x + start, w, y + start, length, taps, feature, first, last,
                reversed ? -stride : stride)
            }
            for t in length..<time {
              (y + t * stride + b * feature + first).update(repeating: 0, count: last - first)
            }
          }
        }
      }
    }
  }

  /// With self the input of ``lookahead(weight:frameLengths:reversed:)``: the gradient of the
  /// weight `[tap, feature]`. Threads take columns, so no sum is split.
  package func lookaheadWeightGradient(
    _ gradient: Tensor, taps: Int, frameLengths: [Int]
  ) -> Tensor {
    let span = Profile.open(.convolution)
    defer { span.close() }
    let (batch, feature) = (shape[1], shape[2])
    let stride = batch * feature
    let kernel = Kernels.active.lookahead_weight_gradient
    var result = Tensor(zeros: [taps, feature])
    result.withUnsafeMutableBufferPointer { dw in
      withUnsafeBufferPointer { x in
        gradient.withUnsafeBufferPointer { dy in
          let (x, dy, dw) = (x.baseAddress!, dy.baseAddress!, dw.baseAddress!)
          WorkerPool.performRanges(feature, minimum: 16, multiple: 16) { range in
            for b in 0..<batch {
              kernel?(
                x + b * feature, dy + b * feature, dw, frameLengths[b], taps, feature,
                range.lowerBound, range.upperBound, stride)
            }
          }
        }
      }
    }
    return result
  }
}

import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384

/// The constants of a step of stochastic gradient descent.
package struct SGDConstants {
  fileprivate var step: scribe_sgd

  package init(gradientScale: Float, rate: Float, momentum: Float, decay: Float, nesterov: Bool) {
    step = scribe_sgd(
      gradient_scale: gradientScale, rate: rate, momentum: momentum, decay: decay,
      nesterov: nesterov ? 1 : 0)
  }
}

/// The constants of a step of Adam.
package struct AdamConstants {
  fileprivate var step: scribe_adam

  package init(
    gradientScale: Float, decay: Float, shrink: Float, rate: Float, firstShare: Float,
    beta2: Float, secondShare: Float, secondCorrection: Float, epsilon: Float
  ) {
    step = scribe_adam(
      gradient_scale: gradientScale, decay: decay, shrink: shrink, rate: rate,
      first_share: firstShare, beta2: beta2, second_share: secondShare,
      second_correction: secondCorrection, epsilon: epsilon)
  }
}

/// d = scale · g + decay · w; v = momentum · v + d; w -= rate · (nesterov ? d + momentum · v : v).
package func sgdStep(
  _ value: inout Tensor, gradient: Tensor, velocity: inout Tensor, _ constants: SGDConstants
) {
  checkShapes(value, gradient, velocity)
  let count = value.count
  let kernel = Kernels.active.sgd
  value.withUnsafeMutableBufferPointer { w in
    gradient.withUnsafeBufferPointer { g in
      velocity.withUnsafeMutableBufferPointer { v in
        let (w, g, v) = (w.baseAddress!, g.baseAddress!, v.baseAddress!)
        WorkerPool.performRanges(count, minimum: minimumPiece, multiple: 64) { range in
          var step = constants.step
          let start = range.lowerBound
          kernel?(&step, w + start, g + start, v + start, range.count)
        }
      }
    }
  }
}

/// One step of Adam; see `scribe_adam` for the formula.
package func adamStep(
  _ value: inout Tensor, gradient: Tensor, first: inout Tensor, second: inout Tensor,
  _ constants: AdamConstants
) {
  checkShapes(value, gradient, first)
  checkShapes(value, gradient, second)
  let count = value.count
  let kernel = Kernels.active.adam
  value.withUnsafeMutableBufferPointer { w in
    gradient.withUnsafeBufferPointer { g in
      first.withUnsafeMutableBufferPointer { m in
        second.withUnsafeMutableBufferPointer { s in
          let (w, g, m, s) = (w.baseAddress!, g.baseAddress!, m.baseAddress!, s.baseAddress!)
          WorkerPool.performRanges(count, minimum: minimumPiece, multiple: 64) { range in
            var step = constants.step
            let start = range.lowerBound
            kernel?(&step, w + start, g + start, m + start, s + start, range.count)
          }
        }
      }
    }
  }
}

private func checkShapes(_ value: Tensor, _ gradient: Tensor, _ state: Tensor) {
  precondition(
    gradient.shape == value.shape && state.shape == value.shape,
    "optimiser step: got gradient \(gradient.shape) and state \(state.shape) for \(value.shape)")
}

extension Tensor {
  /// Σ x² over several tensors in double precision; infinite or NaN if and only if an element is.
  ///
  /// Pieces of a fixed size are summed by threads, their sums in order, so the bits do not depend on
  /// the number of threads.
  package static func sumOfSquares(_ tensors: [Tensor]) -> Double {
    let pieces = tensors.indices.flatMap { index in
      stride(from: 0, to: tensors[index].count, by: minimumPiece).map { (index, $0) }
    }
    let kernel = Kernels.active.sum_squares
    var sums = [Double](repeating: 0, count: pieces.count)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums.baseAddress
      WorkerPool.perform(pieces.count) { piece in
        let (index, start) = pieces[piece]
        tensors[index].withUnsafeBufferPointer { x in
          let length = min(minimumPiece, x.count - start)
          if let base = x.baseAddress, let kernel { sums?[piece] = kernel(base + start, length) }
        }
      }
    }
    return sums.reduce(0, +)
  }
}

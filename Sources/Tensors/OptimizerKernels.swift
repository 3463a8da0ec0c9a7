import CKernels

/// The number of elements below which a second thread costs more than it brings.
private let minimumPiece = 16_384
/// The elements that one thread changes at a time.
private let optimizerPiece = 32_768

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

/// One step of an optimiser over any number of parameters, in one pass over all their elements.
///
/// Parameters are noted first and changed by ``run()``, so that small ones share the threads with
/// large ones and threads are woken once.
package struct OptimizerPass {
  private enum Rule {
    case sgd(scribe_sgd)
    case adam(scribe_adam)
  }

  private struct Entry {
    let rule: Rule
    let value: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let first: UnsafeMutablePointer<Float>
    let second: UnsafeMutablePointer<Float>
  }

  private var entries: [Entry] = []
  /// Entry and elements of each piece of work.
  private var pieces: [(entry: Int, range: Range<Int>)] = []
  /// What the pointers point into.
  private var kept: [Tensor] = []

  /// A pass over nothing.
  package init() {}

  /// Notes a step of stochastic gradient descent: d = scale · g + decay · w; v = momentum · v + d;
  /// w -= rate · (nesterov ? d + momentum · v : v).
  package mutating func add(
    _ value: inout Tensor, gradient: Tensor, velocity: inout Tensor, _ constants: SGDConstants
  ) {
    checkShapes(value, gradient, velocity)
    let place = velocity.withUnsafeMutableBufferPointer { $0.baseAddress! }
    note(.sgd(constants.step), &value, gradient, first: place, second: place)
    kept.append(velocity)
  }

  /// Notes a step of Adam; see `scribe_adam` for the formula.
  package mutating func add(
    _ value: inout Tensor, gradient: Tensor, first: inout Tensor, second: inout Tensor,
    _ constants: AdamConstants
  ) {
    checkShapes(value, gradient, first)
    checkShapes(value, gradient, second)
    note(
      .adam(constants.step), &value, gradient,
      first: first.withUnsafeMutableBufferPointer { $0.baseAddress! },
      second: second.withUnsafeMutableBufferPointer { $0.baseAddress! })
    kept += [first, second]
  }

  private mutating func note(
    _ rule: Rule, _ value: inout Tensor, _ gradient: Tensor,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) {
    let count = value.count
    for start in stride(from: 0, to: count, by: optimizerPiece) {
      pieces.append((entries.count, start..<min(count, start + optimizerPiece)))
    }
    entries.append(
      Entry(
        rule: rule, value: value.withUnsafeMutableBufferPointer { $0.baseAddress! },
        gradient: gradient.withUnsafeBufferPointer { $0.baseAddress! }, first: first,
        second: second))
    kept += [value, gradient]
  }

  /// Changes every value that was noted, and what is remembered of it.
  package consuming func run() {
    let (entries, pieces) = (entries, pieces)
    let total = pieces.reduce(0) { $0 + $1.range.count }
    if total <= minimumPiece {
      for piece in pieces { Self.step(entries[piece.entry], piece.range) }
    } else {
      WorkerPool.perform(pieces.count) { Self.step(entries[pieces[$0].entry], pieces[$0].range) }
    }
    withExtendedLifetime(kept) {}
  }

  private static func step(_ entry: Entry, _ range: Range<Int>) {
    let (start, kernels) = (range.lowerBound, Kernels.active)
    switch entry.rule {
    case .sgd(var step):
      kernels.sgd(
        &step, entry.value + start, entry.gradient + start, entry.first + start, range.count)
    case .adam(var step):
      kernels.adam(
        &step, entry.value + start, entry.gradient + start, entry.first + start,
        entry.second + start, range.count)
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

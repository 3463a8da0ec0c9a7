import CKernels

/// What the targets of a softmax cross-entropy ask for.
package struct CrossEntropyTargets {
  /// The label of each row; nil for a row that costs nothing.
  package let labels: [Int?]
  /// What of a row's cost is spread over all labels alike, 0...1.
  package let smoothing: Float
  /// What the cost of each label is multiplied with; nil for ones.
  package let weights: [Float]?

  package init(labels: [Int?], smoothing: Float, weights: [Float]?) {
    (self.labels, self.smoothing, self.weights) = (labels, smoothing, weights)
  }
}

/// The costs of rows of logits under a softmax cross-entropy, and their gradient.
///
/// A row is done by one thread from end to end, so the bits do not depend on the number of threads.
///
/// - Parameters:
///   - logits: `[.., label]`
///   - scale: What the gradient is multiplied by.
///   - gradient: Receives the gradient in the shape of the logits, zero for rows without a label
///     and for those whose cost is not finite; nil if it is not wanted.
/// - Returns: The cost of each row in nats.
package func crossEntropyCosts(
  logits: Tensor, targets: CrossEntropyTargets, scale: Float, gradient: inout Tensor?
) -> [Float] {
  let span = Profile.open(.loss)
  defer { span.close() }
  let rows = logits.shape.rowCount
  return [Float](unsafeUninitializedCapacity: rows) { costs, count in
    count = rows
    guard rows > 0 else { return }
    logits.withUnsafeBufferPointer { x in
      withOptionalBuffer(targets.weights) { weights in
        func run(_ gradient: UnsafeMutablePointer<Float>?) {
          CrossEntropyRows(
            logits: x.baseAddress!, columns: logits.shape.rowSize, targets: targets,
            weights: weights, scale: scale, gradient: gradient
          ).run(into: costs.baseAddress!)
        }
        if gradient != nil {
          gradient?.withUnsafeMutableBufferPointer { run($0.baseAddress) }
        } else {
          run(nil)
        }
      }
    }
  }
}

private func withOptionalBuffer(
  _ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void
) {
  guard let values else { return body(nil) }
  values.withUnsafeBufferPointer { body($0.baseAddress) }
}

private struct CrossEntropyRows {
  let logits: UnsafePointer<Float>
  let columns: Int
  let targets: CrossEntropyTargets
  let weights: UnsafePointer<Float>?
  let scale: Float
  let gradient: UnsafeMutablePointer<Float>?

  /// The number of elements below which a second thread costs more than it brings.
  private static let minimumPiece = 4_096

  func run(into costs: UnsafeMutablePointer<Float>) {
    var job = scribe_cross_entropy()
    job.columns = columns
    job.smoothing = targets.smoothing / Float(columns)
    job.weights = weights
    job.scale = scale
    let even = job.smoothing * (targets.weights?.reduce(0, +) ?? Float(columns))
    let rows = targets.labels.count
    let kernel = Kernels.active.cross_entropy
    WorkerPool.performRanges(rows, minimum: max(1, Self.minimumPiece / columns)) { range in
      var job = job
      for row in range {
        job.gradient = gradient.map { $0 + row * columns }
        guard let label = targets.labels[row] else {
          job.gradient?.update(repeating: 0, count: columns)
          costs[row] = 0
          continue
        }
        job.logits = logits + row * columns
        job.target = label
        job.target_share = (1 - targets.smoothing) * (targets.weights?[label] ?? 1)
        job.total = job.target_share + even
        costs[row] = kernel?(&job) ?? 0
      }
    }
  }
}

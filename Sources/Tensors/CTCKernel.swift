import CKernels

/// The costs of a batch under connectionist temporal classification, and their gradient.
///
/// One sequence is one piece of work, done by one thread from end to end, so the bits do not depend
/// on the number of threads.
///
/// - Parameters:
///   - logits: `[time, batch, label]`
///   - frameLengths: The frames of each sequence that count.
///   - targets: The labels of each sequence, in range and without the blank.
///   - scales: What the gradient of each sequence is multiplied by.
///   - gradient: Receives the gradient, `[time, batch, label]`, zero in padding and for sequences
///     whose cost is not finite; nil if it is not wanted.
/// - Returns: The costs in nats: infinite if no alignment is possible, NaN if a logit is.
package func ctcCosts(
  logits: Tensor, frameLengths: [Int], targets: [[Int]], blank: Int, scales: [Float],
  gradient: inout Tensor?
) -> [Double] {
  let span = Profile.open(.loss)
  defer { span.close() }
  let batch = logits.shape[1]
  var costs = [Double](repeating: 0, count: batch)
  logits.withUnsafeBufferPointer { x in
    costs.withUnsafeMutableBufferPointer { costs in
      func run(_ gradient: UnsafeMutablePointer<Float>?) {
        let work = CTCBatch(
          shape: logits.shape, logits: x.baseAddress!, gradient: gradient,
          costs: costs.baseAddress, blank: blank)
        WorkerPool.perform(batch) { item in
          work.run(
            item, frames: frameLengths[item], target: targets[item].map(Int32.init),
            scale: scales[item])
        }
      }
      if gradient != nil {
        gradient?.withUnsafeMutableBufferPointer { run($0.baseAddress) }
      } else {
        run(nil)
      }
    }
  }
  return costs
}

private struct CTCBatch {
  let shape: Shape
  let logits: UnsafePointer<Float>
  let gradient: UnsafeMutablePointer<Float>?
  let costs: UnsafeMutablePointer<Double>?
  let blank: Int

  func run(_ item: Int, frames: Int, target: [Int32], scale: Float) {
    let labels = shape[2]
    let kernels = Kernels.active
    let size = kernels.ctc_scratch(frames, target.count, labels)
    var scratch = Tensor(uninitialized: [size])
    scratch.withUnsafeMutableBufferPointer { scratch in
      target.withUnsafeBufferPointer { target in
        var job = scribe_ctc()
        job.logits = logits + item * labels
        job.frame_stride = shape[1] * labels
        job.frames = frames
        job.labels = labels
        job.targets = target.baseAddress
        job.target_count = target.count
        job.blank = Int32(blank)
        job.gradient = gradient.map { $0 + item * labels }
        job.padded_frames = shape[0]
        job.scale = scale
        costs?[item] = kernels.ctc(&job, scratch.baseAddress)
      }
    }
  }
}

import CKernels

/// The addresses that a pass of an attentive decoder works on, and the way forth of a slice of its
/// batch; see `AttentivePass` for what they are.
struct AttentiveRun {
  struct Sizes {
    let time: Int
    let batch: Int
    let hidden: Int
    /// Of the gates of a layer.
    let width: Int
    let query: Int
    let context: Int
    let output: Int
    /// Of the weights of all heads.
    let weights: Int

    var joined: Int { context + hidden }
  }

  let sizes: Sizes
  let lengths: UnsafePointer<Int32>
  /// One for each layer, the lowest first.
  var jobs: [scribe_recurrence] = []
  var attention: scribe_attention
  let joined: UnsafeMutablePointer<Float>
  let weights: UnsafeMutablePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let queries: UnsafeMutablePointer<Float>?

  /// The products of the inputs, to which those of the attentional states are added.
  var inputs: UnsafeMutablePointer<Float>?
  /// `[batch, width]`, what comes into a layer above the first.
  var products: UnsafeMutablePointer<Float>?
  /// Of the step before the first one.
  var startOutput: UnsafePointer<Float>?
  var startWeights: UnsafePointer<Float>?
  /// On the way back.
  var back: Back?

  /// The rows of a slice up to the last that takes part in a step.
  func active(_ t: Int, _ rows: Range<Int>) -> Range<Int> {
    guard t < sizes.time else { return rows.lowerBound..<rows.lowerBound }
    var end = rows.upperBound
    while end > rows.lowerBound, lengths[end - 1] <= t { end -= 1 }
    return rows.lowerBound..<end
  }

  /// Rows of one frame of a tensor `[time, batch, size]`.
  func view(
    _ base: UnsafePointer<Float>, _ t: Int, _ rows: Range<Int>, size: Int
  ) -> MatrixView {
    MatrixView(base + (t * sizes.batch + rows.lowerBound) * size, rows: rows.count, columns: size)
  }

  /// Takes a slice of the batch through all steps on this thread.
  func forward(_ step: AttentiveStep, _ rows: Range<Int>) {
    for t in 0..<sizes.time {
      let active = active(t, rows)
      feed(step, t, active)
      runLayers(step, t, rows, active)
      attend(step, t, rows, active)
      combine(step, t, rows, active)
    }
  }

  /// Adds the products of the attentional state of the step before.
  private func feed(_ step: AttentiveStep, _ t: Int, _ active: Range<Int>) {
    guard let feeding = step.feeding, let inputs else { return }
    let size = sizes.output
    let target = inputs + (t * sizes.batch + active.lowerBound) * sizes.width
    if t > 0 {
      feeding.multiply(
        view(output, t - 1, active, size: size), into: target, rowStride: sizes.width,
        accumulate: true)
    } else if let startOutput {
      feeding.multiply(
        view(startOutput, 0, active, size: size), into: target, rowStride: sizes.width,
        accumulate: true)
    }
  }

  private func runLayers(
    _ step: AttentiveStep, _ t: Int, _ rows: Range<Int>, _ active: Range<Int>
  ) {
    let kernel = step.kind.kernels.forward
    for (index, layer) in step.layers.enumerated() {
      var job = jobs[index]
      job.first_step = t
      job.last_step = t + 1
      job.input = UnsafePointer(inputs)
      if let input = layer.input, let products {
        input(
          view(jobs[index - 1].output, t, active, size: sizes.hidden),
          into: products + active.lowerBound * sizes.width, rowStride: sizes.width)
        job.input = UnsafePointer(products)
        job.input_frame = t
      }
      layer.recurrent.withOperand { operand in
        job.packed = operand.units
        job.column_scales = operand.scales
        job.column_offsets = operand.offsets
        kernel(&job, rows.lowerBound, rows.upperBound)
      }
    }
  }

  private func attend(
    _ step: AttentiveStep, _ t: Int, _ rows: Range<Int>, _ active: Range<Int>
  ) {
    if let query = step.query, let queries {
      query(
        view(top, t, active, size: sizes.hidden),
        into: queries + (t * sizes.batch + active.lowerBound) * sizes.query,
        rowStride: sizes.query)
    }
    var job = attentionJob(t)
    Kernels.active.attention_forward(&job, rows.lowerBound, rows.upperBound)
  }

  /// h of the topmost layer, `[time, batch, hidden]`.
  var top: UnsafeMutablePointer<Float> { jobs[jobs.count - 1].output }

  /// The attention of one step.
  func attentionJob(_ t: Int) -> scribe_attention {
    var job = attention
    let frame = t * sizes.batch
    job.step = t
    job.query = UnsafePointer(
      queries.map { $0 + frame * sizes.query } ?? top + frame * sizes.hidden)
    job.query_stride = queries == nil ? sizes.hidden : sizes.query
    job.weights = weights + frame * sizes.weights
    job.previous =
      t > 0 ? UnsafePointer(weights + (frame - sizes.batch) * sizes.weights) : startWeights
    job.context = joined + frame * sizes.joined
    job.context_stride = sizes.joined
    return job
  }

  /// a = tanh(W [context; h] + b), zero for rows that have ended.
  private func combine(
    _ step: AttentiveStep, _ t: Int, _ rows: Range<Int>, _ active: Range<Int>
  ) {
    let frame = t * sizes.batch
    for row in rows {
      (joined + (frame + row) * sizes.joined + sizes.context).update(
        from: top + (frame + row) * sizes.hidden, count: sizes.hidden)
    }
    let target = output + (frame + active.lowerBound) * sizes.output
    step.output(
      view(joined, t, active, size: sizes.joined), into: target, rowStride: sizes.output)
    Kernels.active.tanh(target, target, active.count * sizes.output)
    for row in rows where lengths[row] <= t {
      (output + (frame + row) * sizes.output).update(repeating: 0, count: sizes.output)
    }
  }
}

import CKernels

extension AttentiveRun {
  /// Where the way back reads from and writes to.
  struct Back {
    /// Of the attentional states, `[time, batch, outputSize]`.
    let gradient: UnsafePointer<Float>
    /// Of what tanh is applied to.
    let sums: UnsafeMutablePointer<Float>
    /// `[time, batch, V + hidden]`
    let joined: UnsafeMutablePointer<Float>
    /// `[time, batch, hidden]`, of one layer after the other.
    let states: UnsafeMutablePointer<Float>
    /// `[time, batch, D]` where queries are not h.
    let queries: UnsafeMutablePointer<Float>?
    /// `[time, batch, heads · source]`
    let scores: UnsafeMutablePointer<Float>
    let keys: UnsafeMutablePointer<Float>
    let values: UnsafeMutablePointer<Float>
    /// The gradients of the gates of each layer.
    let gates: [MatrixView]
  }

  /// Takes a slice of the batch back through all steps on this thread.
  func backward(_ step: AttentiveStep, _ weights: AttentiveStepBack, _ rows: Range<Int>) {
    guard let back else { return }
    for t in stride(from: sizes.time - 1, through: 0, by: -1) {
      let active = active(t, rows)
      combineBack(weights, back, t, rows, active)
      attendBack(weights, back, t, rows, active)
      layersBack(step, weights, back, t, rows, active)
    }
    memoryGradients(back, rows)
  }

  /// From the gradients of the attentional states to those of contexts and h.
  private func combineBack(
    _ weights: AttentiveStepBack, _ back: Back, _ t: Int, _ rows: Range<Int>,
    _ active: Range<Int>
  ) {
    let size = sizes.output
    let frame = t * sizes.batch
    for row in rows {
      let target = back.sums + (frame + row) * size
      if lengths[row] <= t {
        target.update(repeating: 0, count: size)
      } else {
        target.update(from: back.gradient + (frame + row) * size, count: size)
      }
    }
    let sums = back.sums + (frame + active.lowerBound) * size
    if let feeding = weights.feeding {
      let next = self.active(t + 1, rows)
      let first = (t + 1) * sizes.batch + next.lowerBound
      if !next.isEmpty {
        feeding.multiply(
          back.gates[0].rows(first..<first + next.count), into: sums, rowStride: size,
          accumulate: true)
      }
    }
    Kernels.active.tanh_gradient(
      output + (frame + active.lowerBound) * size, sums, sums, active.count * size)
    weights.output.multiply(
      view(back.sums, t, active, size: size),
      into: back.joined + (frame + active.lowerBound) * sizes.joined, rowStride: sizes.joined)
  }

  /// From the gradients of contexts to those of scores and queries, and on to h.
  private func attendBack(
    _ weights: AttentiveStepBack, _ back: Back, _ t: Int, _ rows: Range<Int>,
    _ active: Range<Int>
  ) {
    let frame = t * sizes.batch
    var job = attentionJob(t)
    job.context_gradient = UnsafePointer(back.joined + frame * sizes.joined)
    job.context_gradient_stride = sizes.joined
    job.score_gradient = back.scores + frame * sizes.weights
    job.query_gradient = back.queries.map { $0 + frame * sizes.query } ?? states(back, t)
    job.query_gradient_stride = back.queries == nil ? sizes.hidden : sizes.query
    Kernels.active.attention_backward(&job, rows.lowerBound, rows.upperBound)
    for row in active {
      let own = back.joined + (frame + row) * sizes.joined + sizes.context
      let target = states(back, t) + row * sizes.hidden
      if back.queries == nil {
        Kernels.active.add(target, own, target, sizes.hidden)
      } else {
        target.update(from: own, count: sizes.hidden)
      }
    }
    if let query = weights.query, let queries = back.queries {
      query.multiply(
        view(queries, t, active, size: sizes.query),
        into: states(back, t) + active.lowerBound * sizes.hidden, rowStride: sizes.hidden,
        accumulate: true)
    }
  }

  private func states(_ back: Back, _ t: Int) -> UnsafeMutablePointer<Float> {
    back.states + t * sizes.batch * sizes.hidden
  }

  private func layersBack(
    _ step: AttentiveStep, _ weights: AttentiveStepBack, _ back: Back, _ t: Int,
    _ rows: Range<Int>, _ active: Range<Int>
  ) {
    let kernel = step.kind.kernels.backward
    for index in jobs.indices.reversed() {
      var job = jobs[index]
      job.first_step = t
      job.last_step = t + 1
      job.output_gradient = UnsafePointer(back.states)
      job.output_gradient_stride = sizes.hidden
      weights.recurrent[index].withOperand {
        job.packed = $0.units
        kernel(&job, rows.lowerBound, rows.upperBound)
        if t == 0, job.initial != nil {
          Kernels.active.recurrence_start_gradient(
            &job, sizes.width, rows.lowerBound, rows.upperBound)
        }
      }
      guard index > 0 else { continue }
      let first = t * sizes.batch + active.lowerBound
      weights.inputs[index - 1].multiply(
        back.gates[index].rows(first..<first + active.count),
        into: states(back, t) + active.lowerBound * sizes.hidden, rowStride: sizes.hidden)
    }
  }

  /// The gradients of values, and of keys that dot products read, from all steps at once.
  private func memoryGradients(_ back: Back, _ rows: Range<Int>) {
    let (heads, source) = (attention.heads, attention.source)
    let (batch, width) = (sizes.batch, sizes.weights)
    for row in rows {
      let steps = Int(lengths[row])
      for head in 0..<heads {
        let offset = row * width + head * source
        let value = head * attention.value_size
        Kernels.active.attention_outer(
          weights + offset, batch * width, back.joined + row * sizes.joined + value,
          batch * sizes.joined, steps, back.values + row * source * sizes.context + value,
          sizes.context, source, attention.value_size, 0)
        guard attention.energy == nil else { continue }
        let key = head * attention.key_size
        let query = queries ?? top
        let querySize = queries == nil ? sizes.hidden : sizes.query
        Kernels.active.attention_outer(
          back.scores + offset, batch * width, query + row * querySize + key, batch * querySize,
          steps, back.keys + row * source * sizes.query + key, sizes.query, source,
          attention.key_size, 0)
      }
    }
  }
}

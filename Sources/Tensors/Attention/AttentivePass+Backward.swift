import CKernels

/// What the way back of an attentive decoder finds besides the gradients of its gates.
package struct AttentivePassGradients {
  /// Of what tanh is applied to, `[time, batch, outputSize]`.
  package let sums: Tensor
  /// `[time, batch, D]` where queries are not h.
  package let queries: Tensor?
  /// Of keys, values and scores.
  package let attention: AttentionGradients
  /// Of h and of the cells before the first step, `[batch, layers · hidden]`, where they were given.
  package let start: (states: Tensor, cells: Tensor?)?
}

extension AttentivePass {
  /// Turns the activations of every layer into the gradients of the products that come in, and finds
  /// those of all else.
  ///
  /// - Parameter gradient: That of the attentional states, `[time, batch, outputSize]`.
  package mutating func backward(_ gradient: Tensor, _ weights: AttentiveStepBack) {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    precondition(
      gradient.shape == output.shape,
      "AttentivePass: gradient of \(gradient.shape) for an output of \(output.shape)")
    var attention = AttentionGradients(memory, step.scores)
    var sums = Tensor(uninitialized: output.shape)
    var queryGradients = queries.map { Tensor(uninitialized: $0.shape) }
    for index in layers.indices {
      layers[index].prepare(
        batch: batch, hidden: step.hiddenSize, sums: step.hiddenSize, states: step.width)
    }
    if time > 0, batch > 0 {
      runBackward(gradient, weights, &attention, &sums, &queryGradients)
    } else {
      attention.values = Tensor(zeros: memory.values.shape)
    }
    gradients = AttentivePassGradients(
      sums: sums, queries: queryGradients, attention: attention, start: startGradients())
    for index in layers.indices { layers[index].finish() }
  }

  private mutating func runBackward(
    _ gradient: Tensor, _ weights: AttentiveStepBack, _ attention: inout AttentionGradients,
    _ sums: inout Tensor, _ queryGradients: inout Tensor?
  ) {
    var joinedGradient = Tensor(uninitialized: joined.shape)
    var stateGradient = Tensor(uninitialized: [time, batch, step.hiddenSize])
    var scoreGradient = Tensor(uninitialized: self.weights.shape)
    let lengths = self.lengths.map(Int32.init)
    let counts = memory.lengths.map(Int32.init)
    lengths.withUnsafeBufferPointer { lengths in
      counts.withUnsafeBufferPointer { counts in
        var run = self.run(lengths, counts)
        attention.fill(&run.attention)
        for index in layers.indices {
          run.jobs.append(job(index, lengths, sums: step.hiddenSize, states: step.width))
          run.jobs[index].last_step = time
        }
        run.back = AttentiveRun.Back(
          gradient: gradient.address, sums: sums.mutableAddress,
          joined: joinedGradient.mutableAddress, states: stateGradient.mutableAddress,
          queries: queryGradients?.mutableAddress, scores: scoreGradient.mutableAddress,
          keys: attention.keys.mutableAddress, values: attention.values.mutableAddress,
          gates: layers.map { $0.gates.withView { $0 } })
        let slices = SliceGrid(directions: 1, batch: batch)
        WorkerPool.perform(slices.count) { run.backward(step, weights, slices[$0].rows) }
      }
    }
    withExtendedLifetime((gradient, weights, joinedGradient, stateGradient, scoreGradient)) {}
    withExtendedLifetime((attention, sums, queryGradients, self)) {}
  }

  /// What is left of h and cells after the first step, from the scratch space of the layers.
  private func startGradients() -> (states: Tensor, cells: Tensor?)? {
    guard !initial.isEmpty else { return nil }
    let hidden = step.hiddenSize
    let stride = RecurrenceDirection.stride(hidden)
    let width = layers.count * hidden
    var (states, cells) = (Tensor(zeros: [batch, width]), Tensor(zeros: [batch, width]))
    guard time > 0 else { return (states, step.kind == .lstm ? cells : nil) }
    for (index, layer) in layers.enumerated() {
      states.fill(column: index * hidden, count: hidden, from: layer.sums, stride: stride)
      cells.fill(column: index * hidden, count: hidden, from: layer.carried, stride: hidden)
    }
    guard step.kind == .lstm else {
      states.add(cells)
      return (states, nil)
    }
    return (states, cells)
  }
}

extension Tensor {
  /// Enters rows that lie `stride` apart from a column on.
  fileprivate mutating func fill(column: Int, count: Int, from rows: Tensor, stride: Int) {
    let (rowCount, width) = (shape[0], shape[1])
    withUnsafeMutableBufferPointer { out in
      rows.withUnsafeBufferPointer { rows in
        for row in 0..<rowCount {
          (out.baseAddress! + row * width + column).update(
            from: rows.baseAddress! + row * stride, count: count)
        }
      }
    }
  }
}

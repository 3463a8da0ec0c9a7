import CKernels

/// A pass of an attentive decoder over a batch of sequences, forth and back in time.
///
/// Rows of a batch never meet, so a slice of them runs through all steps on one thread.
package struct AttentivePass {
  /// What the first step starts from.
  package enum Start {
    case zero
    /// `[batch, layers · hidden]` of each: h, and the cells of an LSTM.
    case states(Tensor, cells: Tensor?)
    /// Goes on after other steps.
    case state(AttentiveState)
  }

  package let step: AttentiveStep
  package let memory: AttentionMemory
  package let lengths: [Int]
  package let time: Int
  /// After the way back its gates hold the gradients of the products that come in.
  package var layers: [RecurrenceDirection]
  /// h of each layer, `[1 + time, batch, hidden]`; the first frame is that before the first step.
  package var states: [Tensor]
  /// `[context; h]`, `[time, batch, V + hidden]`.
  package var joined: Tensor
  /// `[time, batch, heads · source]`
  package var weights: Tensor
  /// The attentional states, `[time, batch, outputSize]`.
  package var output: Tensor
  /// After the way back.
  package var gradients: AttentivePassGradients?

  /// What was carried into the first step by each layer where it did not start from zero.
  var initial: [Tensor] = []
  /// `[time, batch, D]` where they are not h.
  var queries: Tensor?
  private var inputs: Tensor
  private var memories: [Int32]
  private var resumed: AttentiveState?

  var batch: Int { lengths.count }

  /// Runs all steps.
  ///
  /// - Parameters:
  ///   - inputs: `[time, batch, gates · hidden]`, the products of the inputs with their weight.
  ///   - memories: The memory of each row; nil where row r has memory r.
  ///   - keepsActivations: Whether the way back follows.
  package init(
    _ step: AttentiveStep, inputs: Tensor, memory: AttentionMemory, memories: [Int]? = nil,
    lengths: [Int], start: Start, keepsActivations: Bool
  ) {
    let (time, batch) = (inputs.shape[0], inputs.shape[1])
    precondition(
      lengths.count == batch && lengths.allSatisfy { 0...time ~= $0 },
      "AttentivePass: lengths \(lengths) for a batch of \(batch) with \(time) steps")
    (self.step, self.memory, self.lengths, self.time) = (step, memory, lengths, time)
    self.inputs = inputs
    layers = step.layers.map { layer in
      RecurrenceDirection(
        reverse: false, input: nil, forwardWeight: layer.recurrent,
        backwardWeight: { layer.recurrent }, candidateBias: layer.candidateBias)
    }
    states = step.layers.map { _ in Tensor(uninitialized: [time + 1, batch, step.hiddenSize]) }
    joined = Tensor(uninitialized: [time, batch, memory.valueSize + step.hiddenSize])
    weights = Tensor(uninitialized: [time, batch, step.scores.headCount * memory.source])
    output = Tensor(uninitialized: [time, batch, step.outputSize])
    if step.query != nil { queries = Tensor(uninitialized: [time, batch, memory.keySize]) }
    let memories = memories ?? Array(0..<batch)
    precondition(
      memories.count == batch && memories.allSatisfy { 0..<memory.count ~= $0 },
      "AttentivePass: memories \(memories) of \(memory.count) for a batch of \(batch)")
    self.memories = memories.map(Int32.init)
    begin(start, keepsActivations: keepsActivations)
    if time > 0, batch > 0 { runForward(start) }
    finish()
  }

  /// Where a pass of one step has come to.
  package private(set) var finalState: AttentiveState?

  private mutating func begin(_ start: Start, keepsActivations: Bool) {
    let (hidden, batch) = (step.hiddenSize, batch)
    for index in layers.indices {
      layers[index].prepare(batch: batch, hidden: hidden, sums: step.width, states: hidden)
      if keepsActivations {
        let precision = layers[index].forwardWeight.precision
        layers[index].gates = CompactTensor(
          uninitialized: [time, batch, step.width], precision: precision)
        layers[index].cells = CompactTensor(
          uninitialized: [time, batch, hidden], precision: precision)
      }
      guard case .states(let h, let cells) = start else {
        states[index].withUnsafeMutableBufferPointer {
          $0[..<(batch * hidden)].update(repeating: 0)
        }
        continue
      }
      let own = h.columns(index * hidden..<(index + 1) * hidden)
      initial.append(cells?.columns(index * hidden..<(index + 1) * hidden) ?? own)
      states[index].withUnsafeMutableBufferPointer { all in
        own.withUnsafeBufferPointer { _ = all.update(fromContentsOf: $0) }
      }
    }
    guard case .state(let state) = start else { return }
    for index in layers.indices { layers[index].resume(state.layers[index]) }
    resumed = state
  }

  private mutating func runForward(_ start: Start) {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    let lengths = self.lengths.map(Int32.init)
    let counts = memories.map { Int32(memory.lengths[Int($0)]) }
    var products = step.layers.count > 1 ? Tensor(uninitialized: [batch, step.width]) : nil
    lengths.withUnsafeBufferPointer { lengths in
      counts.withUnsafeBufferPointer { counts in
        memories.withUnsafeBufferPointer { memories in
          var run = self.run(lengths, counts)
          run.attention.memories = memories.baseAddress
          run.inputs = inputs.mutableAddress
          run.products = products?.mutableAddress
          run.startOutput = resumed?.output.address
          run.startWeights = resumed?.weights.address
          for index in layers.indices {
            run.jobs.append(job(index, lengths, sums: step.width, states: step.hiddenSize))
            if !initial.isEmpty { enterStart(&run.jobs[index], index) }
          }
          let slices = SliceGrid(directions: 1, batch: batch)
          WorkerPool.perform(slices.count) { run.forward(step, slices[$0].rows) }
        }
      }
    }
    withExtendedLifetime((products, resumed, self)) {}
    guard time == 1, layers[0].gates.shape.count == 0 else { return }
    finalState = AttentiveState(
      layers: layers.indices.map { layers[$0].state(hidden: lastStates($0)) },
      output: output.reshaped([batch, output.shape[2]]),
      weights: weights.reshaped([batch, weights.shape[2]]))
  }

  /// h of a layer after the last step, `[batch, hiddenSize]`.
  private func lastStates(_ layer: Int) -> Tensor {
    Tensor(unsafeUninitialized: [batch, step.hiddenSize]) { last in
      states[layer].withUnsafeBufferPointer {
        _ = last.update(fromContentsOf: $0.suffix(last.count))
      }
    }
  }

  /// Enters the given states as those before the first step.
  private mutating func enterStart(_ job: inout scribe_recurrence, _ index: Int) {
    Kernels.active.recurrence_start(&job, states[index].address, 0, batch)
    job.resumes = 1
  }

  private mutating func finish() {
    inputs = Tensor(uninitialized: [0])
    resumed = nil
    for index in layers.indices { layers[index].finish() }
  }

  /// The job of one layer; see `RecurrenceDirection.fill`.
  mutating func job(
    _ index: Int, _ lengths: UnsafeBufferPointer<Int32>, sums: Int, states stateCount: Int
  ) -> scribe_recurrence {
    var job = scribe_recurrence()
    job.precision = layers[index].forwardWeight.precision.code
    job.time = time
    job.batch = batch
    job.hidden = step.hiddenSize
    job.lengths = lengths.baseAddress
    // Only the way forth writes to them, when nobody else holds them.
    job.output =
      UnsafeMutablePointer(mutating: states[index].address) + batch * step.hiddenSize
    job.output_stride = step.hiddenSize
    job.input_rows = batch
    layers[index].fill(&job, sums: sums, states: stateCount)
    if !initial.isEmpty { job.initial = initial[index].address }
    return job
  }

  /// The addresses that both ways need; only the way forth writes there, when nobody else holds them.
  func run(
    _ lengths: UnsafeBufferPointer<Int32>, _ counts: UnsafeBufferPointer<Int32>
  ) -> AttentiveRun {
    var attention = memory.job(step.scores)
    attention.counts = counts.baseAddress
    attention.lengths = lengths.baseAddress
    return AttentiveRun(
      sizes: AttentiveRun.Sizes(
        time: time, batch: batch, hidden: step.hiddenSize, width: step.width,
        query: memory.keySize, context: memory.valueSize, output: step.outputSize,
        weights: weights.shape[2]),
      lengths: lengths.baseAddress!, attention: attention,
      joined: UnsafeMutablePointer(mutating: joined.address),
      weights: UnsafeMutablePointer(mutating: weights.address),
      output: UnsafeMutablePointer(mutating: output.address),
      queries: queries.map { UnsafeMutablePointer(mutating: $0.address) })
  }
}

extension Tensor {
  /// Some columns of `[row, column]`.
  package func columns(_ range: Range<Int>) -> Tensor {
    let (rows, stride) = (shape[0], shape[1])
    return Tensor(unsafeUninitialized: [rows, range.count]) { out in
      withUnsafeBufferPointer { x in
        for row in 0..<rows {
          (out.baseAddress! + row * range.count).update(
            from: x.baseAddress! + row * stride + range.lowerBound, count: range.count)
        }
      }
    }
  }
}

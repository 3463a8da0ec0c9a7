import CKernels

/// Queries of a batch over its memories, forth and back; rows run beside each other.
package struct AttentionPass {
  /// `[time, batch, D]`
  let queries: Tensor
  let memory: AttentionMemory
  let scores: AttentionScores
  /// The queries of each row.
  let lengths: [Int]
  /// Whether the query of step t sees no position after t.
  let isCausal: Bool
  /// `[time, batch, heads · source]`
  package private(set) var weights: Tensor
  /// `[time, batch, V]`
  package private(set) var contexts: Tensor

  private var time: Int { queries.shape[0] }
  private var batch: Int { queries.shape[1] }

  package init(
    _ queries: Tensor, _ memory: AttentionMemory, _ scores: AttentionScores, lengths: [Int],
    isCausal: Bool
  ) {
    let (time, batch) = (queries.shape[0], queries.shape[1])
    precondition(
      batch == memory.count && lengths.count == batch && lengths.allSatisfy { 0...time ~= $0 },
      "AttentionPass: queries \(queries.shape) of lengths \(lengths), \(memory.count) memories")
    precondition(
      queries.shape[2] == memory.keySize,
      "AttentionPass: queries \(queries.shape) for keys of \(memory.keySize)")
    precondition(scores.location == nil, "AttentionPass: filters need the steps of a decoder")
    (self.queries, self.memory, self.scores) = (queries, memory, scores)
    (self.lengths, self.isCausal) = (lengths, isCausal)
    weights = Tensor(uninitialized: [time, batch, scores.headCount * memory.source])
    contexts = Tensor(uninitialized: [time, batch, memory.valueSize])
    let targets = (weights.mutableAddress, contexts.mutableAddress)
    perform(weights: targets.0, contexts: targets.1) { job, _ in
      Kernels.active.attention_forward(&job, 0, time)
    }
  }

  /// The gradients of queries, keys, values and scores from that of the contexts.
  package func backward(_ gradient: Tensor) -> (queries: Tensor, attention: AttentionGradients) {
    precondition(
      gradient.shape == contexts.shape,
      "AttentionPass: gradient of \(gradient.shape) for contexts of \(contexts.shape)")
    var found = AttentionGradients(memory, scores)
    var queryGradients = Tensor(uninitialized: queries.shape)
    var scoreGradients = Tensor(uninitialized: weights.shape)
    var target = scribe_attention()
    found.fill(&target)
    target.query_gradient = queryGradients.mutableAddress
    target.score_gradient = scoreGradients.mutableAddress
    let values = found.values.mutableAddress
    perform(
      weights: UnsafeMutablePointer(mutating: weights.address),
      contexts: UnsafeMutablePointer(mutating: contexts.address)
    ) { job, row in
      enter(target, into: &job, row)
      job.context_gradient = gradient.address + row * memory.valueSize
      job.context_gradient_stride = job.context_stride
      Kernels.active.attention_backward(&job, 0, time)
      memoryGradients(job, values: values + row * memory.source * memory.valueSize, row)
    }
    withExtendedLifetime((found, queryGradients, scoreGradients, gradient, self)) {}
    return (queryGradients, found)
  }

  /// Enters the part of the gradients that belongs to a row.
  private func enter(_ target: scribe_attention, into job: inout scribe_attention, _ row: Int) {
    job.query_gradient = target.query_gradient + row * memory.keySize
    job.query_gradient_stride = job.query_stride
    job.score_gradient = target.score_gradient + row * weights.shape[2]
    job.key_gradient = target.key_gradient + row * memory.source * memory.keySize
    job.energy_gradient = target.energy_gradient.map { $0 + row * memory.keySize }
  }

  /// The gradients of values, and of keys that dot products read, from all queries at once.
  private func memoryGradients(
    _ job: scribe_attention, values: UnsafeMutablePointer<Float>, _ row: Int
  ) {
    for head in 0..<job.heads {
      let (key, value) = (head * job.key_size, head * job.value_size)
      Kernels.active.attention_outer(
        job.weights + head * job.source, job.weights_stride, job.context_gradient + value,
        job.context_gradient_stride, lengths[row], values + value, memory.valueSize, job.source,
        job.value_size, 0)
      guard job.energy == nil else { continue }
      Kernels.active.attention_outer(
        job.score_gradient + head * job.source, job.weights_stride, job.query + key,
        job.query_stride, lengths[row], job.key_gradient + key, memory.keySize, job.source,
        job.key_size, 0)
    }
  }

  /// Calls `body` for each row of the batch with a job whose rows are the row's queries.
  private func perform(
    weights: UnsafeMutablePointer<Float>, contexts: UnsafeMutablePointer<Float>,
    _ body: (inout scribe_attention, Int) -> Void
  ) {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    guard time > 0 else { return }
    let whole = memory.job(scores)
    let width = whole.weights_stride
    // Each row of the batch reads one memory, the first from its own address on.
    let memories = [Int32](repeating: 0, count: time)
    memories.withUnsafeBufferPointer { memories in
      WorkerPool.perform(batch) { row in
        let length = memory.lengths[row]
        let counts = (0..<time).map { Int32(isCausal ? min(length, $0 + 1) : length) }
        let present = (0..<time).map { Int32($0 < lengths[row] ? 1 : 0) }
        counts.withUnsafeBufferPointer { counts in
          present.withUnsafeBufferPointer { present in
            var job = whole
            job.memories = memories.baseAddress
            job.counts = counts.baseAddress
            job.lengths = present.baseAddress
            job.keys += row * memory.source * memory.keySize
            job.values += row * memory.source * memory.valueSize
            job.query = queries.address + row * memory.keySize
            job.query_stride = batch * memory.keySize
            job.weights = weights + row * width
            job.weights_stride = batch * width
            job.context = contexts + row * memory.valueSize
            job.context_stride = batch * memory.valueSize
            body(&job, row)
          }
        }
      }
    }
    withExtendedLifetime(self) {}
  }
}

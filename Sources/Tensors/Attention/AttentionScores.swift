import CKernels

/// How queries are compared with keys: scale · (q · k) in each head, or additive,
/// scale · Σ v tanh(q + k), in one.
package struct AttentionScores: Sendable {
  /// Filters over the weights of the step before, whose outputs are added to the keys.
  package struct Location: Sendable {
    let count: Int
    let width: Int
    /// The filters beside each other, `[width, stride]`, filled up with zeros.
    let filter: Tensor
    /// What each filter adds to a key, `[count, size]`.
    let projection: Tensor

    /// - Parameters:
    ///   - filter: `[count, width]`, the width odd.
    ///   - weight: `[size, count]`.
    package init(filter: Tensor, weight: Tensor) {
      (count, width) = (filter.shape[0], filter.shape[1])
      precondition(
        count <= SCRIBE_FILTERS && width % 2 == 1 && count == weight.shape[1],
        "AttentionScores: filters of \(filter.shape) with a weight of \(weight.shape)")
      let (count, width, stride) = (self.count, self.width, (self.count + 15) / 16 * 16)
      self.filter = Tensor(unsafeUninitialized: [width, stride]) { out in
        out.update(repeating: 0)
        filter.withUnsafeBufferPointer { filter in
          for index in 0..<count {
            for tap in 0..<width { out[tap * stride + index] = filter[index * width + tap] }
          }
        }
      }
      projection = weight.exchangingAxes()
    }

    /// Filters that lie beside each other as `[count, width]`.
    func separated(_ beside: Tensor) -> Tensor {
      let all = beside.reshaped(filter.shape).exchangingAxes()
      return Tensor(all.scalars.prefix(count * width), shape: [count, width])
    }
  }

  /// Equal parts of queries, keys and values that are compared for themselves.
  package let headCount: Int
  /// What scores are multiplied with.
  package let scale: Float
  /// v of additive scores, `[size]`; nil for dot products.
  package let energy: Tensor?
  /// Of additive scores.
  package let location: Location?

  package init(
    headCount: Int = 1, scale: Float, energy: Tensor? = nil, location: Location? = nil
  ) {
    precondition(headCount == 1 || energy == nil, "AttentionScores: additive with several heads")
    precondition(location == nil || energy != nil, "AttentionScores: filters without energies")
    (self.headCount, self.scale, self.energy, self.location) = (headCount, scale, energy, location)
  }
}

/// Memories as queries read them.
package struct AttentionMemory: Sendable {
  /// `[memory, source, D]`
  package let keys: Tensor
  /// `[memory, source, V]`
  package let values: Tensor
  /// The positions of each memory that are no padding.
  package let lengths: [Int]

  package init(keys: Tensor, values: Tensor, lengths: [Int]) {
    precondition(
      keys.shape.rank == 3 && values.shape.rank == 3 && keys.shape[0] == values.shape[0]
        && keys.shape[1] == values.shape[1],
      "AttentionMemory: keys of \(keys.shape) for values of \(values.shape)")
    precondition(
      lengths.count == keys.shape[0] && lengths.allSatisfy { 0...keys.shape[1] ~= $0 },
      "AttentionMemory: lengths \(lengths) for keys of \(keys.shape)")
    (self.keys, self.values, self.lengths) = (keys, values, lengths)
  }

  package var count: Int { keys.shape[0] }
  package var source: Int { keys.shape[1] }
  package var keySize: Int { keys.shape[2] }
  package var valueSize: Int { values.shape[2] }

  /// A job over these memories, whose addresses are valid while the memory and the scores live.
  func job(_ scores: AttentionScores) -> scribe_attention {
    var job = scribe_attention()
    job.heads = scores.headCount
    job.key_size = keySize / scores.headCount
    job.value_size = valueSize / scores.headCount
    job.scale = scores.scale
    job.energy = scores.energy?.address
    if let location = scores.location {
      job.filters = location.count
      job.filter_stride = location.filter.shape[1]
      job.width = location.width
      job.filter = location.filter.address
      job.projection = location.projection.address
    }
    job.source = source
    job.keys = keys.address
    job.values = values.address
    job.weights_stride = scores.headCount * source
    return job
  }
}

/// What the way back through attention finds for memories and scores.
package struct AttentionGradients {
  /// Like the keys.
  package var keys: Tensor
  /// Like the values.
  package var values: Tensor
  // Of each memory for itself, so that their sum does not depend on who computes them.
  private var energies: Tensor?
  private var filters: Tensor?
  private var projections: Tensor?
  private var carried: Tensor?
  private var scratch: Tensor?

  init(_ memory: AttentionMemory, _ scores: AttentionScores) {
    let (count, size) = (memory.count, memory.keySize)
    // Additive scores add to it step by step.
    keys = Tensor(zeros: memory.keys.shape)
    values = Tensor(uninitialized: memory.values.shape)
    guard scores.energy != nil else { return }
    energies = Tensor(zeros: [count, size])
    guard let location = scores.location else { return }
    filters = Tensor(zeros: [count, location.filter.count])
    projections = Tensor(zeros: [count, location.projection.count])
    carried = Tensor(zeros: [count, memory.source])
    scratch = Tensor(uninitialized: [count, size])
  }

  /// Enters the addresses, which stay valid while this lives and is not written.
  mutating func fill(_ job: inout scribe_attention) {
    job.key_gradient = keys.mutableAddress
    job.energy_gradient = energies?.mutableAddress
    job.filter_gradient = filters?.mutableAddress
    job.projection_gradient = projections?.mutableAddress
    job.carried = carried?.mutableAddress
    job.scratch = scratch?.mutableAddress
  }

  /// Of v, `[size]`.
  package var energy: Tensor? { energies?.columnSums() }

  /// Of the filters `[count, width]` and of their weight `[size, count]`.
  package func location(
    _ location: AttentionScores.Location
  ) -> (filter: Tensor, weight: Tensor)? {
    guard let filters, let projections else { return nil }
    let weight = projections.columnSums().reshaped(location.projection.shape)
    return (location.separated(filters.columnSums()), weight.exchangingAxes())
  }
}

extension Tensor {
  /// Where the elements lie, valid while the tensor lives and is not written.
  var address: UnsafePointer<Float> { withUnsafeBufferPointer { $0.baseAddress! } }

  /// The same for writing.
  var mutableAddress: UnsafeMutablePointer<Float> {
    mutating get { withUnsafeMutableBufferPointer { $0.baseAddress! } }
  }
}

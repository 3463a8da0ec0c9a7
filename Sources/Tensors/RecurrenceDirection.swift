import CKernels

/// What a direction of a recurrent layer is fed with.
package enum RecurrenceInput {
  /// The input products of all frames, `[time, batch, gateCount · hidden]`.
  case products(Tensor)
  /// Frames `[time, batch, input]`, whose products with the weight are made some steps ahead of the
  /// recurrence, so that they need not go through memory.
  case frames(Tensor, weight: PackedMatrix, bias: Tensor?)

  var shape: Shape {
    switch self {
    case .products(let tensor): tensor.shape
    case .frames(let tensor, _, _): tensor.shape
    }
  }
}

/// What a forward recurrence knows after the frames that it has seen: for each row the cell or h, and
/// h as products read it.
package struct RecurrenceState: Sendable {
  /// `[batch, hidden]`: the cell states of an LSTM, h of a GRU.
  package let carried: Tensor
  /// `[batch, hidden]`: h.
  package let hidden: Tensor
  let states: Tensor
  let scales: Tensor

  /// A state of which only what does not depend on the kind of number was kept.
  package init(carried: Tensor, hidden: Tensor) {
    let none = Tensor(uninitialized: [0])
    self.init(carried: carried, hidden: hidden, states: none, scales: none)
  }

  init(carried: Tensor, hidden: Tensor, states: Tensor, scales: Tensor) {
    precondition(
      carried.shape == hidden.shape && hidden.shape.rank == 2,
      "recurrence: a state of \(carried.shape) and \(hidden.shape), expected [batch, hidden] twice")
    (self.carried, self.hidden, self.states, self.scales) = (carried, hidden, states, scales)
  }

  /// The number of values that are kept.
  package var count: Int { carried.count + hidden.count + states.count + scales.count }
}

/// One direction of a recurrent layer on its way over a batch of sequences.
package struct RecurrenceDirection {
  package let reverse: Bool
  package let forwardWeight: PackedMatrix
  package let backwardWeight: () -> PackedMatrix
  package let peepholes: Tensor?
  package let candidateBias: Tensor?
  /// What is fed to it; nil once it ran.
  var input: RecurrenceInput?
  /// `[time, batch, gateCount · hidden]`: activations of the gates where they are kept, and their
  /// gradients after the way back.
  package var gates: CompactTensor
  /// `[time, batch, hidden]`: the cell state of an LSTM, the candidate's product of a GRU.
  package var cells: CompactTensor
  /// What the next step starts from, for each row; see the fields of scribe_recurrence.
  var carried = Tensor(uninitialized: [0])
  /// What a pass over the frames before these came to.
  package private(set) var start: RecurrenceState?
  var states = Tensor(uninitialized: [0])
  var scales = Tensor(uninitialized: [0])
  var sums = Tensor(uninitialized: [0])

  package init(
    reverse: Bool, input: RecurrenceInput?, forwardWeight: PackedMatrix,
    backwardWeight: @escaping () -> PackedMatrix, peepholes: Tensor? = nil,
    candidateBias: Tensor? = nil
  ) {
    self.reverse = reverse
    self.input = input
    self.forwardWeight = forwardWeight
    self.backwardWeight = backwardWeight
    self.peepholes = peepholes
    self.candidateBias = candidateBias
    gates = CompactTensor(uninitialized: [0], precision: .fp32)
    cells = gates
  }

  /// Words between the rows of the scratch fields: never a multiple of a page, so that rows do not
  /// compete for the same lines of the cache.
  static func stride(_ width: Int) -> Int { (width + 15) / 16 * 16 + 16 }

  /// Takes scratch space for one way.
  mutating func prepare(batch: Int, hidden: Int, sums sumCount: Int, states stateCount: Int) {
    carried = Tensor(uninitialized: [batch, hidden])
    sums = Tensor(uninitialized: [batch * Self.stride(sumCount)])
    states = Tensor(zeros: [batch * Self.stride(stateCount)])
    scales = Tensor(uninitialized: [forwardWeight.precision == .int8 ? batch : 0])
  }

  /// Goes on from where another pass ended.
  mutating func resume(_ state: RecurrenceState) {
    precondition(
      !reverse && state.carried.count == carried.count
        && [0, states.count].contains(state.states.count),
      "recurrence: a state of \(state.carried.count) values for \(carried.count), forward in time")
    carried = state.carried
    if state.states.count > 0 {
      (states, scales) = (state.states, state.scales)
    } else {
      states.fillRows(with: state.hidden, precision: forwardWeight.precision)
    }
    start = state
  }

  /// Where this direction has come to, with h of each row's last frame.
  func state(hidden: Tensor) -> RecurrenceState {
    RecurrenceState(carried: carried, hidden: hidden, states: states, scales: scales)
  }

  /// Gives the scratch space back.
  mutating func finish() {
    let none = Tensor(uninitialized: [0])
    (carried, states, scales, sums) = (none, none, none, none)
  }

  /// Enters this direction's addresses, which stay valid while it lives and is not written.
  mutating func fill(_ job: inout scribe_recurrence, sums sumCount: Int, states stateCount: Int) {
    job.reverse = reverse ? 1 : 0
    job.resumes = start == nil ? 0 : 1
    start?.carried.withUnsafeBufferPointer { job.initial = $0.baseAddress }
    if gates.shape.count > 0 { gates.withUnsafeMutablePointer { job.gates = $0 } }
    if cells.shape.count > 0 { cells.withUnsafeMutablePointer { job.cells = $0 } }
    peepholes?.withUnsafeBufferPointer { job.peepholes = $0.baseAddress }
    candidateBias?.withUnsafeBufferPointer { job.candidate_bias = $0.baseAddress }
    carried.withUnsafeMutableBufferPointer { job.carried = $0.baseAddress }
    sums.withUnsafeMutableBufferPointer { job.sums = $0.baseAddress }
    job.sums_stride = Self.stride(sumCount)
    states.withUnsafeMutableBufferPointer {
      job.states = UnsafeMutableRawPointer($0.baseAddress!).assumingMemoryBound(to: UInt32.self)
    }
    job.states_stride = Self.stride(stateCount)
    if scales.count > 0 {
      scales.withUnsafeMutableBufferPointer { job.state_scales = $0.baseAddress }
    }
  }
}

extension Tensor {
  /// Lays rows of h out as products read them, each rounded to the kind of number.
  fileprivate mutating func fillRows(with hidden: Tensor, precision: Precision) {
    precondition(
      precision != .int8, "recurrence: a state without its whole numbers, expected fp32 or bf16")
    let (rows, size) = (hidden.shape[0], hidden.shape[1])
    let stride = RecurrenceDirection.stride(size)
    withUnsafeMutableBufferPointer { states in
      hidden.withUnsafeBufferPointer { hidden in
        for row in 0..<rows {
          let source = hidden.baseAddress! + row * size
          let target = states.baseAddress! + row * stride
          if precision == .fp32 {
            target.update(from: source, count: size)
          } else {
            UnsafeMutableRawPointer(target).withMemoryRebound(to: UInt16.self, capacity: size) {
              for index in 0..<size { $0[index] = source[index].upperHalf }
            }
          }
        }
      }
    }
  }
}

extension Float {
  /// The upper 16 bits, rounded to nearest even; a NaN stays one.
  fileprivate var upperHalf: UInt16 {
    let bits = bitPattern
    guard !isNaN else { return UInt16(truncatingIfNeeded: (bits | 0x0040_0000) >> 16) }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
  }
}

import CKernels

/// What a recurrent layer computes at each step.
public enum RecurrenceKind: Hashable, Sendable {
  /// h_t = f(z_t + U h_{t−1}) (Elman 1990).
  case rnn(RecurrentActivation)
  /// Long short-term memory with forget gate.
  case lstm
  /// Gated recurrent unit.
  case gru

  /// Blocks of `hiddenSize` columns that the input product has.
  public var gateCount: Int {
    switch self {
    case .rnn: 1
    case .lstm: 4
    case .gru: 3
    }
  }
}

/// The nonlinearity of a plain recurrent layer.
public enum RecurrentActivation: String, Codable, Sendable, CaseIterable {
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// min(max(0, x), 20) (Hannun et al. 2014).
  case clippedReLU
}

/// One direction of a recurrent layer on its way over a batch of sequences.
///
/// It holds the input products, which become gate activations and then their gradients in place.
package struct RecurrenceDirection {
  package let reverse: Bool
  package let forwardWeight: PackedMatrix
  package let backwardWeight: () -> PackedMatrix
  package let peepholes: Tensor?
  package let candidateBias: Tensor?
  /// `[time, batch, gateCount · hidden]`
  package var gates: Tensor
  /// `[time, batch, hidden]`: the cell state of an LSTM, the candidate's product of a GRU.
  package var cells: Tensor

  package init(
    reverse: Bool, gates: Tensor, forwardWeight: PackedMatrix,
    backwardWeight: @escaping () -> PackedMatrix, peepholes: Tensor? = nil,
    candidateBias: Tensor? = nil
  ) {
    self.reverse = reverse
    self.forwardWeight = forwardWeight
    self.backwardWeight = backwardWeight
    self.peepholes = peepholes
    self.candidateBias = candidateBias
    self.gates = gates
    cells = Tensor(uninitialized: [0])
  }
}

/// A pass over a batch of sequences in one direction or both, forth and back in time.
package struct RecurrencePass {
  package let kind: RecurrenceKind
  package let hiddenSize: Int
  package let frameLengths: [Int]
  package private(set) var directions: [RecurrenceDirection]
  /// `[time, batch, directions · hidden]`, the directions beside each other.
  package private(set) var output: Tensor

  private let lengths: [Int32]
  private var time: Int { output.shape[0] }
  private var batch: Int { output.shape[1] }

  /// Runs all directions over all time steps.
  package init(
    _ kind: RecurrenceKind, hiddenSize: Int, frameLengths: [Int], directions: [RecurrenceDirection]
  ) {
    let (time, batch) = (directions[0].gates.shape[0], directions[0].gates.shape[1])
    precondition(
      frameLengths.count == batch && frameLengths.allSatisfy { $0 >= 0 && $0 <= time },
      "recurrence: frame lengths \(frameLengths) for a batch of \(batch) with \(time) frames")
    self.kind = kind
    self.hiddenSize = hiddenSize
    self.frameLengths = frameLengths
    self.directions = directions
    lengths = frameLengths.map(Int32.init)
    output = Tensor(uninitialized: [time, batch, directions.count * hiddenSize])
    let cellShape: Shape = kind.hasCells ? [time, batch, hiddenSize] : [0]
    for index in directions.indices {
      self.directions[index].cells = Tensor(uninitialized: cellShape)
    }
    let kernel = kind.kernels.forward
    run(outputGradient: nil) { kernel($0, $1, $2) }
  }

  /// Turns the gates of every direction into their gradients.
  ///
  /// - Parameter gradient: That of the output, `[time, batch, directions · hidden]`; or of the sum
  ///   of the directions, `[time, batch, hidden]`, which each of them then receives.
  package mutating func backward(_ gradient: Tensor) {
    precondition(
      gradient.shape.rowCount == output.shape.rowCount
        && [hiddenSize, output.shape[2]].contains(gradient.shape[-1]),
      "recurrence: gradient of \(gradient.shape) for an output of \(output.shape)")
    let kernel = kind.kernels.backward
    run(outputGradient: gradient) { kernel($0, $1, $2) }
  }

  private mutating func run(
    outputGradient: Tensor?, _ kernel: (UnsafePointer<scribe_recurrence>, Int, Int) -> Void
  ) {
    let span = Profile.open(.recurrence)
    defer { span.close() }
    guard time > 0, batch > 0 else { return }
    let (time, batch, hidden, count) = (time, batch, hiddenSize, directions.count)
    let perRow = (kind.gateCount + 2) * hidden
    var scratch = Tensor(uninitialized: [count * batch * perRow])
    // Rows do not influence each other, so their partition may follow the threads.
    let slices = min(batch, max(1, (WorkerPool.threadCount + count - 1) / count))
    var jobs: [scribe_recurrence] = []
    var kept: [PackedMatrix] = []
    let lengths = self.lengths
    let output = outputPointer(writing: outputGradient == nil)
    lengths.withUnsafeBufferPointer { lengths in
      scratch.withUnsafeMutableBufferPointer { scratch in
        for index in directions.indices {
          var job = scribe_recurrence()
          job.time = time
          job.batch = batch
          job.hidden = hidden
          job.activation = kind.activationCode
          job.lengths = lengths.baseAddress
          job.output = output + index * hidden
          job.output_stride = count * hidden
          job.scratch = scratch.baseAddress! + index * batch * perRow
          if let outputGradient {
            let width = outputGradient.shape[-1]
            outputGradient.withUnsafeBufferPointer {
              job.output_gradient = $0.baseAddress! + (width > hidden ? index * hidden : 0)
            }
            job.output_gradient_stride = width
          }
          kept.append(directions[index].fill(&job, backward: outputGradient != nil))
          jobs.append(job)
        }
        WorkerPool.perform(count * slices) { piece in
          let (direction, slice) = (piece % count, piece / count)
          kernel(&jobs[direction], batch * slice / slices, batch * (slice + 1) / slices)
        }
      }
    }
    withExtendedLifetime((kept, outputGradient, self.output)) {}
  }

  /// Where h lies; the way back only reads it, for others may hold the output by then.
  private mutating func outputPointer(writing: Bool) -> UnsafeMutablePointer<Float> {
    if writing { return output.withUnsafeMutableBufferPointer { $0.baseAddress! } }
    return output.withUnsafeBufferPointer { UnsafeMutablePointer(mutating: $0.baseAddress!) }
  }
}

extension RecurrenceDirection {
  /// Enters this direction's pointers, which stay valid while the direction and the returned
  /// weight live.
  fileprivate mutating func fill(
    _ job: inout scribe_recurrence, backward: Bool
  ) -> PackedMatrix {
    job.reverse = reverse ? 1 : 0
    gates.withUnsafeMutableBufferPointer { job.gates = $0.baseAddress }
    cells.withUnsafeMutableBufferPointer { job.cells = $0.baseAddress }
    peepholes?.withUnsafeBufferPointer { job.peepholes = $0.baseAddress }
    candidateBias?.withUnsafeBufferPointer { job.candidate_bias = $0.baseAddress }
    let weight = backward ? backwardWeight() : forwardWeight
    weight.withUnsafePointer {
      if backward { job.packed_backward = $0 } else { job.packed_forward = $0 }
    }
    return weight
  }
}

extension RecurrenceKind {
  fileprivate var hasCells: Bool {
    if case .rnn = self { false } else { true }
  }

  fileprivate var activationCode: Int32 {
    guard case .rnn(let activation) = self else { return 0 }
    return switch activation {
    case .tanh: Int32(SCRIBE_TANH)
    case .relu: Int32(SCRIBE_RELU)
    case .clippedReLU: Int32(SCRIBE_CLIPPED_RELU)
    }
  }

  fileprivate typealias Kernel =
    @convention(c) (UnsafePointer<scribe_recurrence>?, Int, Int) -> Void

  fileprivate var kernels: (forward: Kernel, backward: Kernel) {
    let all = Kernels.active
    return switch self {
    case .rnn: (all.rnn_forward, all.rnn_backward)
    case .lstm: (all.lstm_forward, all.lstm_backward)
    case .gru: (all.gru_forward, all.gru_backward)
    }
  }
}

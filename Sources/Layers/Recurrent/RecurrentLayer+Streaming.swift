import Autograd
import Tensors

/// What a recurrent layer remembers of the frames before the next one.
///
/// Its size does not depend on how many frames there were.
public struct RecurrentState: Sendable {
  var recurrence: RecurrenceState?

  /// The state before the first frame.
  public init() {}

  /// A state that was stored: the cell states of an LSTM or h of a GRU, and h, `[batch, hidden]` both.
  public init(carried: Tensor, hidden: Tensor) {
    recurrence = RecurrenceState(carried: carried, hidden: hidden)
  }

  /// What has to be stored to go on from here; nil before the first frame.
  public var stored: (carried: Tensor, hidden: Tensor)? {
    recurrence.map { ($0.carried, $0.hidden) }
  }

  /// The number of values that are kept.
  package var count: Int { recurrence?.count ?? 0 }
}

extension RecurrentLayer {
  /// Whether the layer needs no later frame for an earlier one.
  public var readsForwardOnly: Bool { backward == nil }

  /// Takes in the next frames of each row, `[time, batch, inputSize]` to `[time, batch, outputSize]`.
  ///
  /// The outputs of all calls have the bits of one call of the layer with all frames. For inference:
  /// batch normalisation uses its running statistics, and nothing is kept for a way back.
  ///
  /// - Parameter state: What the frames before left behind; every row has as many frames.
  public func advance(_ x: Tensor, state: inout RecurrentState) -> Tensor {
    precondition(
      x.shape.rank == 3 && x.shape[2] == inputSize,
      "RecurrentLayer: got \(x.shape), expected [time, batch, \(inputSize)]")
    guard let weights = forward, readsForwardOnly else {
      preconditionFailure("RecurrentLayer.advance: reads backward, expected only forward")
    }
    let lengths = [Int](repeating: x.shape[0], count: x.shape[1])
    let direction = RecurrenceDirection(
      reverse: false, input: input(x, weights, frameLengths: lengths),
      forwardWeight: weights.recurrentWeight.packedTransposed,
      backwardWeight: { weights.recurrentWeight.packed },
      peepholes: weights.peepholes?.value, candidateBias: weights.candidateBias?.value)
    let pass = RecurrencePass(
      kind, hiddenSize: hiddenSize, frameLengths: lengths, directions: [direction],
      keepsActivations: false, state: state.recurrence)
    state.recurrence = pass.finalState
    return pass.output
  }

  /// Takes in the next frames of each row and keeps what the way back needs, for training over
  /// sequences too long for one step (truncated back-propagation, Williams and Peng 1990).
  ///
  /// The gradient ends at the first of these frames: `state` is a constant to it.
  ///
  /// - Parameter state: What the frames before left behind; every row has as many frames.
  /// - Precondition: The layer reads forward only and normalises nothing.
  public func advance(
    _ x: Variable, state: inout RecurrentState, on tape: Tape
  ) -> Variable {
    precondition(
      x.shape.rank == 3 && x.shape[2] == inputSize,
      "RecurrentLayer: got \(x.shape), expected [time, batch, \(inputSize)]")
    precondition(
      readsForwardOnly && forward?.normalization == nil,
      "RecurrentLayer.advance: reads backward or normalises, expected neither")
    return resumed(x, state: &state, on: tape)
  }

  private func input(
    _ x: Tensor, _ weights: RecurrentWeights, frameLengths: [Int]
  ) -> RecurrenceInput {
    let weight = weights.inputWeight.packedTransposed
    guard let normalization = weights.normalization else {
      return .frames(x, weight: weight, bias: weights.bias?.value)
    }
    let products = Variable(x.multiplied(by: weight))
    return .products(normalization(products, frameLengths: frameLengths).tensor)
  }
}

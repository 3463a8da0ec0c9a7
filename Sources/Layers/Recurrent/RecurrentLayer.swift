import Autograd
import Tensors

/// The order in which a recurrent layer reads its input.
public enum RecurrentDirection: String, Codable, Sendable, CaseIterable {
  /// From the first frame to the last.
  case forward
  /// From the last frame to the first.
  case backward
  /// Both, with weights of their own (Schuster and Paliwal 1997).
  case bidirectional
}

/// How the outputs of two directions become one.
public enum DirectionMerge: String, Codable, Sendable, CaseIterable {
  /// Beside each other: twice as many features.
  case concatenate
  /// Added, as in Deep Speech.
  case sum
}

/// A recurrent layer over whole sequences: plain, LSTM or GRU, in one direction or both.
///
/// The products with the input are made for all time steps at once; the recurrence then runs
/// through time for all rows, directions beside each other on different threads. Frames beyond a
/// row's length yield zeros and receive no gradient, so padding never changes a result.
public struct RecurrentLayer: Module {
  /// What is computed at each step.
  public let kind: RecurrenceKind
  /// How two directions are merged.
  public let merge: DirectionMerge
  /// The parameters of the direction that runs forward in time.
  public var forward: RecurrentWeights?
  /// The parameters of the direction that runs backward in time.
  public var backward: RecurrentWeights?

  /// A layer with freshly drawn weights; see ``RecurrentWeights``.
  ///
  /// - Parameters:
  ///   - peepholes: Whether an LSTM's gates see the cell state (Gers et al. 2002).
  ///   - forgetBias: What an LSTM's forget gate starts from (Jozefowicz et al. 2015 advise 1).
  ///   - normalized: Whether the input product is batch-normalised (Amodei et al. 2015).
  public init(
    _ kind: RecurrenceKind, inputSize: Int, hiddenSize: Int,
    direction: RecurrentDirection = .forward, merge: DirectionMerge = .concatenate,
    peepholes: Bool = false, forgetBias: Float = 1, normalized: Bool = false,
    random: inout RandomSource
  ) {
    self.kind = kind
    self.merge = merge
    func weights() -> RecurrentWeights {
      RecurrentWeights(
        kind, inputSize: inputSize, hiddenSize: hiddenSize, peepholes: peepholes,
        forgetBias: forgetBias, normalized: normalized, random: &random)
    }
    if direction != .backward { forward = weights() }
    if direction != .forward { backward = weights() }
  }

  private var directions: [(weights: RecurrentWeights, reverse: Bool)] {
    [forward.map { ($0, false) }, backward.map { ($0, true) }].compactMap { $0 }
  }

  /// The number of features of a frame that comes in.
  public var inputSize: Int { directions[0].weights.inputWeight.shape[1] }
  /// The number of features of h in one direction.
  public var hiddenSize: Int { directions[0].weights.recurrentWeight.shape[1] }
  /// The number of features of a frame that goes out.
  public var outputSize: Int { merge == .sum ? hiddenSize : directions.count * hiddenSize }

  /// Maps `[time, batch, inputSize]` to `[time, batch, outputSize]`.
  ///
  /// - Parameter frameLengths: The frames of each row, at most *time*.
  /// - Complexity: O(*frames* · gateCount · hiddenSize · (inputSize + hiddenSize)).
  public func callAsFunction(
    _ x: Variable, frameLengths: [Int], on tape: Tape? = nil
  ) -> Variable {
    precondition(
      x.shape.rank == 3 && x.shape[2] == inputSize,
      "RecurrentLayer: got \(x.shape), expected [time, batch, \(inputSize)]")
    if directions[0].weights.normalization != nil {
      return normalizedCall(x, frameLengths: frameLengths, on: tape)
    }
    let inputs = directions.map { weights, _ in
      RecurrenceInput.frames(
        x.tensor, weight: weights.inputWeight.packedTransposed, bias: weights.bias?.value)
    }
    let pass = run(inputs, frameLengths: frameLengths, keepsActivations: tape != nil)
    guard let tape else { return Variable(merged(pass.output)) }
    return record(pass, from: x, on: tape)
  }

  /// Goes on from the state of the frames before, which is a constant to the way back.
  func resumed(_ x: Variable, state: inout RecurrentState, on tape: Tape) -> Variable {
    let inputs = directions.map { weights, _ in
      RecurrenceInput.frames(
        x.tensor, weight: weights.inputWeight.packedTransposed, bias: weights.bias?.value)
    }
    let pass = run(
      inputs, frameLengths: [Int](repeating: x.shape[0], count: x.shape[1]),
      keepsActivations: true, state: state.recurrence)
    state.recurrence = pass.finalState
    return record(pass, from: x, on: tape)
  }

  private func record(_ pass: RecurrencePass, from x: Variable, on tape: Tape) -> Variable {
    dropPacked()
    let saved = Saved(pass)
    return tape.record(merged(pass.output), from: [x]) { [self] gradient, gradients in
      let gateGradients = recurrentGradients(saved.take(), gradient, to: &gradients)
      for ((weights, _), gates) in zip(directions, gateGradients) {
        if let bias = weights.bias { gradients.add(gates.columnSums(), to: bias) }
      }
      defer { dropPacked() }
      return [productPullback(x, gateGradients, to: &gradients)]
    }
  }

  /// The call with batch normalisation between the input product and the recurrence.
  private func normalizedCall(_ x: Variable, frameLengths: [Int], on tape: Tape?) -> Variable {
    let products = directions.map { weights, _ in
      let product = x.tensor.multiplied(by: weights.inputWeight.packedTransposed)
      let variable =
        tape?.record(product, from: [x]) { gradient, gradients in
          gradients.add(
            gradient.outerProduct(x.tensor, precision: weights.inputWeight.precision),
            to: weights.inputWeight)
          return [x.needsGradient ? gradient.multiplied(by: weights.inputWeight.packed) : nil]
        } ?? Variable(product)
      return weights.normalization?(variable, frameLengths: frameLengths, on: tape) ?? variable
    }
    let pass = run(
      products.map { .products($0.tensor) }, frameLengths: frameLengths,
      keepsActivations: tape != nil)
    let output = merged(pass.output)
    guard let tape else { return Variable(output) }
    let saved = Saved(pass)
    return tape.record(output, from: products) { [self] gradient, gradients in
      recurrentGradients(saved.take(), gradient, to: &gradients).map { $0.expanded() }
    }
  }

  /// Files the gradients of the input weights and returns that of the input if it is needed.
  private func productPullback(
    _ x: Variable, _ gateGradients: [CompactTensor], to gradients: inout Gradients
  ) -> Tensor? {
    for (index, gradient) in weightGradients(gateGradients, x.tensor).enumerated() {
      gradients.add(gradient, to: directions[index].weights.inputWeight)
    }
    guard x.needsGradient else { return nil }
    return Tensor(unsafeUninitialized: x.shape) { out in
      for (index, gates) in gateGradients.enumerated() {
        let weight = directions[index].weights.inputWeight.packed
        gates.withView {
          matrixProduct(
            $0, weight, into: out.baseAddress!, rowStride: inputSize, accumulate: index > 0)
        }
      }
    }
  }

  private func weightGradients(_ gates: [CompactTensor], _ x: Tensor) -> [Tensor] {
    var gradients = gates.map { _ in
      Tensor(uninitialized: directions[0].weights.inputWeight.shape)
    }
    let outputs = gradients.indices.map { index in
      gradients[index].withUnsafeMutableBufferPointer { $0.baseAddress! }
    }
    x.withUnsafeBufferPointer { frames in
      withViews(gates[...]) {
        outerProducts(
          $0, MatrixView(frames.baseAddress!, rows: x.shape.rowCount, columns: inputSize),
          precision: directions[0].weights.inputWeight.precision, into: outputs)
      }
    }
    return withExtendedLifetime(gradients) { gradients }
  }

  /// The packed forms serve one way of a training step each.
  private func dropPacked() {
    for (weights, _) in directions {
      weights.inputWeight.dropPacked()
      weights.recurrentWeight.dropPacked()
    }
  }

  /// Runs the recurrence over the input of each direction.
  private func run(
    _ inputs: [RecurrenceInput], frameLengths: [Int], keepsActivations: Bool,
    state: RecurrenceState? = nil
  ) -> RecurrencePass {
    let passes = zip(directions, inputs).map { direction, input in
      RecurrenceDirection(
        reverse: direction.reverse, input: input,
        forwardWeight: direction.weights.recurrentWeight.packedTransposed,
        backwardWeight: { direction.weights.recurrentWeight.packed },
        peepholes: direction.weights.peepholes?.value,
        candidateBias: direction.weights.candidateBias?.value)
    }
    return RecurrencePass(
      kind, hiddenSize: hiddenSize, frameLengths: frameLengths, directions: passes,
      keepsActivations: keepsActivations, state: state)
  }

  /// Runs the pass back in time, files the gradients of what the recurrence uses, and returns
  /// those of the input products.
  private func recurrentGradients(
    _ forwardPass: consuming RecurrencePass, _ gradient: Tensor, to gradients: inout Gradients
  ) -> [CompactTensor] {
    var pass = forwardPass
    pass.backward(gradient)
    let width = pass.output.shape[2]
    pass.output.withUnsafeBufferPointer { output in
      for (index, (weights, _)) in directions.enumerated() {
        let states = MatrixView(
          output.baseAddress! + index * hiddenSize, rows: pass.output.shape.rowCount,
          columns: hiddenSize, rowStride: width)
        weights.fileRecurrentGradients(
          pass.directions[index], kind: kind, states: states, batch: pass.output.shape[1],
          to: &gradients)
      }
    }
    return pass.directions.map(\.gates)
  }

  private func merged(_ output: Tensor) -> Tensor {
    merge == .sum && directions.count == 2 ? output.halvesAdded() : output
  }

  /// Shows the weights of the directions that are present.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("forward", &forward)
    visitor.module("backward", &backward)
  }
}

/// Calls `body` with a view of each tensor.
private func withViews(
  _ tensors: ArraySlice<CompactTensor>, _ views: [MatrixView] = [],
  _ body: ([MatrixView]) -> Void
) {
  guard let first = tensors.first else { return body(views) }
  first.withView { withViews(tensors.dropFirst(), views + [$0], body) }
}

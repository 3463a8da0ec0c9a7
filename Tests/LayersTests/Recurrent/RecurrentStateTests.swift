import Autograd
import Layers
import TestSupport
import Tensors
import Testing

/// Training over pieces of a sequence, each from the state that the one before left behind.
@Suite struct RecurrentStateTests {
  static let kinds: [RecurrenceKind] = [.rnn(.tanh), .lstm, .gru]

  private static func layer(_ kind: RecurrenceKind) -> RecurrentLayer {
    var random = RandomSource(seed: 80)
    var layer = RecurrentLayer(
      kind, inputSize: 3, hiddenSize: 5, peepholes: kind == .lstm, random: &random)
    layer.visitParameters { _, parameter in
      parameter.value = .random(parameter.shape, in: -0.6...0.6, &random)
    }
    return layer
  }

  private static func frames(_ time: Int, seed: UInt64) -> Tensor {
    var random = RandomSource(seed: seed)
    return .random([time, 2, 3], &random)
  }

  @Test(arguments: kinds)
  func piecesHaveTheBitsOfTheWhole(kind: RecurrenceKind) {
    let layer = Self.layer(kind)
    let x = Self.frames(7, seed: 81)
    let whole = layer(Variable(x), frameLengths: [7, 7]).tensor.scalars
    var (training, inference) = (RecurrentState(), RecurrentState())
    var (trained, inferred): ([Float], [Float]) = ([], [])
    for range in [0..<3, 3..<4, 4..<7] {
      let piece = Tensor(
        x.scalars[range.lowerBound * 6..<range.upperBound * 6], shape: [range.count, 2, 3])
      let tape = Tape()
      trained += layer.advance(Variable(piece), state: &training, on: tape).tensor.scalars
      inferred += layer.advance(piece, state: &inference).scalars
    }
    #expect(trained == whole)
    #expect(inferred == whole)
  }

  /// The state before the piece is a constant, so a difference quotient holds it fixed.
  @Test(arguments: kinds, [1, 4])
  func gradientsAgreeWithCentralDifferences(kind: RecurrenceKind, time: Int) {
    let layer = Self.layer(kind)
    var start = RecurrentState()
    _ = layer.advance(Self.frames(3, seed: 82), state: &start)
    expectGradients(of: layer, inputs: [Self.frames(time, seed: 83)]) { layer, x, tape in
      var state = start
      return layer.advance(x[0], state: &state, on: tape)
    }
  }

  /// Without a state before it, a piece is a sequence.
  @Test(arguments: kinds)
  func theFirstPieceHasTheGradientsOfACall(kind: RecurrenceKind) throws {
    let layer = Self.layer(kind)
    let x = Self.frames(4, seed: 84)
    func gradients(_ forward: (Variable, Tape) -> Variable) -> [Tensor?] {
      let tape = Tape()
      let y = forward(Variable(x), tape)
      let found = tape.gradients(of: y, seed: y.tensor).parameters
      return layer.namedParameters.map { found[$0.parameter] }
    }
    let pieces = gradients { x, tape in
      var state = RecurrentState()
      return layer.advance(x, state: &state, on: tape)
    }
    #expect(pieces == gradients { layer($0, frameLengths: [4, 4], on: $1) })
  }

  /// A state that was stored and read again leads to the same bits, whatever the numbers' kind.
  @Test(arguments: kinds, [Precision.fp32, .bf16])
  func storedStatesGoOnWithTheSameBits(kind: RecurrenceKind, precision: Precision) throws {
    var layer = Self.layer(kind)
    layer.setPrecision(precision)
    var state = RecurrentState()
    #expect(state.stored == nil)
    _ = layer.advance(Self.frames(3, seed: 85), state: &state)
    let (carried, hidden) = try #require(state.stored)
    var read = RecurrentState(carried: carried, hidden: hidden)
    let x = Self.frames(4, seed: 86)
    #expect(layer.advance(x, state: &read) == layer.advance(x, state: &state))
  }

  @Test func aStateOfAnotherBatchTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = RecurrentLayer.gru(inputSize: 3, hiddenSize: 5, random: &random)
      var state = RecurrentState()
      _ = layer.advance(Tensor(zeros: [2, 3, 3]), state: &state)
      _ = layer.advance(Variable(Tensor(zeros: [2, 2, 3])), state: &state, on: Tape())
    }
  }

  @Test func readingBackwardTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = RecurrentLayer.gru(
        inputSize: 3, hiddenSize: 5, direction: .bidirectional, random: &random)
      var state = RecurrentState()
      _ = layer.advance(Variable(Tensor(zeros: [2, 2, 3])), state: &state, on: Tape())
    }
  }
}

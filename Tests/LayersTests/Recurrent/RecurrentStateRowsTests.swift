import Layers
import Tensors
import TestSupport
import Testing

@Suite struct RecurrentStateRowsTests {
  @Test(arguments: [RecurrenceKind.rnn(.tanh), .lstm, .gru], [Precision.fp32, .bf16])
  func rowsGoOnFromThePastThatTheyAreOf(kind: RecurrenceKind, precision: Precision) {
    var random = RandomSource(seed: 5)
    var layer = RecurrentLayer(kind, inputSize: 3, hiddenSize: 7, random: &random)
    layer.setPrecision(precision)
    let past = Tensor.random([4, 3, 3], &random)
    let rows = [2, 0, 0, 1, 2]
    let next = Tensor.random([2, 5, 3], &random)
    var state = RecurrentState()
    _ = layer.advance(past, state: &state)
    state = state.rows(rows, of: 3)
    let found = layer.advance(next, state: &state)
    // The same rows, taken apart before the first frame.
    var apart = RecurrentState()
    _ = layer.advance(
      Tensor(
        (0..<4).flatMap { t in rows.flatMap { r in (0..<3).map { past[t, r, $0] } } },
        shape: [4, 5, 3]),
      state: &apart)
    #expect(layer.advance(next, state: &apart) == found)
  }

  @Test func aStateBeforeTheFirstFrameHasNoRows() {
    var random = RandomSource(seed: 6)
    let layer = RecurrentLayer.gru(inputSize: 2, hiddenSize: 3, random: &random)
    let frames = Tensor.random([1, 4, 2], &random)
    var (fresh, selected) = (RecurrentState(), RecurrentState().rows([0, 0, 1, 1], of: 2))
    #expect(layer.advance(frames, state: &fresh) == layer.advance(frames, state: &selected))
  }
}

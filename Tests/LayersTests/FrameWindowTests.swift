import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Layers over blocks of frames.
@Suite struct FrameWindowTests {
  private func frames(_ values: [Float]) -> Tensor { Tensor(values, shape: [values.count, 1, 1]) }

  /// Sums of three neighbours at every second frame.
  private func sums(_ x: Tensor) -> Tensor {
    let values: [Float] = [0] + x.scalars + [0]
    let sums: [Float] = stride(from: 0, to: x.shape[0], by: 2).map { (index: Int) -> Float in
      values[index] + values[index + 1] + values[index + 2]
    }
    return frames(sums)
  }

  @Test func handWorkedCase() {
    var window = FrameWindow(before: 1, after: 1, stride: 2, outputSize: 1)
    #expect(window.advance(frames([1]), layer: sums).shape == [0, 1, 1])
    #expect(window.advance(frames([2]), layer: sums).scalars == [3])
    #expect(window.advance(frames([4]), layer: sums).scalars == [])
    #expect(window.advance(frames([8, 16, 32]), layer: sums).scalars == [14, 56])
    #expect(window.advance(frames([]), layer: sums).scalars == [])
    let last = window.finish(frames([64]), outputLength: { ($0 + 1) / 2 }, layer: sums)
    #expect(last.scalars == [96])
  }

  @Test func aStrideBeyondTheWindowSkipsFrames() {
    var window = FrameWindow(before: 0, after: 0, stride: 3, outputSize: 1)
    func every(_ x: Tensor) -> Tensor {
      frames(stride(from: 0, to: x.shape[0], by: 3).map { x.scalars[$0] })
    }
    var found: [Float] = []
    for value in 0..<11 { found += window.advance(frames([Float(value)]), layer: every).scalars }
    #expect(found == [0, 3, 6, 9])
    let rest = window.finish(frames([]), outputLength: { ($0 + 2) / 3 }, layer: every)
    #expect(rest.scalars == [])
  }

  @Test func nothingHasNoOutput() {
    var window = FrameWindow(before: 2, after: 2, outputSize: 5)
    let layer = { (x: Tensor) in x }
    #expect(window.finish(frames([]), outputLength: { $0 + 1 }, layer: layer).shape == [0, 1, 5])
  }

  @Test(arguments: [RecurrenceKind.rnn(.relu), .lstm, .gru])
  func aRecurrentLayerGoesOnForEveryRow(kind: RecurrenceKind) {
    for (precision, batch) in [(Precision.fp32, 1), (.fp32, 5), (.bf16, 3)] {
      var random = RandomSource(seed: 30)
      var layer = RecurrentLayer(
        kind, inputSize: 7, hiddenSize: 21, peepholes: kind == .lstm, random: &random)
      layer.setPrecision(precision)
      let x = Tensor.random([40, batch, 7], &random)
      let lengths = [Int](repeating: 40, count: batch)
      let whole = layer(Variable(x), frameLengths: lengths).tensor
      var state = RecurrentState()
      var found: [Float] = []
      for range in [0..<1, 1..<1, 1..<2, 2..<19, 19..<40] {
        found += layer.advance(x.frames(range), state: &state).scalars
      }
      #expect(found == whole.scalars, "\(precision), a batch of \(batch)")
    }
  }
}

import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct FrameSplicingTests {
  @Test func handWorkedCase() {
    let x = Tensor([1, 10, 2, 20, 3, 99], shape: [3, 2, 1])
    let (y, lengths) = FrameSplicing(contextSize: 1)(Variable(x), frameLengths: [3, 2])
    #expect(lengths == [3, 2])
    #expect(
      y.tensor
        == Tensor([0, 1, 2, 0, 10, 20, 1, 2, 3, 10, 20, 0, 2, 3, 0, 0, 0, 0], shape: [3, 2, 3]))
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("splicing")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let layer = FrameSplicing(contextSize: 2, stride: 2)
    let (y, lengths) = layer(x, frameLengths: [7, 5], on: tape)
    #expect(lengths == [4, 3])
    let expected = try reference.tensor("y")
    #expect(y.tensor == expected)
    let gradient = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x]
    ).variables[0]
    // Sums of at most three terms.
    expectClose(
      try #require(gradient), try reference.tensor("gradient"), absolute: 1e-6)
  }

  @Test(arguments: [(0, 1), (2, 1), (1, 2), (1, 5)])
  func gradientsAgreeWithCentralDifferences(_ setting: (context: Int, stride: Int)) {
    var random = RandomSource(seed: 4)
    let layer = FrameSplicing(contextSize: setting.context, stride: setting.stride)
    expectGradients(of: layer, inputs: [.random([7, 2, 3], &random)]) { layer, x, tape in
      layer(x[0], frameLengths: [7, 4], on: tape).output
    }
  }

  @Test(arguments: [(3, 1), (2, 3), (0, 4)])
  func raggedBatchEqualsItems(_ setting: (context: Int, stride: Int)) {
    var random = RandomSource(seed: 5)
    let layer = FrameSplicing(contextSize: setting.context, stride: setting.stride)
    let x = Tensor.random([9, 4, 2], &random)
    expectRaggedEqualsItems(layer, x, lengths: [9, 1, 0, 6], layout: .sequence) {
      layer, x, lengths, tape in
      let (output, lengths) = layer(x, frameLengths: lengths, on: tape)
      return (output, lengths)
    }
  }

  @Test func missingLengthTraps() async {
    await #expect(processExitsWith: .failure) {
      let x = Variable(Tensor(zeros: [4, 2, 3]))
      _ = FrameSplicing(contextSize: 1)(x, frameLengths: [4])
    }
  }
}

import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct LookaheadConvolutionTests {
  @Test func handWorkedCase() {
    var random = RandomSource(seed: 20)
    var layer = LookaheadConvolution(featureSize: 1, contextSize: 2, random: &random)
    layer.weight.value = Tensor(rows: [[1], [10], [100]])
    let x = Tensor([1, 5, 2, 6, 3, 7, 4, 8], shape: [4, 2, 1])
    let y = layer(Variable(x), frameLengths: [4, 2])
    #expect(y.tensor.scalars == [321, 65, 432, 6, 43, 0, 4, 0])
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("lookahead")
    var random = RandomSource(seed: 21)
    var layer = LookaheadConvolution(featureSize: 5, contextSize: 3, random: &random)
    layer.weight.value = try reference.tensor("weight")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let y = layer(x, frameLengths: [9, 3], on: tape)
    // Sums of at most 12 products of values below 3.
    expectClose(y.tensor, try reference.tensor("y"), absolute: 4e-6)
    let gradients = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x])
    expectClose(
      try #require(gradients.variables[0]), try reference.tensor("dx"), absolute: 4e-6)
    expectClose(
      try #require(gradients.parameters[layer.weight]), try reference.tensor("dweight"),
      absolute: 1e-5)
  }

  /// Widths around one and two vectors of every instruction set, and windows longer than the rows.
  @Test(arguments: [(1, 0), (37, 2), (70, 9)])
  func gradientsAgreeWithCentralDifferences(_ size: (feature: Int, context: Int)) {
    var random = RandomSource(seed: 22)
    let layer = LookaheadConvolution(
      featureSize: size.feature, contextSize: size.context, random: &random)
    expectGradients(of: layer, inputs: [.random([8, 2, size.feature], &random)]) {
      layer, x, tape in layer(x[0], frameLengths: [8, 5], on: tape)
    }
  }

  @Test(arguments: [3, 300]) func raggedBatchEqualsItems(_ feature: Int) {
    var random = RandomSource(seed: 23)
    let layer = LookaheadConvolution(featureSize: feature, contextSize: 5, random: &random)
    let x = Tensor.random([14, 4, feature], &random)
    expectRaggedEqualsItems(layer, x, lengths: [14, 0, 3, 9], layout: .sequence) {
      layer, x, lengths, tape in (layer(x, frameLengths: lengths, on: tape), lengths)
    }
  }

  @Test func wrongFeatureSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = LookaheadConvolution(featureSize: 4, contextSize: 1, random: &random)
      _ = layer(Variable(Tensor(zeros: [2, 1, 5])), frameLengths: [2])
    }
  }
}

import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct LayerNormTests {
  @Test func handWorkedCase() {
    var layer = LayerNorm(featureSize: 2, epsilon: 3)
    layer.weight.value = Tensor([1, 4])
    layer.bias.value = Tensor([0, 10])
    // Mean 4, variance 1, root of variance plus epsilon 2.
    let y = layer(Variable(Tensor(rows: [[3, 5]])))
    #expect(y.tensor == Tensor(rows: [[-0.5, 12]]))
  }

  @Test func agreesWithReference() throws {
    let reference = try Reference("layer_norm")
    var layer = LayerNorm(featureSize: 21)
    layer.weight.value = try reference.tensor("weight")
    layer.bias.value = try reference.tensor("bias")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let y = layer(x, on: tape)
    // Sums of 21 values near one, then a quotient.
    expectClose(y.tensor, try reference.tensor("y"), absolute: 4e-6)
    let gradients = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x])
    expectClose(
      try #require(gradients.variables[0]), try reference.tensor("dx"), absolute: 4e-6)
    expectClose(
      try #require(gradients.parameters[layer.weight]), try reference.tensor("dweight"),
      absolute: 1e-5)
    expectClose(
      try #require(gradients.parameters[layer.bias]), try reference.tensor("dbias"),
      absolute: 1e-5)
  }

  @Test(arguments: [5, 33]) func gradientsAgreeWithCentralDifferences(_ featureSize: Int) {
    var random = RandomSource(seed: 9)
    let layer = LayerNorm(featureSize: featureSize)
    expectGradients(of: layer, inputs: [.random([3, 2, featureSize], &random)]) {
      layer, x, tape in layer(x[0], on: tape)
    }
  }

  @Test func framesDoNotMeet() {
    var random = RandomSource(seed: 10)
    let layer = LayerNorm(featureSize: 18)
    let x = Tensor.random([5, 2, 18], &random)
    let whole = layer(Variable(x)).tensor
    let one = layer(Variable(BatchLayout.sequence.item(1, length: 3, of: x))).tensor
    #expect(BatchLayout.sequence.item(1, length: 3, of: whole) == one)
  }

  @Test func wrongFeatureSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = LayerNorm(featureSize: 4)(Variable(Tensor(zeros: [2, 5])))
    }
  }
}

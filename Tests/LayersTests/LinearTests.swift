import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct LinearTests {
  @Test func handWorkedCase() {
    var random = RandomSource(seed: 1)
    var layer = Linear(inputSize: 2, outputSize: 3, random: &random)
    layer.weight.value = Tensor(rows: [[1, 2], [3, 4], [5, 6]])
    layer.bias.value = Tensor([10, 20, 30])
    let y = layer(Variable(Tensor(rows: [[1, 1], [0, -1]])))
    #expect(y.tensor == Tensor(rows: [[13, 27, 41], [8, 16, 24]]))
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 2)
    let layer = Linear(inputSize: 5, outputSize: 7, random: &random)
    expectGradients(of: layer, inputs: [.random([3, 4, 5], &random)]) { layer, x, tape in
      layer(x[0], on: tape)
    }
  }

  @Test func wrongInputSizeTraps() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomSource(seed: 1)
      let layer = Linear(inputSize: 2, outputSize: 3, random: &random)
      _ = layer(Variable(Tensor(zeros: [4, 5])))
    }
  }
}

import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct LogSoftmaxTests {
  @Test func handWorkedCase() {
    let x = Tensor(rows: [[0, logarithm(Float(3))], [1000, 1000]])
    let y = logSoftmax(Variable(x)).tensor
    let shares: [Float] = [0.25, 0.75, 0.5, 0.5]
    let expected = shares.map { (share: Float) -> Float in logarithm(share) }
    expectClose(y.scalars, expected, absolute: 1e-6)
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 12)
    expectGradients(of: NoParameters(), inputs: [.random([3, 4, 29], &random)]) { _, x, tape in
      logSoftmax(x[0], on: tape)
    }
  }
}

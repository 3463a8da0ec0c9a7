import Autograd
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct ActivationTests {
  @Test func handWorkedCase() {
    let x = Tensor([-2, -0.5, 0, 0.5, 3, 25])
    #expect(Activation.identity(x) == x)
    #expect(Activation.relu(x).scalars == [0, 0, 0, 0.5, 3, 25])
    #expect(Activation.clippedReLU(x).scalars == [0, 0, 0, 0.5, 3, 20])
    #expect(Activation.hardTanh(x).scalars == [-1, -0.5, 0, 0.5, 1, 1])
    expectClose(
      Activation.leakyReLU(x).scalars, [-0.02, -0.005, 0, 0.5, 3, 25], relative: 1e-7)
    #expect(Activation.sigmoid(x)[2] == 0.5)
    #expect(Activation.tanh(x)[2] == 0)
  }

  @Test(arguments: Activation.allCases) func agreesWithReference(_ activation: Activation) throws {
    let reference = try Reference("activations")
    let tape = Tape()
    let x = tape.watch(try reference.tensor("x"))
    let y = activation(x, on: tape)
    // tanh and sigmoid are good to a few ulp; their gradient loses what 1 − y cancels.
    expectClose(
      y.tensor, try reference.tensor(activation.rawValue), absolute: 2e-7, relative: 4e-7)
    let gradient = tape.gradients(
      of: y, seed: try reference.tensor("seed"), withRespectTo: [x]
    ).variables[0]
    expectClose(
      try #require(gradient), try reference.tensor(activation.rawValue + ".gradient"),
      absolute: 1e-6, relative: 1e-6)
  }

  @Test(arguments: Activation.allCases)
  func gradientsAgreeWithCentralDifferences(_ activation: Activation) {
    var random = RandomSource(seed: 3)
    // Away from the kinks at −1, 0, 1 and 20, where there is no derivative.
    let x = Tensor(
      (0..<35).map { _ in random.uniform(in: 0.1...0.9) + Float(random.integer(in: -2...1)) },
      shape: [5, 7])
    expectGradients(of: ActivationLayer(activation), inputs: [x]) { layer, x, tape in
      layer(x[0], on: tape)
    }
  }

  @Test(arguments: Activation.allCases) func keepsNaN(_ activation: Activation) {
    let y = activation(Tensor([1, .nan, 2]))
    #expect(y[1].isNaN && y[0].isFinite && y[2].isFinite)
  }

  @Test func gradientOfAnotherShapeTraps() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let x = tape.watch(Tensor(zeros: [2, 3]))
      let y = Activation.relu(x, on: tape)
      _ = tape.gradients(of: y, seed: Tensor(zeros: [3, 2]), withRespectTo: [x])
    }
  }
}

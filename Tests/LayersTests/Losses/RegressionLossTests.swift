import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct RegressionLossTests {
  typealias Loss = @Sendable (Variable, Tensor, Tensor?, Tape?) -> Variable
  static let losses: [(name: String, loss: Loss)] = [
    ("squared", { squaredError(prediction: $0, target: $1, weights: $2, on: $3) }),
    ("absolute", { absoluteError(prediction: $0, target: $1, weights: $2, on: $3) }),
    ("huber", { huberLoss(prediction: $0, target: $1, threshold: 0.7, weights: $2, on: $3) }),
    (
      "gaussian",
      { gaussianLoss(prediction: $0, target: $1, minimumScale: 0.01, weights: $2, on: $3) }
    ),
  ]

  @Test func handWorkedCases() {
    let y = Variable(Tensor([3, -1, 100]))
    let t = Tensor([1, 1, .nan])
    let mask = Tensor([1, 3, 0])
    #expect(squaredError(prediction: y, target: t, weights: mask).tensor.item == 4)
    #expect(absoluteError(prediction: y, target: t, weights: mask).tensor.item == 2)
    #expect(huberLoss(prediction: y, target: t, threshold: 1, weights: mask).tensor.item == 1.5)
    let sum = squaredError(prediction: y, target: t, weights: mask, reduction: .sum)
    #expect(sum.tensor.item == 16)
    // Two levels: above the target by 2 costs 2 · (1 − q), below by 2 costs 2 q.
    let quantiles = Variable(Tensor(rows: [[3, -1]]))
    let loss = quantileLoss(prediction: quantiles, target: Tensor([1]), levels: [0.75, 0.25])
    #expect(loss.tensor.item == 0.5)
  }

  @Test func equalPyTorch() throws {
    let reference = try Reference("regression_losses")
    let target = try reference.tensor("target")
    for (name, loss) in Self.losses {
      let tape = Tape()
      let input = name == "gaussian" ? "parameters" : "prediction"
      let y = tape.watch(try reference.tensor(input))
      let value = loss(y, target, nil, tape)
      // The Gaussian divides by deviations down to some tenths.
      expectClose(value.tensor, try reference.tensor(name), relative: 2e-6, name)
      let gradient = try #require(tape.gradients(of: value, withRespectTo: [y]).variables[0])
      expectClose(
        gradient, try reference.tensor(name + ".gradient"), absolute: 1e-6, relative: 1e-5, name)
    }
  }

  @Test func gradientsAgreeWithCentralDifferences() {
    var random = RandomSource(seed: 64)
    // Far from the kinks of the absolute error and of the quantiles.
    let target = Tensor.random([4, 5], in: 2...3, &random)
    let weights = Tensor((0..<20).map { Float($0 % 3) }, shape: [4, 5])
    for (name, loss) in Self.losses {
      let shape: Shape = name == "gaussian" ? [4, 5, 2] : [4, 5]
      expectGradients(of: NoParameters(), inputs: [.random(shape, &random)]) { _, x, tape in
        loss(x[0], target, weights, tape)
      }
    }
    expectGradients(of: NoParameters(), inputs: [.random([4, 5, 3], &random)]) { _, x, tape in
      quantileLoss(
        prediction: x[0], target: target, levels: [0.1, 0.5, 0.9], weights: weights, on: tape)
    }
  }

  @Test func whatHasNoWeightIsNotReadAndGetsNoGradient() {
    let target = Tensor([1, .nan])
    for (name, loss) in Self.losses {
      let tape = Tape()
      let y = tape.watch(Tensor(repeating: 2, name == "gaussian" ? [2, 2] : [2]))
      let value = loss(y, target, Tensor([1, 0]), tape)
      #expect(value.tensor.item.isFinite, "\(name)")
      let gradient = tape.gradients(of: value, withRespectTo: [y]).variables[0]?.scalars ?? []
      #expect(gradient.suffix(gradient.count / 2).allSatisfy { $0 == 0 }, "\(name)")
      #expect(gradient[0] != 0, "\(name)")
      #expect(loss(y, target, Tensor([0, 0]), nil).tensor.item == 0, "\(name)")
    }
  }

  @Test func aDeviationNeverVanishes() {
    #expect(gaussianScale(-1000) == 1e-3)
    expectClose([gaussianScale(50)], [50.001], relative: 1e-6)
    expectClose([gaussianScale(0, minimumScale: 0)], [logarithm(Float(2))], relative: 1e-6)
  }

  @Test func wrongShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = squaredError(prediction: Variable(Tensor(zeros: [3])), target: Tensor(zeros: [2]))
    }
    await #expect(processExitsWith: .failure) {
      _ = gaussianLoss(prediction: Variable(Tensor(zeros: [2, 3])), target: Tensor(zeros: [3]))
    }
  }
}

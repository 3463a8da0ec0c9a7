import Autograd
import Foundation
import Layers
import Tensors
import Testing

@Suite struct NonFiniteGuardTests {
  @Test func countsInARowAndInAll() throws {
    var watch = NonFiniteGuard(maximumConsecutive: 2, maximumTotal: 10)
    #expect(try watch.mayStep(0, loss: 1, gradientNorm: 1))
    #expect(try !watch.mayStep(1, loss: .nan, gradientNorm: 1))
    #expect(try !watch.mayStep(2, loss: 1, gradientNorm: .infinity))
    #expect(watch.consecutive == 2 && watch.total == 2)
    #expect(try watch.mayStep(3, loss: 1, gradientNorm: 0))
    #expect(watch.consecutive == 0 && watch.total == 2)
    #expect(try !watch.mayStep(4, loss: .infinity, gradientNorm: .nan))
    let stored = try JSONEncoder().encode(watch)
    #expect(try JSONDecoder().decode(NonFiniteGuard.self, from: stored) == watch)
  }

  @Test func tooManyInARowEndTheTraining() throws {
    var watch = NonFiniteGuard(maximumConsecutive: 2, maximumTotal: 10)
    #expect(try !watch.mayStep(7, loss: .nan, gradientNorm: 1))
    #expect(try !watch.mayStep(8, loss: .nan, gradientNorm: 1))
    #expect {
      try watch.mayStep(9, loss: .infinity, gradientNorm: 2)
    } throws: { error in
      guard let error = error as? TrainingDivergedError else { return false }
      return error.step == 9 && error.consecutive == 3 && error.total == 3
        && error.loss == .infinity && error.gradientNorm == 2
        && error.description.contains("step 9") && error.description.contains("learning rate")
    }
  }

  @Test func tooManyInAllEndTheTraining() throws {
    var watch = NonFiniteGuard(maximumConsecutive: 2, maximumTotal: 3)
    for step in 0..<3 {
      #expect(try !watch.mayStep(2 * step, loss: .infinity, gradientNorm: 1))
      #expect(try watch.mayStep(2 * step + 1, loss: 1, gradientNorm: 1))
    }
    #expect(throws: TrainingDivergedError.self) {
      try watch.mayStep(6, loss: .infinity, gradientNorm: 1)
    }
  }

  /// The way of a broken logit through loss, gradient and guard.
  @Test func brokenLogitsSkipTheStep() throws {
    var random = RandomSource(seed: 19)
    var layer = Linear(inputSize: 3, outputSize: 4, random: &random)
    layer.weight.value[1, 1] = .nan
    let tape = Tape()
    let logits = layer(Variable(Tensor(repeating: 1, [5, 1, 3])), on: tape)
    let loss = ctcLoss(logits: logits, frameLengths: [5], targets: [[1, 2]], on: tape).loss
    let gradients = tape.gradients(of: loss).parameters
    #expect(loss.tensor.item.isNaN)
    #expect(gradients[layer.bias]?.scalars == [0, 0, 0, 0])
    var watch = NonFiniteGuard()
    #expect(
      try !watch.mayStep(
        0, loss: loss.tensor.item, gradientNorm: layer.gradientNorm(gradients)))
  }
}

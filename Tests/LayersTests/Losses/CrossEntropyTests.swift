import Autograd
import Layers
import TestSupport
import Tensors
import Testing

@Suite struct CrossEntropyTests {
  @Test func handWorkedCase() {
    // Shares of a quarter and three quarters: −log ¾ and −log ¼, and the row of padding.
    let logits = Tensor(rows: [[0, logarithm(Float(3))], [0, logarithm(Float(3))], [9, 9]])
    let tape = Tape()
    let x = tape.watch(logits)
    let (loss, costs) = crossEntropy(logits: x, targets: [1, 0, -1], ignoredLabel: -1, on: tape)
    let expected = [Float(0.75), 0.25].map { -logarithm($0) }
    expectClose(costs, expected + [0], absolute: 1e-6)
    expectClose([loss.tensor.item], [(expected[0] + expected[1]) / 2], absolute: 1e-6)
    let gradient = tape.gradients(of: loss, withRespectTo: [x]).variables[0]
    expectClose(
      gradient?.scalars ?? [], [0.125, -0.125, -0.375, 0.375, 0, 0], absolute: 1e-6)
  }

  @Test func equalsPyTorch() throws {
    let reference = try Reference("cross_entropy")
    let logits = try reference.tensor("logits")
    let targets = try reference.tensor("targets").scalars.map { Int($0) }
    let weights = try reference.tensor("weights").scalars
    for smoothing in [Float(0), 0.1, 1] {
      for (name, weights) in [("plain", nil), ("weighted", weights)] {
        for reduction in LossReduction.allCases {
          let key = "\(name).\(reduction.rawValue).\(smoothing)"
          let tape = Tape()
          let x = tape.watch(logits)
          let loss = crossEntropy(
            logits: x, targets: targets, ignoredLabel: -1, labelSmoothing: smoothing,
            classWeights: weights, reduction: reduction, on: tape
          ).loss
          // Of 37 terms near ten each.
          expectClose(
            loss.tensor, try reference.tensor(key), absolute: 1e-6, relative: 2e-6, key)
          let gradient = try #require(
            tape.gradients(of: loss, withRespectTo: [x]).variables[0])
          expectClose(
            gradient, try reference.tensor(key + ".gradient"), absolute: 5e-7, relative: 1e-5, key)
        }
      }
    }
  }

  @Test func equalsTheCompositionOfSingleOperations() {
    var random = RandomSource(seed: 61)
    for columns in [1, 2, 15, 16, 17, 33, 1000] {
      let logits = Tensor.random([6, columns], in: -30...30, &random)
      let targets = (0..<6).map { _ in random.integer(in: 0...columns - 1) }
      let costs = crossEntropy(logits: Variable(logits), targets: targets).perRow
      let logProbabilities = logSoftmax(Variable(logits)).tensor
      let expected = targets.enumerated().map { -logProbabilities[$0, $1] }
      expectClose(costs, expected, absolute: 1e-5, relative: 1e-6, "columns \(columns), seed 61")
    }
  }

  @Test(arguments: [Float(0), 0.2])
  func gradientsAgreeWithCentralDifferences(smoothing: Float) {
    var random = RandomSource(seed: 62)
    let weights = (0..<19).map { _ in random.uniform() }
    expectGradients(of: NoParameters(), inputs: [.random([2, 3, 19], &random)]) { _, x, tape in
      crossEntropy(
        logits: x[0], targets: [4, 18, 0, 7, 7, 3], ignoredLabel: 7, labelSmoothing: smoothing,
        classWeights: weights, on: tape
      ).loss
    }
  }

  @Test func rowsWithoutFiniteCostHaveNoGradient() {
    let infinity = Float.infinity
    let tape = Tape()
    let x = tape.watch(
      Tensor(rows: [[.nan, 0, 0], [0, infinity, 0], [-infinity, 0, 0], [0, -infinity, 0]]))
    let (loss, costs) = crossEntropy(logits: x, targets: [1, 0, 0, 0], reduction: .sum, on: tape)
    #expect(costs[0].isNaN && costs[1].isNaN && costs[2] == infinity)
    expectClose([costs[3]], [logarithm(Float(2))], absolute: 1e-6)
    let gradient = tape.gradients(of: loss, withRespectTo: [x]).variables[0]?.scalars ?? []
    #expect(gradient.prefix(9).allSatisfy { $0 == 0 })
    expectClose(gradient.suffix(3), [-0.5, 0, 0.5], absolute: 1e-6)
  }

  @Test func withoutTargetsTheLossIsZero() {
    let tape = Tape()
    let x = tape.watch(Tensor(repeating: 1, [2, 3]))
    let loss = crossEntropy(logits: x, targets: [0, 0], ignoredLabel: 0, on: tape).loss
    #expect(loss.tensor.item == 0)
    #expect(
      tape.gradients(of: loss, withRespectTo: [x]).variables[0] == Tensor(zeros: [2, 3]))
  }

  @Test func bitsDoNotDependOnThreads() {
    var random = RandomSource(seed: 63)
    let logits = Tensor.random([301, 97], &random)
    let targets = (0..<301).map { $0 % 97 }
    func run() -> [Tensor?] {
      let tape = Tape()
      let x = tape.watch(logits)
      let loss = crossEntropy(logits: x, targets: targets, labelSmoothing: 0.1, on: tape).loss
      return [loss.tensor] + tape.gradients(of: loss, withRespectTo: [x]).variables
    }
    let before = WorkerPool.threadCount
    defer { WorkerPool.threadCount = before }
    WorkerPool.threadCount = WorkerPool.coreCount
    let many = run()
    WorkerPool.threadCount = 1
    #expect(run() == many)
  }

  @Test func wrongTargetsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = crossEntropy(logits: Variable(Tensor(zeros: [2, 3])), targets: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = crossEntropy(logits: Variable(Tensor(zeros: [1, 3])), targets: [3])
    }
  }
}

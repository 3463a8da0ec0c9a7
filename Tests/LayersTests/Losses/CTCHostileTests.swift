import Autograd
import Layers
import TestSupport
import Tensors
import Testing

/// Inputs that make other implementations return NaN, read out of bounds, or stop.
@Suite struct CTCHostileTests {
  private static func logits(seed: UInt64, items: Int = 3) -> Tensor {
    var random = RandomSource(seed: seed)
    return .random([10, items, 5], in: -2...2, &random)
  }

  private func column(_ tensor: Tensor, _ item: Int) -> [Float] {
    (0..<tensor.shape[0]).flatMap { t in (0..<tensor.shape[2]).map { tensor[t, item, $0] } }
  }

  private func replaced(_ logits: Tensor, item: Int, frame: Int, with row: [Float]) -> Tensor {
    var copy = logits
    for (label, value) in row.enumerated() { copy[frame, item, label] = value }
    return copy
  }

  private let lengths = [10, 8, 9]
  private let targets = [[1, 2], [3, 3, 4], [2]]

  @Test(arguments: InfeasibleTargets.allCases)
  func tooFewFrames(_ infeasible: InfeasibleTargets) {
    // Three equal labels need five frames.
    let logits = Self.logits(seed: 5)
    let short = [10, 4, 9]
    let hostile = [[1, 2], [3, 3, 3], [2]]
    let found = ctc(logits, short, hostile, infeasible: infeasible)
    let without = ctc(logits, [10, 0, 9], [[1, 2], [], [2]])
    let cost: Float = infeasible == .infinite ? .infinity : 0
    #expect(found.costs == [without.costs[0], cost, without.costs[2]])
    #expect(found.gradient == without.gradient)
    #expect(found.loss == (infeasible == .infinite ? .infinity : without.loss))
    #expect(ctcMinimumFrames(for: hostile[1]) == 5)
    let enough = ctc(logits, [10, 5, 9], hostile, infeasible: infeasible)
    #expect(enough.costs[1] > 0 && enough.costs[1].isFinite)
  }

  @Test func labelOfProbabilityZero() {
    var logits = Self.logits(seed: 6)
    for t in 0..<10 { logits[t, 1, 4] = -.infinity }
    let found = ctc(logits, lengths, targets)
    #expect(found.costs[1] == .infinity)
    #expect(column(found.gradient, 1).allSatisfy { $0 == 0 })
    // Where nothing needs the label, it does no harm.
    let other = ctc(logits, lengths, [[1, 2], [3, 3, 1], [2]])
    #expect(other.costs.allSatisfy { $0.isFinite && $0 > 0 })
    for t in 0..<8 { #expect(other.gradient[t, 1, 4] == 0) }
    #expect(other.gradient.scalars.allSatisfy { $0.isFinite })
  }

  @Test func minusInfinityInSomeFramesEqualsEnumeration() {
    var logits = Self.logits(seed: 7, items: 1)
    for (t, label) in [(0, 1), (1, 0), (2, 3), (3, 0), (3, 3)] { logits[t, 0, label] = -.infinity }
    let rows = (0..<5).map { t in (0..<5).map { Double(logits[t, 0, $0]) } }
    let expected = CTCEnumeration(logits: rows, target: [1, 3], blank: 0).costAndGradient
    let found = ctc(logits, [5], [[1, 3]])
    expectClose(found.costs, [Float(expected.cost)], relative: 1e-6)
    expectClose(
      column(found.gradient, 0).prefix(25), expected.gradient.flatMap { $0.map(Float.init) },
      absolute: 1e-6)
  }

  @Test(arguments: [
    [Float.nan, 0, 0, 0, 0], [0, 0, 0, 0, Float.nan], [0, .infinity, 0, 0, 0],
    [Float](repeating: -.infinity, count: 5),
  ])
  func logitsWithoutSoftmaxCostNaN(_ row: [Float]) {
    let logits = Self.logits(seed: 8)
    let clean = ctc(logits, lengths, targets)
    for infeasible in InfeasibleTargets.allCases {
      let found = ctc(
        replaced(logits, item: 1, frame: 7, with: row), lengths, targets, infeasible: infeasible)
      #expect(found.costs[1].isNaN && found.loss.isNaN)
      #expect(found.costs[0] == clean.costs[0] && found.costs[2] == clean.costs[2])
      #expect(column(found.gradient, 1).allSatisfy { $0 == 0 })
      #expect(column(found.gradient, 0) == column(clean.gradient, 0))
    }
    // The same row in the padding is not read.
    let padded = ctc(replaced(logits, item: 1, frame: 8, with: row), lengths, targets)
    #expect(padded.costs == clean.costs && padded.gradient == clean.gradient)
  }

  @Test func noFrames() {
    let found = ctc(Self.logits(seed: 9), [0, 0, 10], [[], [1], []])
    #expect(found.costs[0] == 0 && found.costs[1] == .infinity && found.costs[2] > 0)
    #expect(column(found.gradient, 0).allSatisfy { $0 == 0 })
    #expect(found.gradient.scalars.allSatisfy { $0.isFinite })
    let empty = ctc(Tensor(zeros: [0, 2, 5]), [0, 0], [[], [1]], infeasible: .zeroed)
    #expect(empty.costs == [0, 0] && empty.loss == 0)
  }

  @Test func onlyTheBlank() {
    let found = ctc(Tensor(repeating: -3, [4, 1, 1]), [4], [[]])
    #expect(found.costs == [0])
    #expect(found.gradient.scalars.allSatisfy { $0 == 0 })
  }

  /// The softmax is saturated: costs are differences of logits, to be had without overflow.
  @Test func hugeLogits() {
    var logits = Tensor(repeating: -20_000, [6, 1, 3])
    for t in 0..<6 { logits[t, 0, 0] = 20_000 }
    let found = ctc(logits, [6], [[1, 2]])
    // Two of six frames pay 40,000; any of the C(6, 2) = 15 pairs of frames does.
    expectClose(found.costs, [80_000 - logarithm(15)], relative: 2e-7)
    // An ulp of 80,000 is 2⁻⁷, and a posterior is the exponential of such numbers' difference.
    expectClose(
      (0..<6).map { found.gradient[$0, 0, 1] + found.gradient[$0, 0, 2] },
      [Float](repeating: -2 / 6, count: 6), relative: 0x1p-7)
  }

  @Test func certainTargetCostsNothing() {
    var logits = Tensor(repeating: -200, [5, 1, 4])
    for (t, label) in [0, 1, 1, 0, 2].enumerated() { logits[t, 0, label] = 200 }
    let found = ctc(logits, [5], [[1, 2]])
    #expect(found.costs == [0])
    expectClose(found.gradient, Tensor(zeros: [5, 1, 4]), absolute: 1e-6)
  }

  @Test func bitsDoNotDependOnThreadsNorOnTheBatch() {
    var random = RandomSource(seed: 10)
    let logits = Tensor.random([60, 7, 31], in: -4...4, &random)
    let lengths = [60, 59, 40, 33, 60, 12, 1]
    let targets = (0..<7).map { item in
      (0..<item * 3).map { _ in random.integer(in: 1...30) }
    }
    let all = ctc(logits, lengths, targets)
    WorkerPool.threadCount = 1
    let one = ctc(logits, lengths, targets)
    WorkerPool.threadCount = WorkerPool.coreCount
    #expect(all.costs == one.costs && all.gradient == one.gradient && all.loss == one.loss)
    for item in 0..<7 {
      let alone = Tensor(column(logits, item), shape: [60, 1, 31])
      let found = ctc(alone, [lengths[item]], [targets[item]])
      #expect(found.costs[0] == all.costs[item])
      #expect(found.gradient.scalars == column(all.gradient, item))
    }
  }

  @Test func reductionsAndTheGradientFromAbove() {
    let logits = Self.logits(seed: 11)
    let sum = ctc(logits, lengths, targets)
    expectClose([sum.loss], [sum.costs.reduce(0, +)], relative: 1e-6)
    let mean = ctc(logits, lengths, targets, reduction: .mean, normalizesByTargetLength: true)
    expectClose(
      [mean.loss], [zip(sum.costs, targets).reduce(0) { $0 + $1.0 / Float($1.1.count) } / 3],
      relative: 1e-6)
    expectClose(
      column(mean.gradient, 1), column(sum.gradient, 1).map { $0 / 9 }, absolute: 1e-7,
      relative: 1e-6)
    let tape = Tape()
    let x = tape.watch(logits)
    let loss = ctcLoss(
      logits: x, frameLengths: lengths, targets: targets, reduction: .sum, on: tape
    ).loss
    let tripled = tape.gradients(of: loss, seed: Tensor(scalar: 3), withRespectTo: [x])
    expectClose(
      tripled.variables[0]?.scalars ?? [], sum.gradient.scalars.map { 3 * $0 }, relative: 1e-6)
    let untaped = ctcLoss(
      logits: Variable(logits), frameLengths: lengths, targets: targets, reduction: .sum)
    #expect(untaped.loss.tensor.item == sum.loss && untaped.perSequence == sum.costs)
  }

  @Test func wrongArgumentsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ctc(Tensor(zeros: [4, 1, 3]), [4], [[1, 0]])  // the blank as a label
    }
    await #expect(processExitsWith: .failure) {
      _ = ctc(Tensor(zeros: [4, 1, 3]), [4], [[3]])  // a label that does not exist
    }
    await #expect(processExitsWith: .failure) {
      _ = ctc(Tensor(zeros: [4, 1, 3]), [5], [[1]])  // more frames than there are
    }
    await #expect(processExitsWith: .failure) {
      _ = ctc(Tensor(zeros: [4, 2, 3]), [4], [[1]])  // one target for two sequences
    }
  }
}

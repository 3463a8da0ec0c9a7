import Autograd
import Classification
import Layers
import Tensors
import TestSupport
import Testing

/// The four corners of a square and what a Boolean function makes of them.
private func corners(_ labels: [Int]) -> PerceptronExamples {
  PerceptronExamples(
    features: Tensor(rows: [[0, 0], [0, 1], [1, 0], [1, 1]]), labels: labels)
}

private func perceptron(
  _ variant: PerceptronConfiguration.Variant = .plain, features: Int = 2, classes: Int = 2
) -> Perceptron {
  var configuration = PerceptronConfiguration()
  configuration.variant = variant
  return Perceptron(configuration, featureCount: features, classCount: classes)
}

private func labels(_ perceptron: Perceptron, _ features: Tensor) -> [Int] {
  let scores = perceptron.scores(features)
  let (all, size) = (scores.scalars, perceptron.classCount)
  return (0..<features.shape[0]).map { row in
    (0..<size).max { (all[row * size + $0], -$0) < (all[row * size + $1], -$1) } ?? 0
  }
}

@Suite struct PerceptronTests {
  @Test func ruleWorkedByHand() {
    // OR of two bits, the classes −, +, +, +. From zero: (0,0) ties: −(0,0,1); (0,1) gives −1:
    // +(0,1,1); (1,0) gives 0: +(1,0,1); (1,1) gives 3, right.
    var unit = perceptron()
    #expect(unit.train(corners([0, 1, 1, 1])) == 3)
    #expect(unit.weight.value == Tensor(rows: [[1, 1, 1]]))
    // (0,0) gives 1: −(0,0,1); the others are right by 1, 1 and 2.
    #expect(unit.train(corners([0, 1, 1, 1])) == 1)
    #expect(unit.weight.value == Tensor(rows: [[1, 1, 0]]))
    // (0,0) ties once more, then (0,1) and (1,0) tie at −1 + 1 = 0, the second after the first's +1.
    #expect(unit.train(corners([0, 1, 1, 1])) == 2)
    #expect(unit.weight.value == Tensor(rows: [[1, 2, 0]]))
    var passes = 3
    while unit.train(corners([0, 1, 1, 1])) > 0, passes < 100 { passes += 1 }
    #expect(passes < 100 && unit.counts.mistakesOfPass == 0)
    #expect(labels(unit, corners([0, 1, 1, 1]).features) == [0, 1, 1, 1])
  }

  @Test func severalClassesWorkedByHand() {
    // All sums tie at zero, so the first example of each is a mistake.
    var units = perceptron(features: 2, classes: 3)
    let examples = PerceptronExamples(
      features: Tensor(rows: [[1, 0], [0, 1]]), labels: [2, 1])
    #expect(units.train(examples) == 2)
    // First: row 2 gains (1,0,1), row 0 loses it. Second: sums are −1, 0, 1: row 1 gains (0,1,1),
    // row 2 loses it.
    #expect(units.weight.value == Tensor(rows: [[-1, 0, -1], [0, 1, 1], [1, -1, 0]]))
    // Rows 1 and 2 tie for the first example; after that all is right.
    #expect(units.train(examples) == 1)
    #expect(units.weight.value == Tensor(rows: [[-1, 0, -1], [-1, 1, 0], [2, -1, 1]]))
    #expect(units.train(examples) == 0)
    #expect(labels(units, examples.features) == [2, 1])
  }

  @Test func averageIsThatOfTheWeightsAfterEachTrial() {
    var random = RandomSource(seed: 5)
    let features = Tensor.random([40, 3], &random)
    let labels = (0..<40).map { _ in random.integer(in: 0...3) }
    var sum = Tensor(zeros: [4, 4])
    var (plain, averaged) = (
      perceptron(features: 3, classes: 4), perceptron(.averaged, features: 3, classes: 4)
    )
    for _ in 0..<3 {
      for row in 0..<40 {
        let one = PerceptronExamples(
          features: Tensor(
            features.scalars[row * 3..<row * 3 + 3].map { $0 }, shape: [1, 3]),
          labels: [labels[row]])
        plain.train(one)
        sum.add(plain.weight.value)
      }
      averaged.train(PerceptronExamples(features: features, labels: labels))
    }
    sum.scale(by: 1.0 / 120)
    #expect(averaged.weight.value == plain.weight.value)
    expectClose(averaged.answer?.value ?? plain.weight.value, sum, absolute: 1e-4)
  }

  @Test func pocketKeepsTheBestWeights() {
    // One example is on the wrong side, so that no weights get all right and the last ones are bad.
    var random = RandomSource(seed: 9)
    let rows = (0..<60).map { row -> [Float] in
      [random.uniform(in: -1...1), (row % 2 == 0 ? 0.3 : -0.3) + random.uniform(in: -0.2...0.2)]
    }
    var labels = (0..<60).map { $0 % 2 }
    for wrong in [4, 17, 33] { labels[wrong] = 1 - labels[wrong] }
    let examples = PerceptronExamples(features: Tensor(rows: rows), labels: labels)
    var unit = perceptron(.pocket)
    for _ in 0..<30 { unit.train(examples) }
    let found = zip(Self.answers(unit, examples), labels).count { $0 == $1 }
    #expect(unit.counts.bestCorrect == found)
    #expect(found == 57)
  }

  private static func answers(_ unit: Perceptron, _ examples: PerceptronExamples) -> [Int] {
    labels(unit, examples.features)
  }

  @Test(arguments: PerceptronConfiguration.Variant.allCases)
  func batchesDoNotMatter(variant: PerceptronConfiguration.Variant) {
    var random = RandomSource(seed: 3)
    let features = Tensor.random([50, 9], &random)
    let labels = (0..<50).map { _ in random.integer(in: 0...2) }
    let examples = PerceptronExamples(features: features, labels: labels)
    var (whole, pieces) = (
      perceptron(variant, features: 9, classes: 3), perceptron(variant, features: 9, classes: 3)
    )
    for _ in 0..<2 {
      whole.train(examples)
      for start in stride(from: 0, to: 50, by: 7) {
        let end = min(50, start + 7)
        let tape = Tape()
        let batch = Tensor(
          Array(features.scalars[start * 9..<end * 9]), shape: [end - start, 9])
        _ = pieces.trainingStep(
          batch, labels: Array(labels[start..<end]), isFirst: start == 0, examples: examples,
          on: tape)
        pieces.visitParameters { _, parameter in
          if let value = tape.updates[parameter.identity] { parameter.value = value }
        }
      }
    }
    #expect(whole.counts == pieces.counts && whole.counts.mistakes > 0)
    for (one, other) in zip(whole.namedParameters, pieces.namedParameters) {
      #expect(one.parameter.value == other.parameter.value, "\(one.path)")
    }
  }

  @Test func countsAreKeptInTwoParts() {
    var unit = perceptron()
    let examples = PerceptronExamples(
      features: Tensor(zeros: [1 << 19, 2]), labels: [Int](repeating: 1, count: 1 << 19))
    for _ in 0..<3 { unit.train(examples) }
    #expect(unit.counts.trials == 3 << 19 && unit.counts.run == (3 << 19) - 1)
    #expect(unit.counts.mistakes == 1 && unit.counts.mistakesOfPass == 0)
  }

  @Test func wrongShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Perceptron(PerceptronConfiguration(), featureCount: 3, classCount: 2)
        .scores(Tensor(zeros: [2, 4]))
    }
  }
}

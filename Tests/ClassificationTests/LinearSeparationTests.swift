import Classification
import Tensors
import TestSupport
import Testing

@Suite struct LinearSeparationTests {
  private func examples(_ rows: [[Float]], _ labels: [Int]) -> PerceptronExamples {
    PerceptronExamples(features: Tensor(rows: rows), labels: labels)
  }

  @Test func marginWorkedByHand() {
    // z = (1, 1) and −(−1, 1) = (1, −1): the nearest point of their segment is (1, 0).
    let found = LinearSeparation(examples([[1], [-1]], [1, 0]), classCount: 2, tolerance: 1e-9)
    #expect(found.verdict == .separable)
    #expect(abs(found.radius - 2.0.squareRoot()) < 1e-12)
    #expect(abs(found.margin - 1) < 1e-9 && abs(found.greatestMargin - 1) < 1e-9)
    #expect(abs((found.mistakeBound ?? 0) - 2) < 1e-8)
  }

  @Test func exclusiveOrIsNotSeparable() {
    let corners: [[Float]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    let found = LinearSeparation(examples(corners, [0, 1, 1, 0]), classCount: 2)
    #expect(found.verdict == .notSeparable)
    #expect(found.mistakeBound == nil && found.greatestMargin < 1e-7)
    // The fourteen other functions of two bits but equality are.
    for function in 0..<16 {
      let labels = (0..<4).map { function >> $0 & 1 }
      guard Set(labels).count == 2 else { continue }
      let expected = function == 0b0110 || function == 0b1001
      let verdict = LinearSeparation(examples(corners, labels), classCount: 2).verdict
      #expect(verdict == (expected ? .notSeparable : .separable), "\(labels)")
    }
  }

  @Test func sameExampleOfTwoClassesIsNotSeparable() {
    let rows: [[Float]] = [[1, 2], [3, 4], [-1, 0], [3, 4]]
    #expect(
      LinearSeparation(examples(rows, [0, 1, 0, 0]), classCount: 2).verdict == .notSeparable)
    #expect(
      LinearSeparation(examples(rows, [0, 1, 2, 0]), classCount: 3).verdict == .notSeparable)
  }

  @Test func overlappingCloudsAreNotSeparable() {
    var random = RandomSource(seed: 8)
    let rows = (0..<300).map { row -> [Float] in
      let side: Float = row % 2 == 0 ? 0.5 : -0.5
      return [side + random.normal(), random.normal(), random.normal()]
    }
    let found = LinearSeparation(
      examples(rows, (0..<300).map { $0 % 2 }), classCount: 2)
    #expect(found.verdict == .notSeparable)
  }

  @Test(arguments: [("two", 2), ("three", 3)])
  func marginsAreThoseOfNonNegativeLeastSquares(name: String, classCount: Int) throws {
    let reference = try Reference("margins")
    let labels = try reference.tensor("\(name).labels").scalars.map { Int($0) }
    let found = LinearSeparation(
      PerceptronExamples(features: try reference.tensor("\(name).x"), labels: labels),
      classCount: classCount, tolerance: 1e-6)
    let expected = Double(try reference.tensor("\(name).margin").item)
    #expect(found.verdict == .separable)
    #expect(abs(found.margin - expected) < 2e-6 * expected, "\(found) \(expected)")
    #expect(found.margin <= found.greatestMargin && found.greatestMargin < expected * (1 + 2e-6))
  }

  @Test(arguments: [2, 3, 5]) func mistakesStayWithinNovikoffsBound(classCount: Int) {
    for seed in 0..<5 {
      var random = RandomSource(seed: UInt64(seed), classCount)
      let teacher = Tensor.random([classCount, 5], &random).scalars
      var (rows, labels): ([[Float]], [Int]) = ([], [])
      while rows.count < 80 {
        let x = (0..<4).map { _ in random.uniform(in: -1...1) }
        let sums = (0..<classCount).map { unit in
          (0..<4).reduce(teacher[unit * 5 + 4]) { $0 + $1.asIndex(teacher, x, unit) }
        }
        let order = sums.indices.sorted { sums[$0] > sums[$1] }
        guard sums[order[0]] - sums[order[1]] > 0.05 else { continue }
        rows.append(x)
        labels.append(order[0])
      }
      let examples = examples(rows, labels)
      var perceptron = Perceptron(
        PerceptronConfiguration(), featureCount: 4, classCount: classCount)
      var passes = 0
      while perceptron.train(examples) > 0, passes < 10_000 { passes += 1 }
      let found = LinearSeparation(examples, classCount: classCount)
      #expect(found.verdict == .separable && perceptron.counts.mistakesOfPass == 0, "seed \(seed)")
      #expect(Double(perceptron.counts.mistakes) <= found.mistakeBound ?? 0, "seed \(seed)")
    }
  }

  @Test func reportsSayWhatWasFound() {
    let corners: [[Float]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    func lines(_ labels: [Int], last: Int) -> [String] {
      PerceptronReport(
        passCount: 4, mistakes: 9, lastMistakes: last,
        separation: LinearSeparation(
          PerceptronExamples(features: Tensor(rows: corners), labels: labels), classCount: 2,
          tolerance: 1e-9)
      ).lines
    }
    // OR: the nearest point of the hull is (2, 2, -1) / 9, so that γ = 1/3 and R = √3.
    #expect(
      lines([0, 1, 1, 1], last: 0) == [
        "9 mistakes in 4 passes, 0 in the last",
        "the classes are linearly separable: margin γ = 0.3333 (the greatest is at most 0.3333), "
          + "longest example R = 1.732",
        "Novikoff: at most (R/γ)² = 27 mistakes",
      ])
    #expect(lines([0, 1, 1, 0], last: 4)[1].hasPrefix("the classes are not linearly separable"))
  }

  @Test func littleWorkLeavesTheQuestionOpen() {
    var random = RandomSource(seed: 8)
    let examples = PerceptronExamples(
      features: .random([500, 40], &random), labels: (0..<500).map { $0 % 2 })
    let found = LinearSeparation(examples, classCount: 2, work: 1000)
    #expect(found.verdict == .undecided && found.mistakeBound == nil)
  }
}

extension Int {
  /// One product of a sum over features.
  fileprivate func asIndex(_ teacher: [Float], _ x: [Float], _ unit: Int) -> Float {
    teacher[unit * 5 + self] * x[self]
  }
}

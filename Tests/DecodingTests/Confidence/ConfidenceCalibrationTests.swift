import Configuration
import Decoding
import Foundation
import Tensors
import Testing

/// Words whose probability of being right is a logistic function of their evidence.
private func drawn(
  _ count: Int, seed: Int, posterior: Double, letters: Double, bias: Double
) -> [ConfidenceCalibration.Example] {
  var source = RandomSource(seed: UInt64(seed), 9)
  return (0..<count).map { index in
    let evidence = WordEvidence(
      posterior: 0.02 + 0.96 * source.uniform(), letterConfidence: 0.02 + 0.96 * source.uniform(),
      letterCount: source.integer(in: 1...9))
    func logit(_ p: Float) -> Double { log(Double(p) / (1 - Double(p))) }
    let score =
      bias + posterior * logit(evidence.posterior) + letters * logit(evidence.letterConfidence)
    return .init(
      evidence: evidence, isCorrect: Double(source.uniform()) < 1 / (1 + exp(-score)),
      utterance: index / 5)
  }
}

private let grid = stride(from: Float(0), through: 1, by: 0.05)

@Suite struct ConfidenceCalibrationTests {
  @Test func recoversWhatDrewTheWords() {
    let examples = drawn(6000, seed: 1, posterior: 0.8, letters: 0.4, bias: -0.5)
    let calibration = ConfidenceCalibration(fitting: examples)
    // The standard errors of the weights are about 0.025.
    #expect(abs(calibration.posteriorWeight - 0.8) < 0.1)
    #expect(abs(calibration.letterWeight - 0.4) < 0.1)
    #expect(abs(calibration.bias + 0.5) < 0.1)
    let measures = CalibrationMeasures(
      drawn(6000, seed: 2, posterior: 0.8, letters: 0.4, bias: -0.5).map {
        (calibration($0.evidence), $0.isCorrect)
      })
    #expect(measures.expectedCalibrationError < 0.03)
    #expect(calibration == ConfidenceCalibration(fitting: examples))
  }

  @Test(arguments: 0..<6) func moreEvidenceIsNeverLessSure(seed: Int) {
    // Some of these have evidence that misleads, which must not be believed.
    var source = RandomSource(seed: UInt64(seed), 4)
    let examples = drawn(
      300, seed: seed, posterior: Double(2 * source.uniform() - 1),
      letters: Double(2 * source.uniform() - 1), bias: Double(source.normal()))
    let calibration = ConfidenceCalibration(fitting: examples)
    #expect(throws: Never.self) { try calibration.validate() }
    for fixed in grid {
      let rising = grid.map { moving in
        [
          calibration(.init(posterior: moving, letterConfidence: fixed, letterCount: 3)),
          calibration(.init(posterior: fixed, letterConfidence: moving, letterCount: 3)),
        ]
      }
      for (low, high) in zip(rising, rising.dropFirst()) {
        #expect(low[0] <= high[0] && low[1] <= high[1], "seed \(seed)")
      }
      #expect(rising.joined().allSatisfy { (0...1).contains($0) })
    }
  }

  @Test func stepsWhereTheLogisticFunctionIsWrong() {
    // Right exactly from 0.5 on, but at both ends as often as not.
    var source = RandomSource(seed: 11)
    let examples = (0..<3000).map { index in
      let value = source.uniform()
      let share: Float = value < 0.5 ? 0.1 : 0.7
      return ConfidenceCalibration.Example(
        evidence: WordEvidence(posterior: 1, letterConfidence: value, letterCount: 4),
        isCorrect: source.uniform() < share, utterance: index / 10)
    }
    let calibration = ConfidenceCalibration(fitting: examples)
    #expect(!calibration.values.isEmpty)
    #expect(calibration.values == calibration.values.sorted())
    let low = calibration(.init(posterior: 1, letterConfidence: 0.2, letterCount: 4))
    let high = calibration(.init(posterior: 1, letterConfidence: 0.8, letterCount: 4))
    #expect(abs(low - 0.1) < 0.05 && abs(high - 0.7) < 0.08)
  }

  @Test func degenerateExamples() {
    #expect(
      ConfidenceCalibration(fitting: [])(
        .init(posterior: 1, letterConfidence: 1, letterCount: 1)) == 0.5)
    for outcome in [true, false] {
      let examples = (0..<50).map { index in
        ConfidenceCalibration.Example(
          evidence: .init(
            posterior: 1, letterConfidence: Float(index) / 50, letterCount: index % 3),
          isCorrect: outcome, utterance: index)
      }
      let calibration = ConfidenceCalibration(fitting: examples)
      for value in grid {
        let confidence = calibration(
          .init(posterior: value, letterConfidence: value, letterCount: 2))
        #expect(outcome ? confidence > 0.9 && confidence < 1 : confidence < 0.1 && confidence > 0)
      }
    }
    let one = ConfidenceCalibration(fitting: [
      .init(
        evidence: .init(posterior: .nan, letterConfidence: 0, letterCount: 0), isCorrect: true,
        utterance: 0)
    ])
    #expect((0...1).contains(one(.init(posterior: .nan, letterConfidence: .nan, letterCount: 0))))
  }

  @Test func readsBackAndRefuses() throws {
    let examples = drawn(400, seed: 3, posterior: 1, letters: 1, bias: 0)
    var calibration = ConfidenceCalibration(fitting: examples, scoreScale: 0.25)
    let data = try JSONEncoder().encode(calibration)
    #expect(try JSONDecoder().decode(ConfidenceCalibration.self, from: data) == calibration)
    #expect(calibration.scoreScale == 0.25)
    calibration = ConfidenceCalibration()
    calibration.thresholds = [1, 0]
    #expect(throws: ConfigurationError.self) { try calibration.validate() }
    (calibration.thresholds, calibration.values) = ([0], [0.5])
    #expect(throws: ConfigurationError.self) { try calibration.validate() }
    (calibration.thresholds, calibration.values) = ([0], [0.7, 0.6])
    #expect(throws: ConfigurationError.self) { try calibration.validate() }
    (calibration.thresholds, calibration.values) = ([0], [0.2, 0.6])
    try calibration.validate()
    // A score of exactly the threshold is on its upper side.
    #expect(calibration(.init(posterior: 1, letterConfidence: 0.5, letterCount: 1)) == 0.6)
    #expect(calibration(.init(posterior: 1, letterConfidence: 0.4, letterCount: 1)) == 0.2)
    calibration.letterWeight = -1
    #expect(throws: ConfigurationError.self) { try calibration.validate() }
    calibration.letterWeight = 1
    calibration.scoreScale = 0
    #expect(throws: ConfigurationError.self) { try calibration.validate() }
  }

  @Test func tuningOnADecoder() throws {
    let alphabet = try Alphabet(" ab")
    var source = RandomSource(seed: 21)
    var (matrices, references) = ([Tensor](), [String]())
    for _ in 0..<60 {
      let labels = (0..<6).map { _ in [2, 3, 3, 2, 1][source.integer(in: 0...4)] }
      let matrix = frames(
        labels.flatMap { [$0, 0] }, of: 4, probability: 0.4 + 0.55 * source.uniform())
      matrices.append(matrix)
      let isRight = source.uniform() < 0.6
      let text = GreedyDecoder(labelCount: 4).transcript(
        of: matrix, alphabet: alphabet, frameDuration: 1
      ).text
      references.append(isRight ? text : String(text.map { $0 == "a" ? "b" : $0 }))
    }
    let tuning = ConfidenceTuning(
      logProbabilities: matrices, references: references,
      decoder: GreedyDecoder(labelCount: 4), alphabet: alphabet)
    #expect(tuning.before.count == tuning.after.count && tuning.before.count > 60)
    #expect(tuning.before.accuracy == tuning.after.accuracy)
    #expect(tuning.after.negativeLogLikelihood <= tuning.before.negativeLogLikelihood + 0.01)
    let nothing = ConfidenceTuning(
      logProbabilities: [], references: [], decoder: GreedyDecoder(labelCount: 4),
      alphabet: alphabet)
    #expect(nothing.before.count == 0)
    try nothing.calibration.validate()
  }

  @Test func rightWordsByAlignment() {
    #expect(
      WordCorrectness.of(["a", "x", "c", "d"], reference: ["a", "b", "c", "z", "d"]) == [
        0, nil, 2, 4,
      ])
    #expect(WordCorrectness.of([], reference: ["a"]).isEmpty)
    #expect(WordCorrectness.of(["a", "b"], reference: []) == [nil, nil])
  }
}

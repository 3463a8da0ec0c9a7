import Decoding
import Foundation
import Tensors
import Testing

@Suite struct CalibrationMeasuresTests {
  /// Ten words worked by hand: five at 0.9, of which four are right, and five at 0.3 with one.
  private let words: [(confidence: Float, isCorrect: Bool)] =
    [true, true, true, true, false].map { (0.9, $0) }
    + [true, false, false, false, false].map { (0.3, $0) }

  @Test func workedByHand() throws {
    let measures = CalibrationMeasures(words)
    #expect(measures.count == 10)
    #expect(abs(measures.accuracy - 0.5) < 1e-12)
    #expect(abs(measures.confidence - 0.6) < 1e-7)
    // Half of the words are 0.1 too sure, half of them 0.1 too sure as well.
    #expect(abs(measures.expectedCalibrationError - 0.1) < 1e-7)
    #expect(abs(measures.equalMassCalibrationError - 0.1) < 1e-7)
    let brier = (4 * 0.01 + 0.81 + 0.49 + 4 * 0.09) / 10
    #expect(abs(measures.brierScore - brier) < 1e-7)
    let loss = -(4 * log(0.9) + log(0.1) + log(0.3) + 4 * log(0.7)) / 10
    #expect(abs(measures.negativeLogLikelihood - loss) < 1e-6)
    let entropy = log(2.0)
    let expected = (entropy - loss) / entropy
    #expect(abs(try #require(measures.normalizedCrossEntropy) - expected) < 1e-6)
  }

  @Test func binsCountEveryWordOnce() {
    let bins = CalibrationMeasures(words).bins
    #expect(bins.count == 10)
    // As a Float, 0.9 is a little less.
    #expect(bins.map(\.count) == [0, 0, 0, 5, 0, 0, 0, 0, 5, 0])
    #expect(abs(bins[8].accuracy - 0.8) < 1e-12 && abs(bins[3].accuracy - 0.2) < 1e-12)
    let ends = CalibrationMeasures([(0, false), (1, true)], binCount: 4).bins
    #expect(ends.map(\.count) == [1, 0, 0, 1])
  }

  @Test func equalMassKeepsEqualConfidencesTogether() {
    // In two bins of equal mass the three words at 0.5 stay together: the differences are 0.5 and 0.2.
    let words: [(confidence: Float, isCorrect: Bool)] = [
      (0.5, true), (0.5, true), (0.5, true), (0.8, true),
    ]
    let measures = CalibrationMeasures(words, binCount: 2)
    #expect(abs(measures.equalMassCalibrationError - (3 * 0.5 + 0.2) / 4) < 1e-7)
    #expect(
      abs(
        CalibrationMeasures(Array(words.reversed()), binCount: 2).equalMassCalibrationError - 0.425)
        < 1e-7)
  }

  @Test func certaintyAndNothing() {
    let nothing = CalibrationMeasures([])
    #expect(nothing.count == 0 && nothing.expectedCalibrationError == 0)
    #expect(nothing.normalizedCrossEntropy == nil && nothing.negativeLogLikelihood == 0)
    for outcome in [true, false] {
      let all = CalibrationMeasures([(1, outcome), (1, outcome)])
      #expect(all.normalizedCrossEntropy == nil)
      #expect(all.expectedCalibrationError == (outcome ? 0 : 1))
      #expect(all.brierScore == (outcome ? 0 : 1))
      #expect(all.negativeLogLikelihood.isFinite)
    }
  }

  @Test func knowingTheShareAloneTellsNothing() throws {
    let words: [(confidence: Float, isCorrect: Bool)] = [true, true, true, false].map { (0.75, $0) }
    let measures = CalibrationMeasures(words)
    #expect(abs(try #require(measures.normalizedCrossEntropy)) < 1e-9)
    #expect(measures.expectedCalibrationError == 0)
  }
}

import Decoding
import Foundation
import Tensors
import Testing

/// A reading whose letters take one frame each, all with the same confidence.
func reading(
  _ text: String, _ alphabet: Alphabet, score: Double, confidence: Float = 0.5
) throws -> Hypothesis {
  let spans = try alphabet.encode(text).enumerated().map {
    LabelSpan(label: $1, start: $0, end: $0 + 1, confidence: confidence)
  }
  return Hypothesis(spans: spans, score: score, confidence: 1)
}

@Suite struct WordEvidenceTests {
  private let alphabet: Alphabet
  init() throws { alphabet = try Alphabet(" abc") }

  private func words(
    _ readings: [(String, Double)], scale: Float = 1
  ) throws -> [WordEvidence] {
    try WordEvidence.words(
      of: readings.map { try reading($0.0, alphabet, score: $0.1) }, alphabet: alphabet,
      scoreScale: scale)
  }

  @Test func massOfReadingsWithTheWord() throws {
    // Probabilities 0.5, 0.3 and 0.2 up to a factor.
    let found = try words([
      ("a b c", log(5)), ("a c c", log(3)), ("b c", log(2)),
    ])
    // 'a' is in the first two, 'b' in the first and the last, 'c' in all.
    for (word, mass) in zip(found, [0.8, 0.7, 1] as [Float]) {
      #expect(abs(word.posterior - mass) < 1e-6)
    }
    #expect(found.allSatisfy { abs($0.letterConfidence - 0.5) < 1e-6 && $0.letterCount == 1 })
  }

  @Test func scaleFlattens() throws {
    let readings = [("ab", log(9.0)), ("ac", 0)]
    #expect(abs(try words(readings)[0].posterior - 0.9) < 1e-6)
    #expect(abs(try words(readings, scale: 0.5)[0].posterior - 0.75) < 1e-6)
  }

  @Test func oneReadingHasAllTheMass() throws {
    let found = try words([("ab c", -400)])
    #expect(found.map(\.posterior) == [1, 1])
    #expect(found.map(\.letterCount) == [2, 1])
    #expect(found.map(\.confidence) == found.map(\.letterConfidence))
    #expect(try words([("", -3)]).isEmpty)
    #expect(try words([("", -3), ("a", -4)]).isEmpty)
  }

  @Test func impossibleScores() throws {
    #expect(try words([("a", -.infinity), ("b", -.infinity)])[0].posterior == 0.5)
    #expect(try words([("a", -1), ("b", -.infinity), ("b", .nan)])[0].posterior == 1)
  }

  @Test(arguments: 0..<20) func alwaysAProbability(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 5)
    let matrix = randomLogProbabilities(&source, time: 12, labels: alphabet.labelCount)
    var configuration = DecodingConfiguration()
    configuration.hypothesisCount = 15
    let search = try PrefixBeamSearch(alphabet: alphabet, configuration: configuration)
    let hypotheses = search.decode(matrix)
    let transcript = Transcript(hypotheses: hypotheses, alphabet: alphabet, frameDuration: 0.02)
    let evidence = WordEvidence.words(of: hypotheses, alphabet: alphabet)
    #expect(evidence.count == transcript.words.count)
    for word in evidence {
      #expect(word.posterior > 0 && word.posterior <= 1, "seed \(seed)")
      #expect((0...1).contains(word.confidence))
    }
    // The mass of a word is at least that of the best reading.
    #expect(evidence.allSatisfy { $0.posterior >= hypotheses[0].confidence - 1e-5 })
  }

  @Test func transcriptTakesTheCalibration() throws {
    let hypotheses = [
      try reading("ab c", alphabet, score: log(3)), try reading("ab b", alphabet, score: 0),
    ]
    let plain = Transcript(hypotheses: hypotheses, alphabet: alphabet, frameDuration: 0.02)
    #expect(plain.words.map(\.confidence) == [0.5, 0.375])
    #expect(plain.confidence == 0.4375 && plain.segments[0].confidence == 0.4375)
    var calibration = ConfidenceCalibration()
    (calibration.thresholds, calibration.values) = ([], [0.25])
    let calibrated = Transcript(
      hypotheses: hypotheses, alphabet: alphabet, frameDuration: 0.02, calibration: calibration)
    #expect(calibrated.words.map(\.confidence) == [0.25, 0.25])
    #expect(calibrated.confidence == 0.25)
    #expect(calibrated.characters == plain.characters)
    let old = Transcript(hypotheses[0], alphabet: alphabet, frameDuration: 0.02)
    #expect(old.words.map(\.start) == plain.words.map(\.start))
    let empty = Transcript(
      hypotheses: [Hypothesis(spans: [], score: -1, confidence: 0.75)], alphabet: alphabet,
      frameDuration: 0.02, calibration: calibration)
    #expect(empty.words.isEmpty && empty.confidence == 0.75)
  }
}

import Decoding
import Pictures
import Testing
import Training

@Suite struct WordTimesTests {
  private func line(_ cuts: [KnownCut], _ words: [(String, Double, Double)])
    -> EvaluationResult.Line
  {
    var sample = Sample(
      id: "a.wav", source: .audio(AudioClip(path: "a.wav")), text: "",
      origin: Sample.Origin(file: "m.jsonl", line: 1))
    sample.cuts = cuts
    var line = EvaluationResult.Line(
      sample: sample, reference: "", hypothesis: "", words: EditCounts(), characters: EditCounts())
    line.compareTimes(
      of: words.map { Transcript.Word(text: $0.0, start: $0.1, end: $0.2, confidence: 1) },
      normalization: TextNormalization())
    return line
  }

  @Test func rightWordsAreCompared() throws {
    let cuts = [
      KnownCut(text: "one", start: 0.1, end: 0.5), KnownCut(text: "two", start: 0.6, end: 1),
      KnownCut(text: "three", start: 1.2, end: 1.5),
    ]
    // The second word is wrong, and one is too many.
    let line = line(
      cuts, [("one", 0.15, 0.4), ("too", 0.5, 0.9), ("oh", 1, 1.1), ("three", 1.18, 1.52)])
    var result = EvaluationResult()
    #expect(result.timeErrors == nil)
    result.lines = [line]
    let errors = try #require(result.timeErrors)
    #expect(errors.starts.count == 2 && errors.ends.count == 2)
    #expect(abs(errors.starts.mean - 0.035) < 1e-9 && abs(errors.starts.bias - 0.015) < 1e-9)
    #expect(abs(errors.ends.mean - 0.06) < 1e-9 && abs(errors.ends.bias + 0.04) < 1e-9)
  }

  @Test func onlyTheEndsOfSeveralWordsAreKnown() {
    let line = line(
      [KnownCut(text: "good day", start: 1, end: 2)], [("good", 1.1, 1.4), ("day", 1.5, 2.3)])
    #expect(line.startDifferences.map { ($0 * 10).rounded() } == [1])
    #expect(line.endDifferences.map { ($0 * 10).rounded() } == [3])
    let silent = self.line([KnownCut(text: "one", start: 0, end: 1)], [])
    #expect(silent.startDifferences.isEmpty && silent.endDifferences.isEmpty)
    #expect(self.line([], [("one", 0, 1)]).startDifferences.isEmpty)
  }

  @Test func aDiagramTellsItsError() {
    let measures = CalibrationMeasures([(0.9, true), (0.9, false)])
    let panel = ReliabilityDiagram.Panel("Raw", measures)
    #expect(panel.title == "Raw: ECE 40.0 %, 2 words")
    #expect(panel.bins.map(\.count).reduce(0, +) == 2 && panel.bins.count == 10)
  }
}

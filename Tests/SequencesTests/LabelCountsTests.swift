import Sequences
import TestSupport
import Testing

@Suite struct LabelCountsTests {
  @Test func handWorkedCase() {
    var counts = LabelCounts(labels: ["a", "b", "c"])
    for (expected, found) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (1, 0)] {
      counts.add(expected: expected, found: found)
    }
    #expect(counts.counts == [[2, 1, 0], [2, 1, 0], [0, 0, 0]])
    #expect(counts.total == 6 && counts.correct == 3)
    #expect(counts.accuracy == 0.5 && counts.errorRate == 0.5)
    let figures = counts.figures
    #expect(figures.map(\.precision) == [0.5, 0.5, 0])
    expectClose(figures.map { Float($0.recall) }, [2.0 / 3, 1.0 / 3, 0], absolute: 1e-6)
    expectClose(figures.map { Float($0.f1) }, [4.0 / 7, 0.4, 0], absolute: 1e-6)
    #expect(figures.map(\.count) == [3, 3, 0])
    expectClose([Float(counts.macroF1)], [(4.0 / 7 + 0.4) / 2], absolute: 1e-6)
  }

  @Test func nothingCounted() {
    let counts = LabelCounts(labels: ["a", "b"])
    #expect(counts.accuracy == 0 && counts.errorRate == 0 && counts.macroF1 == 0)
  }
}

import Testing
import Translation

@Suite("Bootstrap")
struct BootstrapTests {
  @Test("on the same draws the comparison equals sacreBLEU's")
  func drawn() throws {
    let reference = try SacreBLEUReferences.read().bootstrap
    for row in reference.results {
      let result =
        row.metric == "bleu"
        ? compare(BLEU(), reference) : compare(ChrF(wordOrder: 2), reference)
      #expect(isClose(result.baseline, row.baseline) && isClose(result.system, row.system))
      let intervals = [result.baselineInterval, result.systemInterval]
      #expect(zip(intervals.map(\.mean), row.means).allSatisfy(isClose))
      #expect(zip(intervals.map(\.halfWidth), row.halfWidths).allSatisfy(isClose))
      #expect(result.systemWins == row.systemWins && result.baselineWins == row.baselineWins)
      #expect(isClose(result.pValue, row.pValue))
    }
  }

  private func compare(
    _ metric: some TranslationMetric, _ reference: SacreBLEUReferences.Bootstrap
  ) -> PairedBootstrap {
    PairedBootstrap(
      metric,
      baseline: metric.statistics(of: reference.baseline, references: reference.references),
      system: metric.statistics(of: reference.system, references: reference.references),
      samples: reference.draws.count
    ) { reference.draws[$0] }
  }

  @Test("a seed is an interval, another seed is another one; the score lies within")
  func seeds() throws {
    let corpus = try SacreBLEUReferences.read().bootstrap
    let interval = { (seed: UInt64) in
      BLEU().interval(
        corpus.system, references: corpus.references,
        resampling: Resampling(samples: 200, seed: seed))
    }
    #expect(interval(1) == interval(1))
    #expect(interval(1) != interval(2))
    let score = BLEU().score(corpus.system, references: corpus.references).score
    #expect(interval(1).lower < score && score < interval(1).upper)
  }

  @Test("a system is no better than itself, and much better than a shuffled one")
  func comparisons() throws {
    let corpus = try SacreBLEUReferences.read().bootstrap
    let resampling = Resampling(samples: 200, seed: 3)
    let same = BLEU().compare(
      corpus.system, with: corpus.system, references: corpus.references, resampling: resampling)
    #expect(same.systemWins == 0 && same.baselineWins == 0)
    #expect(same.systemInterval == same.baselineInterval)
    let shuffled = corpus.system.map { $0.split(separator: " ").reversed().joined(separator: " ") }
    let better = BLEU().compare(
      corpus.system, with: shuffled, references: corpus.references, resampling: resampling)
    #expect(better.systemWins == 200 && better.baselineWins == 0 && better.pValue < 0.01)
    #expect(
      better.systemInterval
        == BLEU().interval(corpus.system, references: corpus.references, resampling: resampling))
  }

  @Test("a corpus of one sentence has no width, none has nothing")
  func small() {
    let one = ChrF().interval(["ein Hund"], references: [["ein Hund da"]])
    #expect(one.lower == one.upper && one.halfWidth == 0 && one.mean > 0)
    #expect(BLEU().interval([], references: []).upper == 0)
    let none = BLEU().compare([], with: [], references: [])
    #expect(none.sampleCount == 0 && none.pValue == 1)
  }

  @Test("the signature tells how an interval was made")
  func signature() {
    let signature = BLEU().signature(
      references: [["a", "b"]], resampling: Resampling(samples: 500, seed: 9))
    #expect(
      signature
        == "nrefs:2|bs:500|seed:9|case:mixed|eff:no|tok:13a|smooth:exp|version:Scribe")
  }
}

import Testing
import Translation

@Suite("ChrF")
struct ChrFTests {
  @Test("a sentence worked by hand")
  func byHand() {
    // Characters: 2 of 3 and of 4, pairs: 1 of 2 and of 3, words: 0 of 1 and 1.
    // Precision (2/3 + 1/2 + 0) / 3 = 7/18, recall (1/2 + 1/3 + 0) / 3 = 5/18;
    // 5 * P * R / (4 * P + R) = (175/324) / (33/18) = 175/594.
    let metric = ChrF(wordOrder: 1, characterOrder: 2, beta: 2)
    let score = metric.sentenceScore("abx", references: ["abcd"])
    #expect(isClose(score.score, 17500.0 / 594))
    #expect(metric.name == "chrF2+")
    #expect(
      score.signature == "nrefs:1|case:mixed|eff:yes|nc:2|nw:1|space:no|version:Scribe")
  }

  @Test("every corpus, sentence and option equals sacreBLEU")
  func corpora() throws {
    for corpus in try SacreBLEUReferences.read().corpora {
      for row in corpus.chrf {
        let score = row.metric.score(corpus.hypotheses, references: corpus.references)
        #expect(isClose(score.score, row.score), "\(corpus.name), \(row.signature)")
        #expect(score.signature == row.signature + "|version:Scribe")
        #expect(row.metric.name == row.name)
        for (index, expected) in row.sentences.enumerated() {
          let (hypothesis, references) = (corpus.hypotheses[index], corpus.references[index])
          #expect(
            isClose(row.metric.sentenceScore(hypothesis, references: references).score, expected),
            "\(row.signature): \(hypothesis) against \(references)")
        }
      }
    }
  }

  @Test("nothing to score is 0, and the same text is 100")
  func ends() {
    #expect(ChrF().score([], references: []).score == 0)
    #expect(ChrF().score([""], references: [["x"]]).score == 0)
    let same = ChrF(wordOrder: 2).sentenceScore("Über 3.5 Äpfel!", references: ["Über 3.5 Äpfel!"])
    #expect(isClose(same.score, 100))
  }
}

import Testing
import Translation

@Suite("BLEU")
struct BLEUTests {
  @Test("a corpus worked by hand")
  func byHand() {
    // Six words against seven: 5 of 6 words, 3 of 5 pairs, 1 of 4 triples, 0 of 3 of four, which
    // counts as half a right one; the penalty is exp(1 - 7 / 6).
    let score = BLEU().score(
      ["the cat sat the mat x"], references: [["the cat sat on the mat y"]])
    #expect(score.hypothesisLength == 6 && score.referenceLength == 7)
    let expected = [500.0 / 6, 60, 25, 50.0 / 3]
    #expect(zip(score.precisions, expected).allSatisfy(isClose))
    #expect(isClose(score.brevityPenalty, 0.846481724890614))
    // 5/6 * 3/5 * 1/4 * 1/6 is 1/48.
    #expect(isClose(score.score, 100 * 0.846481724890614 * (1.0 / 48).squareRoot().squareRoot()))
    #expect(score.signature == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:Scribe")
  }

  @Test("every corpus and every option equals sacreBLEU")
  func corpora() throws {
    for corpus in try SacreBLEUReferences.read().corpora {
      for row in corpus.bleu {
        let metric = try #require(row.metric)
        let score = metric.score(corpus.hypotheses, references: corpus.references)
        let place: Comment = "\(corpus.name), \(row.signature)"
        #expect(isClose(score.score, row.score), place)
        #expect(score.precisions.count == row.precisions.count)
        #expect(zip(score.precisions, row.precisions).allSatisfy(isClose), place)
        #expect(isClose(score.brevityPenalty, row.brevityPenalty), place)
        #expect(score.hypothesisLength == row.hypothesisLength, place)
        #expect(score.referenceLength == row.referenceLength, place)
        #expect(score.signature == row.signature + "|version:Scribe")
      }
    }
  }

  @Test("every sentence equals sacreBLEU with an effective order")
  func sentences() throws {
    for corpus in try SacreBLEUReferences.read().corpora {
      for row in corpus.bleu {
        let metric = try #require(row.metric)
        for (index, expected) in row.sentences.enumerated() {
          let (hypothesis, references) = (corpus.hypotheses[index], corpus.references[index])
          let score = metric.sentenceScore(hypothesis, references: references)
          #expect(
            isClose(score.score, expected),
            "\(row.signature): \(hypothesis) against \(references)")
          #expect(score.signature.contains("|eff:yes|"))
        }
      }
    }
  }

  @Test("words are sacreBLEU's, letter for letter")
  func tokens() throws {
    for line in try SacreBLEUReferences.read().tokens {
      for (tokenizer, expected) in [
        (BLEU.Tokenizer.thirteenA, line.thirteenA), (.none, line.none), (.character, line.char),
        (.international, line.intl),
      ] {
        let words = tokenizer.words(line.text)
        // Equal scalars: Swift takes é and e with an accent for the same.
        #expect(
          words.map { Array($0.unicodeScalars) } == expected.map { Array($0.unicodeScalars) },
          "\(tokenizer): \(line.text)")
      }
    }
  }

  @Test("nothing to score is 0")
  func nothing() {
    let score = BLEU().score([], references: [])
    #expect(score.score == 0 && score.hypothesisLength == 0 && score.lengthRatio == 0)
  }

  @Test("only a sentence's score leaves out the orders it is too short for")
  func effectiveOrder() {
    let corpus = BLEU().score(["zwei Hunde"], references: [["zwei Hunde"]])
    let sentence = BLEU().sentenceScore("zwei Hunde", references: ["zwei Hunde"])
    #expect(corpus.score == 0)
    #expect(isClose(sentence.score, 100))
  }
}

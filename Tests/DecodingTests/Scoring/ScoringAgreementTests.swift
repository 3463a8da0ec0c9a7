import Decoding
import Foundation
import Testing

private func numbers(_ counts: EditCounts) -> [Int] {
  [counts.matches, counts.substitutions, counts.deletions, counts.insertions]
}

/// The numbers in a row of a table.
private func fields(_ row: String) -> [String] {
  row.split { " |".contains($0) }.map(String.init)
}

/// Error rates are those of jiwer, and alignments and tables those of sclite.
@Suite struct ScoringAgreementTests {
  @Test func jiwer() throws {
    let expected = try ScoringReferences.jiwer()
    let scorer = try Scorer()
    #expect(expected.pairs.count == 300)
    var tally = ErrorTally()
    for pair in expected.pairs {
      let found = try scorer(reference: pair.reference, hypothesis: pair.hypothesis)
      let (words, characters) = (found.wordCounts, found.characterCounts)
      // The number of errors is unique, their kinds are not: here no alignment has fewer
      // substitutions.
      for (own, theirs) in [(words, pair.words), (characters, pair.characters)] {
        #expect(own.errors == theirs[1...].reduce(0, +), "\(pair)")
        #expect(own.deletions - own.insertions == theirs[2] - theirs[3], "\(pair)")
        #expect(own.substitutions <= theirs[1] && own.matches >= theirs[0], "\(pair)")
        #expect(own.referenceCount == theirs[0] + theirs[1] + theirs[2], "\(pair)")
      }
      if let wer = pair.wer { #expect(abs(words.rate - wer) < 1e-12, "\(pair)") }
      if let cer = pair.cer { #expect(abs(characters.rate - cer) < 1e-12, "\(pair)") }
      if !pair.reference.isEmpty { tally.add(words: words, characters: characters) }
    }
    #expect(abs(tally.wordErrorRate(resamples: 1).rate - expected.wer) < 1e-12)
    #expect(abs(tally.characterErrorRate(resamples: 1).rate - expected.cer) < 1e-12)
  }

  @Test func alignmentsOfSclite() throws {
    let scorer = try Scorer(ScoringNormalization(), method: .sclite)
    try expectAligned(ScoringReferences.sclite().plain, scorer)
  }

  @Test func alignmentsOfScliteWithOptionalWordsFragmentsAndAlternatives() throws {
    // sclite keeps the parentheses of optional words in what it prints.
    let pairs = try ScoringReferences.sclite().marked.map { pair in
      var pair = pair
      pair.lines = pair.lines.map { $0.filter { !"()".contains($0) } }
      return pair
    }
    try expectAligned(pairs, Scorer(.nist, method: .sclite))
  }

  private func expectAligned(
    _ pairs: [ScoringReferences.SclitePair], _ scorer: Scorer
  ) throws {
    #expect(pairs.count > 250)
    for pair in pairs {
      let found = try scorer(reference: pair.reference, hypothesis: pair.hypothesis)
      #expect(numbers(found.wordCounts) == pair.scores, "\(pair)")
      let utterance = ScoredUtterance(id: "x", alignment: found.words)
      let lines = utterance.alignmentText(capitals: true).split(separator: "\n").dropFirst(2)
      let words = lines.map {
        $0.split(separator: " ").dropFirst().map { $0.replacing("*", with: "") }
      }
      let expected = pair.lines.map { $0.split(separator: " ").map { $0.replacing("*", with: "") } }
      #expect(words == expected, "\(pair)\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test func tablesOfSclite() throws {
    let expected = try ScoringReferences.sclite()
    let scorer = try Scorer(.init(), method: .sclite)
    let utterances = try expected.plain.enumerated().map { index, pair in
      let found = try scorer(reference: pair.reference, hypothesis: pair.hypothesis)
      return ScoredUtterance(id: "\(index)", speaker: "s\(index % 7)", alignment: found.words)
    }
    let table = SpeakerTable(utterances)
    let own = [table.text(.percent), table.text(.counts)].map { text in
      text.split(separator: "\n").map { fields(String($0)) }.filter { $0.count > 8 }
    }
    let rows = expected.table.map(fields).filter { $0.count > 8 }
    #expect(rows.count == 2 * (1 + 7 + 1 + 3))
    #expect(own[0] + own[1] == rows)
  }
}

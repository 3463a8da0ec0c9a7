import Decoding
import Foundation
import Tensors
import Testing

/// The least (errors, substitutions) over all alignments, by plain recursion.
private func bruteForce(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> (Int, Int) {
  guard let x = a.first else { return (b.count, 0) }
  guard let y = b.first else { return (a.count, 0) }
  let across = bruteForce(a.dropFirst(), b.dropFirst())
  let down = bruteForce(a.dropFirst(), b)
  let right = bruteForce(a, b.dropFirst())
  let same = x == y
  return [
    (across.0 + (same ? 0 : 1), across.1 + (same ? 0 : 1)), (down.0 + 1, down.1),
    (right.0 + 1, right.1),
  ].min { $0 < $1 }!
}

private func words(_ text: String) -> [Substring] { text.split(separator: " ") }

@Suite struct ErrorRateTests {
  @Test(arguments: 0..<200) func fewestEditsOfAll(seed: Int) {
    var source = RandomSource(seed: UInt64(seed), 3)
    let a = (0..<source.integer(in: 0...6)).map { _ in source.integer(in: 0...2) }
    let b = (0..<source.integer(in: 0...6)).map { _ in source.integer(in: 0...2) }
    let counts = EditCounts(reference: a, hypothesis: b)
    let (errors, substitutions) = bruteForce(a[...], b[...])
    #expect(counts.errors == errors, "seed \(seed): \(a) \(b)")
    #expect(counts.substitutions == substitutions, "seed \(seed): \(a) \(b)")
    #expect(counts.referenceCount == a.count)
    #expect(counts.matches + counts.substitutions + counts.insertions == b.count)
    let alignment = EditAlignment(reference: a, hypothesis: b)
    #expect(alignment.counts == counts)
    var (left, right): ([Int], [Int]) = ([], [])
    for step in alignment.steps {
      switch step {
      case .match(let x): (left, right) = (left + [x], right + [x])
      case .substitution(let x, let y):
        #expect(x != y)
        (left, right) = (left + [x], right + [y])
      case .deletion(let x): left.append(x)
      case .insertion(let y): right.append(y)
      }
    }
    #expect(left == a && right == b)
  }

  @Test func knownPairs() {
    func counts(_ reference: String, _ hypothesis: String) -> [Int] {
      let c = EditCounts(reference: words(reference), hypothesis: words(hypothesis))
      return [c.matches, c.substitutions, c.deletions, c.insertions]
    }
    #expect(counts("the cat sat", "the cat sat") == [3, 0, 0, 0])
    #expect(counts("the cat sat", "the bat sat down") == [2, 1, 0, 1])
    #expect(counts("the cat sat", "sat") == [1, 0, 2, 0])
    #expect(counts("a b", "b a") == [1, 0, 1, 1])
    #expect(counts("", "three more words") == [0, 0, 0, 3])
    #expect(counts("three lost words", "") == [0, 0, 3, 0])
    #expect(EditCounts(reference: "kitten", hypothesis: "sitting").errors == 3)
    #expect(EditCounts(reference: "cafe\u{301}", hypothesis: "caf\u{E9}").errors == 0)
  }

  @Test func alignmentOfASentence() {
    let alignment = EditAlignment(
      reference: words("four two seven"), hypothesis: words("for two two seven"))
    #expect(
      alignment.steps == [
        .insertion("for"), .substitution(reference: "four", hypothesis: "two"), .match("two"),
        .match("seven"),
      ])
  }

  @Test func emptyReferencesCountInsertions() {
    var tally = ErrorTally()
    #expect(tally.add(reference: " ", hypothesis: "uh oh no").words.rate == 3)
    tally.add(reference: "one two three", hypothesis: "one two three")
    let rate = tally.wordErrorRate()
    #expect(rate.counts.errors == 3)
    #expect(rate.rate == 1)
    #expect(tally.utteranceCount == 2)
    #expect(tally.wrongUtteranceCount == 1)
  }

  @Test func ratesOfACorpusAreOfTheSum() {
    var tally = ErrorTally()
    tally.add(reference: "a b c d", hypothesis: "a b c")
    tally.add(reference: "e", hypothesis: "x  \n")
    #expect(tally.wordErrorRate().rate == 2.0 / 5)
    // "a b c d" against "a b c" lacks two characters of seven; one of one is wrong.
    #expect(tally.characterErrorRate().rate == 3.0 / 8)
  }

  @Test func intervalsAreSeededAndOfTheRightWidth() {
    // 400 utterances of one word each, a tenth of them wrong: the rate is binomial.
    let utterances = (0..<400).map {
      EditCounts(
        matches: $0 % 10 == 0 ? 0 : 1, substitutions: $0 % 10 == 0 ? 1 : 0, deletions: 0,
        insertions: 0)
    }
    let rate = ErrorRate(utterances, seed: 5)
    #expect(rate == ErrorRate(utterances, seed: 5))
    #expect(rate != ErrorRate(utterances, seed: 6))
    #expect(rate.rate == 0.1)
    let halfWidth = 1.96 * (0.1 * 0.9 / 400).squareRoot()
    #expect(abs(rate.lower - (0.1 - halfWidth)) < 0.006, "\(rate)")
    #expect(abs(rate.upper - (0.1 + halfWidth)) < 0.006, "\(rate)")
    let perfect = ErrorRate([EditCounts(matches: 4, substitutions: 0, deletions: 0, insertions: 0)])
    #expect([perfect.rate, perfect.lower, perfect.upper] == [0, 0, 0])
    let none = ErrorRate([])
    #expect([none.rate, none.lower, none.upper] == [0, 0, 0])
  }

  @Test func longTextsAreCounted() {
    var source = RandomSource(seed: 11)
    let reference = (0..<10_000).map { _ in source.integer(in: 0...999) }
    var hypothesis = reference
    // Distances of 100 keep the edits apart, so that each is one error.
    for index in stride(from: 9_950, to: 300, by: -300) {
      hypothesis[index] = -1
      hypothesis.remove(at: index - 100)
      hypothesis.insert(-2, at: index - 200)
    }
    let edits = stride(from: 9_950, to: 300, by: -300).map { $0 }.count
    let counts = EditCounts(reference: reference, hypothesis: hypothesis)
    let expected = EditCounts(
      matches: 10_000 - 2 * edits, substitutions: edits, deletions: edits, insertions: edits)
    #expect(counts == expected)
    #expect(EditAlignment(reference: reference, hypothesis: hypothesis).counts == counts)
  }

  @Test func countsAreStorable() throws {
    let rate = ErrorRate([EditCounts(matches: 1, substitutions: 2, deletions: 3, insertions: 4)])
    let data = try JSONEncoder().encode(rate)
    #expect(try JSONDecoder().decode(ErrorRate.self, from: data) == rate)
  }
}

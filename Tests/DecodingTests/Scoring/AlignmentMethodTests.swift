import Decoding
import Tensors
import Testing

/// The least cost of all alignments by sclite's weights, by plain recursion.
private func leastCost(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int {
  guard let x = a.first else { return 3 * b.count }
  guard let y = b.first else { return 3 * a.count }
  return min(
    leastCost(a.dropFirst(), b.dropFirst()) + (x == y ? 0 : 4),
    leastCost(a.dropFirst(), b) + 3, leastCost(a, b.dropFirst()) + 3)
}

private func cost(_ counts: EditCounts) -> Int {
  4 * counts.substitutions + 3 * (counts.deletions + counts.insertions)
}

private func text(_ words: [Int]) -> String { words.map { "w\($0)" }.joined(separator: " ") }

@Suite struct AlignmentMethodTests {
  @Test(arguments: 0..<200) func scliteCostsLeast(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 41)
    let a = (0..<source.integer(in: 0...6)).map { _ in source.integer(in: 0...2) }
    let b = (0..<source.integer(in: 0...6)).map { _ in source.integer(in: 0...2) }
    let alignment = EditAlignment(reference: a, hypothesis: b, method: .sclite)
    #expect(cost(alignment.counts) == leastCost(a[...], b[...]), "seed \(seed): \(a) \(b)")
    #expect(alignment.counts.referenceCount == a.count)
    let scored = try Scorer(.init(), method: .sclite)(reference: text(a), hypothesis: text(b))
    #expect(scored.wordCounts == alignment.counts, "seed \(seed)")
  }

  /// A text with alternatives is aligned through a graph, one without as a sequence.
  @Test(arguments: 0..<100, AlignmentMethod.allCases)
  func graphsAgreeWithSequences(seed: Int, method: AlignmentMethod) throws {
    var source = RandomSource(seed: UInt64(seed), 42)
    let a = (0..<source.integer(in: 0...7)).map { _ in source.integer(in: 0...2) }
    let b = (0..<source.integer(in: 0...7)).map { _ in source.integer(in: 0...2) }
    let plain = try Scorer(.init(), method: method)(reference: text(a), hypothesis: text(b))
    let graph = try Scorer(.nist, method: method)(
      reference: "{ \(text(a)) }", hypothesis: text(b))
    #expect(graph.wordCounts == plain.wordCounts, "seed \(seed): \(a) \(b)")
    #expect(graph.characterCounts == plain.characterCounts || graph.words != plain.words)
    if method == .sclite { #expect(graph.words == plain.words, "seed \(seed): \(a) \(b)") }
  }

  /// The best of two texts is the better one of each alone.
  @Test(arguments: 0..<100) func theBestAlternativeIsTaken(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 43)
    func words() -> String {
      text((0..<source.integer(in: 0...4)).map { _ in source.integer(in: 0...3) })
    }
    let (before, one, two, hypothesis) = (words(), words(), words(), words() + " " + words())
    let scorer = try Scorer(.nist)
    let found = try scorer(
      reference: "\(before) {\(one) / \(two)}", hypothesis: hypothesis)
    let each = try [one, two].map {
      try scorer(reference: "\(before) \($0)", hypothesis: hypothesis).wordCounts
    }
    let least = each.map { ($0.errors, $0.substitutions) }.min { $0 < $1 }
    #expect(found.wordCounts.errors == least?.0, "seed \(seed)")
    #expect(found.wordCounts.substitutions == least?.1, "seed \(seed)")
  }

  @Test func scliteTakesMatchesForErrors() {
    let (a, b) = (Array("abcde"), Array("dexyz"))
    #expect(EditAlignment(reference: a, hypothesis: b).counts.errors == 5)
    let counts = EditAlignment(reference: a, hypothesis: b, method: .sclite).counts
    #expect(
      counts == EditCounts(matches: 2, substitutions: 0, deletions: 3, insertions: 3))
    #expect(AlignmentMethod(rawValue: "sclite") == .sclite)
  }

  @Test func aLongLineIsAligned() throws {
    let words = (0..<1500).map { "w\($0 % 97)" }
    let reference = words.joined(separator: " ")
    let hypothesis = (["x"] + words.dropLast()).joined(separator: " ")
    for scorer in [try Scorer(), try Scorer(.init(), method: .sclite)] {
      let counts = try scorer(reference: reference, hypothesis: hypothesis).wordCounts
      #expect(
        counts == EditCounts(matches: 1499, substitutions: 0, deletions: 1, insertions: 1))
    }
  }
}

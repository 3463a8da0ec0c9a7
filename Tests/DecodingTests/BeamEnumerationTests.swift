import Decoding
import Foundation
import Tensors
import Testing

/// A wide beam finds every text that the frames can say, with the score that its definition gives.
@Suite struct BeamEnumerationTests {
  private func expectEqual(_ oracle: Enumeration, _ matrix: Tensor, _ name: String) throws {
    let expected = oracle.scores(matrix)
    let found = try oracle.search().decode(matrix)
    #expect(found.count == expected.count, "\(name)")
    let alphabet = oracle.alphabet
    for hypothesis in found {
      let text = alphabet.decode(hypothesis.labels)
      let score = try #require(expected[text], "\(name): \(text)")
      // Up to 7 frames of a few sums, each within 3e-9, and worths added in single precision.
      #expect(abs(score - hypothesis.score) < 2e-5, "\(name): \(text)")
      #expect(hypothesis.spans.allSatisfy { $0.start < $0.end && $0.end <= matrix.shape[0] })
    }
    #expect(found.map(\.score) == found.map(\.score).sorted(by: >), "\(name)")
    let largest = expected.values.max() ?? 0
    let total = expected.values.reduce(0) { $0 + exp($1 - largest) }
    #expect(abs(Double(found[0].confidence) - 1 / total) < 1e-4, "\(name)")
    #expect(abs(found.reduce(0) { $0 + $1.confidence } - 1) < 1e-3, "\(name)")
  }

  private func oracle(_ letters: String, _ source: inout RandomSource) throws -> Enumeration {
    var oracle = Enumeration(alphabet: try Alphabet(letters), configuration: Enumeration.wide)
    oracle.configuration.lookAhead = source.chance(0.5)
    oracle.configuration.sentenceEnd = source.chance(0.5)
    oracle.configuration.languageModelWeight = source.uniform(in: 0...2)
    oracle.configuration.wordBonus = source.uniform(in: -2...2)
    oracle.configuration.characterModelWeight = source.uniform(in: 0...2)
    oracle.configuration.characterBonus = source.uniform(in: -1...1)
    oracle.configuration.unknownWordOffset = source.uniform(in: -3...0)
    return oracle
  }

  private static let letterSets = [" ab", "ab", "a", "b a"]

  private func matrix(_ oracle: Enumeration, _ source: inout RandomSource) -> Tensor {
    let time = source.integer(in: 0...6)
    let labels = oracle.alphabet.labelCount
    return time == 0
      ? Tensor(zeros: [0, labels]) : randomLogProbabilities(&source, time: time, labels: labels)
  }

  @Test(arguments: 0..<40) func withoutModel(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 11)
    let oracle = try oracle(Self.letterSets[seed % 4], &source)
    try expectEqual(oracle, matrix(oracle, &source), "seed \(seed)")
  }

  @Test(arguments: 0..<40) func withModels(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 12)
    var oracle = try oracle(Self.letterSets[seed % 4], &source)
    if seed % 3 != 0 { oracle.words = ToyModel(["a", "ab", "bb"], &source) }
    if seed % 3 != 1 { oracle.characters = ToyModel(["a", " "], &source) }
    try expectEqual(oracle, matrix(oracle, &source), "seed \(seed)")
  }

  @Test(arguments: 0..<60) func withHotWords(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 13)
    var oracle = try oracle(Self.letterSets[seed % 3], &source)
    let all =
      seed % 3 == 0
      ? ["a", "b", "ab", "a b", "b a", "aa b", "a b a"]
      : seed % 3 == 1
        ? ["a", "b", "ab", "ba", "aab", "bab"] : ["a", "aa", "aaa"]
    for word in all where source.chance(0.4) {
      oracle.hotWords.append(
        HotWord(word, boost: source.chance(0.3) ? nil : source.uniform(in: -2...6)))
    }
    if source.chance(0.5) { oracle.words = ToyModel(["a", "bb"], &source) }
    try expectEqual(oracle, matrix(oracle, &source), "seed \(seed)")
  }

  @Test(arguments: 0..<40) func withLexicon(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 14)
    var oracle = try oracle(seed % 2 == 0 ? " ab" : "ab", &source)
    oracle.lexicon = ["a", "ab", "ba"]
    if source.chance(0.5) { oracle.words = ToyModel(["a", "ba", "b"], &source) }
    if source.chance(0.3) { oracle.hotWords = [HotWord("bb", boost: 1)] }
    try expectEqual(oracle, matrix(oracle, &source), "seed \(seed)")
  }

  @Test(arguments: 0..<60) func alignmentsAreTheBest(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 15)
    let oracle = try oracle(Self.letterSets[seed % 4], &source)
    let matrix = matrix(oracle, &source)
    for hypothesis in try oracle.search().decode(matrix) {
      // Delimiters that are not part of the text may be part of the best way to say it.
      if oracle.alphabet.wordDelimiterLabel == nil {
        let alignment = try ForcedAlignment(of: hypothesis.labels, to: matrix)
        #expect(abs(pathScore(hypothesis.spans, matrix) - alignment.logProbability) < 1e-6)
      }
      for span in hypothesis.spans {
        let mean = (span.start..<span.end).reduce(0) { $0 + matrix[$1, span.label] }
        #expect(abs(span.confidence - exp(mean / Float(span.end - span.start))) < 1e-5)
      }
    }
  }
}

/// The log-probability of the path that says these labels in these frames.
func pathScore(_ spans: [LabelSpan], _ matrix: Tensor) -> Double {
  var path = [Int](repeating: 0, count: matrix.shape[0])
  for span in spans { for frame in span.start..<span.end { path[frame] = span.label } }
  return path.enumerated().reduce(0) { $0 + Double(matrix[$1.offset, $1.element]) }
}

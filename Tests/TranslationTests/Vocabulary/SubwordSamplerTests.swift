import Foundation
import Tensors
import Testing
import Translation

@Suite struct SubwordSamplerTests {
  private static func model(
    _ unit: VocabularyConfiguration.Unit, size: Int = 100
  ) throws -> SubwordModel {
    try SubwordModel(learningFrom: smallText, vocabularyConfiguration(unit, size: size))
  }

  private let texts = smallText + ["Ein fremder Satz.", "Hund 漢字 Garten", "", "x漢", "a  b"]

  /// SentencePiece's own encoder is the oracle: without variation both split alike.
  @Test func withoutVariationItIsTheModelsSplit() throws {
    for size in [70, 100, 150] {
      var random = RandomSource(seed: 1)
      let merges = try Self.model(.bpe, size: size)
      let dropout = SubwordSampler(merges, .dropout(0))
      let pieces = try Self.model(.unigram, size: size)
      let unigram = SubwordSampler(pieces, .unigram(power: 1e4))
      for text in texts {
        #expect(dropout.encode(text, random: &random) == merges.encode(text))
        // The likeliest split by far; ties could fall either way, but have the same sum.
        let drawn = unigram.encode(text, random: &random)
        #expect(pieces.decode(drawn) == pieces.decode(pieces.encode(text)))
        #expect(abs(Self.merit(drawn, pieces) - Self.merit(pieces.encode(text), pieces)) < 1e-3)
      }
    }
  }

  private static func merit(_ tokens: [Int], _ model: SubwordModel) -> Float {
    tokens.reduce(0) { $0 + ($1 == 1 ? 0 : model.scores[$1]) }
  }

  @Test func splitsVaryAndWriteTheSameText() throws {
    let methods: [(VocabularyConfiguration.Unit, SubwordSampler.Method)] = [
      (.bpe, .dropout(0.3)), (.unigram, .unigram(power: 0.2)),
    ]
    for (unit, method) in methods {
      let model = try Self.model(unit)
      let sampler = SubwordSampler(model, method)
      var random = RandomSource(seed: 7)
      var splits: Set<[Int]> = []
      for _ in 0..<40 {
        let tokens = sampler.encode(smallText[0], random: &random)
        #expect(model.decode(tokens) == smallText[0])
        splits.insert(tokens)
      }
      #expect(splits.count > 10)
    }
  }

  @Test func allMergesLeftOutAreCharacters() throws {
    let model = try Self.model(.bpe)
    var random = RandomSource(seed: 3)
    let tokens = SubwordSampler(model, .dropout(1)).encode("ein Hund", random: &random)
    #expect(tokens.map { model.pieces[$0] } == ["▁", "e", "i", "n", "▁", "H", "u", "n", "d"])
  }

  @Test func sameStreamSameSplit() throws {
    let sampler = SubwordSampler(try Self.model(.bpe), .dropout(0.2))
    var (first, second) = (RandomSource(seed: 5, 1, 2), RandomSource(seed: 5, 1, 2))
    for text in smallText {
      #expect(sampler.encode(text, random: &first) == sampler.encode(text, random: &second))
    }
  }

  /// Each split of a word is drawn as often as the products of its pieces' probabilities say.
  @Test func unigramFrequenciesAreThoseOfTheProducts() throws {
    let model = try SubwordModel(
      learningFrom: ["aba", "ab", "ba", "a b", "ab ab"], vocabularyConfiguration(.unigram, size: 9))
    let sampler = SubwordSampler(model, .unigram(power: 1))
    var random = RandomSource(seed: 11)
    var counts: [[Int]: Int] = [:]
    let draws = 4000
    for _ in 0..<draws { counts[sampler.encode("ab", random: &random), default: 0] += 1 }
    let merits = counts.keys.map { exp(Double(Self.merit($0, model))) }
    let total = merits.reduce(0, +)
    #expect(counts.count > 1)
    for (tokens, merit) in zip(counts.keys, merits) {
      let (expected, found) = (merit / total, Double(counts[tokens] ?? 0) / Double(draws))
      // Four standard deviations of a proportion, and the splits too rare to have been drawn.
      #expect(abs(found - expected) < 4 * (expected / Double(draws)).squareRoot() + 0.002)
    }
  }
}

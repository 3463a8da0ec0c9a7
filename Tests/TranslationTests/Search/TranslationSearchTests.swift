import Autograd
import Layers
import Tensors
import Testing
import Translation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The beam search beside enumeration, and what it promises of its results.
@Suite struct TranslationSearchTests {
  private static let (begin, end, tokenCount) = (2, 3, 8)
  private let sources = [[4, 5, 6, 3], [7, 3], [5, 5, 4, 6, 7, 3]]

  /// A small random network; `endBias` makes translations short.
  private func network(seed: UInt64 = 1, endBias: Float = 0) -> TranslationNetwork {
    var configuration = TranslationNetworkConfiguration()
    (configuration.embeddingSize, configuration.hiddenSize) = (8, 6)
    (configuration.decoder.hiddenSize, configuration.decoder.outputSize) = (10, 8)
    (configuration.decoder.attention.size, configuration.dropout) = (6, 0)
    var random = RandomSource(seed: seed)
    var network = TranslationNetwork(
      configuration, sourceCount: Self.tokenCount, targetCount: Self.tokenCount, random: &random)
    // Small random weights would make all tokens equally probable.
    network.visitParameters { _, parameter in parameter.value.scale(by: 3) }
    network.outputBias?.value[Self.end] = endBias
    return network
  }

  private func search(
    _ networks: [TranslationNetwork], _ edit: (inout TranslationSearchConfiguration) -> Void
  ) -> TranslationSearch {
    var configuration = TranslationSearchConfiguration()
    configuration.lengthPenalty = 0
    edit(&configuration)
    return TranslationSearch(
      networks, configuration: configuration, begin: Self.begin, end: Self.end, excluded: [0, 2])
  }

  /// The log-probability of a translation with its end, by whole-sequence passes.
  private func logProbability(
    of tokens: [Int], _ source: [Int], _ network: TranslationNetwork
  ) -> Float {
    let memory = network.encode(LabelBatch([source], padding: 0))
    let logits = network.logits(
      LabelBatch([[Self.begin] + tokens], padding: 0), memory: memory,
      memoryLengths: [source.count])
    let rows = logits.tensor.reshaped([tokens.count + 1, Self.tokenCount]).logSoftmax()
    return (tokens + [Self.end]).enumerated().reduce(0) { $0 + rows[$1.offset, $1.element] }
  }

  @Test func aWideBeamFindsWhatEnumerationFinds() {
    let network = network(endBias: 2)
    let found = search([network]) { $0.beamWidth = 600 }(sources)
    let words = [1, 4, 5, 6, 7]
    for (source, hypotheses) in zip(sources, found) {
      var all: [([Int], Float)] = []
      var level: [[Int]] = [[]]
      for _ in 0...3 {
        all += level.map { ($0, logProbability(of: $0, source, network)) }
        level = level.flatMap { tokens in words.map { tokens + [$0] } }
      }
      all.sort { $0.1 > $1.1 }
      // What is longer than three tokens may be as probable only far down the list.
      let short = hypotheses.filter { $0.isComplete && $0.tokens.count <= 3 }
      for (mine, best) in zip(short.prefix(20), all) {
        #expect(abs(mine.logProbability - best.1) < 1e-4, "\(mine.tokens) and \(best.0)")
      }
      #expect(short.count >= 20)
      #expect(short.first?.tokens == all[0].0)
    }
  }

  @Test func oneHypothesisTakesTheBestTokenEachTime() {
    let network = network(seed: 3)
    let found = search([network]) { $0.beamWidth = 1 }(sources)
    for (source, hypotheses) in zip(sources, found) {
      var tokens: [Int] = []
      let memory = network.encode(LabelBatch([source], padding: 0))
      while tokens.count < 2 * source.count + 10 {
        let logits = network.logits(
          LabelBatch([[Self.begin] + tokens], padding: 0), memory: memory,
          memoryLengths: [source.count]
        ).tensor.scalars.suffix(Self.tokenCount)
        let allowed = logits.indices.filter { ![0, 2].contains($0 - logits.startIndex) }
        let best = allowed.max { logits[$0] < logits[$1] }.map { $0 - logits.startIndex }
        guard let best, best != Self.end else { break }
        tokens.append(best)
      }
      #expect(hypotheses.map(\.tokens) == [tokens])
    }
  }

  @Test func alternativesAreSortedDifferentAndTrue() {
    let network = network(seed: 4, endBias: 1)
    let found = search([network]) {
      ($0.beamWidth, $0.lengthPenalty, $0.coveragePenalty) = (5, 0.7, 0.2)
    }(sources)
    for (source, hypotheses) in zip(sources, found) {
      #expect(hypotheses.count == 5 && Set(hypotheses.map(\.tokens)).count == 5)
      #expect(zip(hypotheses, hypotheses.dropFirst()).allSatisfy { $0.score >= $1.score })
      for hypothesis in hypotheses where hypothesis.isComplete {
        let expected = logProbability(of: hypothesis.tokens, source, network)
        #expect(abs(hypothesis.logProbability - expected) < 1e-4)
        #expect(hypothesis.attention.count == hypothesis.tokens.count + 1)
        #expect(hypothesis.attention.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
        // Wu et al. 2016, equation 14, word for word.
        let length = Float(hypothesis.tokens.count + 1)
        var score = expected / pow((5 + length) / 6, 0.7)
        for place in source.indices {
          let attended = hypothesis.attention.reduce(Float(0)) { $0 + $1[place] }
          score += 0.2 * log(min(attended, 1))
        }
        #expect(abs(hypothesis.score - score) < 1e-3, "\(hypothesis.score), expected \(score)")
      }
    }
  }

  @Test func aSentenceIsTranslatedTheSameAloneAndAmongOthers() {
    let search = search([network(seed: 5)]) { $0.beamWidth = 4 }
    #expect(sources.map { search([$0])[0] } == search(sources))
    #expect(search([[], sources[1]])[0].map(\.tokens) == [[]])
  }

  @Test func severalNetworksAverageTheirProbabilities() {
    let (one, two) = (network(seed: 6, endBias: 1), network(seed: 7, endBias: 1))
    let alone = search([one]) { $0.beamWidth = 3 }(sources)
    let twice = search([one, one]) { $0.beamWidth = 3 }(sources)
    #expect(twice.map { $0.map(\.tokens) } == alone.map { $0.map(\.tokens) })
    let both = search([one, two]) { $0.beamWidth = 1 }(sources)
    for (source, hypotheses) in zip(sources, both) {
      // The first token is that with the greatest mean probability.
      let means = [one, two].map { network in
        network.logits(
          LabelBatch([[Self.begin]], padding: 0),
          memory: network.encode(LabelBatch([source], padding: 0)), memoryLengths: [source.count]
        ).tensor.logSoftmax().scalars.map { exp($0) / 2 }
      }
      let sums = zip(means[0], means[1]).map { $0 + $1 }
      let best = [1, 3, 4, 5, 6, 7].max { sums[$0] < sums[$1] }
      #expect((hypotheses[0].tokens.first ?? Self.end) == best)
    }
  }
}

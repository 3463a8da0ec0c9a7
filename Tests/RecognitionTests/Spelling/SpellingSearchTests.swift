import Autograd
import Foundation
import Layers
import Recognition
import Tensors
import Testing

/// A wide beam against every text that there is.
@Suite struct SpellingSearchTests {
  private let time = 3
  private let labelCount = 3

  private struct Case {
    var speller: Speller
    var states: Tensor
    var logProbabilities: Tensor
  }

  private func example(_ seed: Int) throws -> Case {
    let network = SpellerFixtures.network(
      SpellerFixtures.speller { $0.joinedFrames = 1 + seed % 2 }, labelCount: labelCount,
      seed: UInt64(seed))
    var speller = try #require(network.speller)
    // Drawn weights prefer no text; larger ones do.
    speller.visitParameters { _, parameter in parameter.value.scale(by: 4) }
    var random = RandomSource(seed: UInt64(seed), 9)
    return Case(
      speller: speller, states: Tensor.random([time, network.model.stateSize], &random),
      logProbabilities: Tensor(
        (0..<time * labelCount).map { _ in 2 * random.normal() }, shape: [time, labelCount]
      ).logSoftmax())
  }

  /// All texts of at most as many labels as there are frames.
  private var texts: [[Int]] {
    var texts: [[Int]] = [[]]
    var longest = texts
    for _ in 0..<time {
      longest = longest.flatMap { text in (1..<labelCount).map { text + [$0] } }
      texts += longest
    }
    return texts
  }

  /// What a text is worth, from the losses over whole sequences.
  private func score(
    _ text: [Int], _ example: Case, _ search: SpellingSearchConfiguration
  ) -> Double {
    let speller = example.speller
    let states = Variable(example.states.reshaped([time, 1, example.states.shape[1]]))
    let attention = Double(
      speller.loss(states: states, frameLengths: [time], targets: [text]).perSequence[0])
    let ctc = Double(
      ctcLoss(
        logits: Variable(example.logProbabilities.reshaped([time, 1, labelCount])),
        frameLengths: [time], targets: [text]
      ).perSequence[0])
    let share = search.decoder == .joint ? Double(search.ctcWeight) : 0
    let sum = share > 0 ? -share * ctc - (1 - share) * attention : -attention
    var score = sum / pow((5 + Double(text.count + 1)) / 6, Double(search.lengthPenalty))
    guard search.coveragePenalty > 0 else { return score }
    let (memory, lengths) = speller.memory(of: states, frameLengths: [time])
    let input = LabelBatch([[Speller.mark] + text], padding: Speller.mark)
    let weights = speller.decoder(
      speller.embedding(input), memory: memory, memoryLengths: lengths,
      lengths: input.frameLengths, returningWeights: true
    ).weights
    let width = memory.shape[0]
    for position in 0..<width {
      var coverage = 0.0
      for step in 0...text.count {
        coverage += Double(weights?.scalars[step * width + position] ?? 0)
      }
      score += Double(search.coveragePenalty) * log(max(1e-6, min(coverage, 1)))
    }
    return score
  }

  @Test(arguments: 0..<10) func aWideBeamFindsTheBestOfAllTexts(seed: Int) throws {
    let example = try example(seed)
    for decoder in [SpellingSearchConfiguration.Decoder.attention, .joint] {
      var search = SpellingSearchConfiguration()
      (search.decoder, search.beamWidth, search.endMargin) = (decoder, 100, 1e6)
      search.lengthPenalty = seed % 3 == 0 ? 0 : 0.7
      search.coveragePenalty = seed % 4 == 0 ? 0.3 : 0
      let found = SpellingSearch(example.speller, configuration: search)(
        states: example.states, logProbabilities: example.logProbabilities)
      let scores = Dictionary(
        uniqueKeysWithValues: texts.map { ($0, score($0, example, search)) })
      let best = try #require(scores.max { $0.value < $1.value })
      #expect(found[0].labels == best.key, "\(decoder), seed \(seed)")
      for text in found {
        let expected = try #require(scores[text.labels])
        // Sums of a few logarithms in single precision, one computed step by step.
        #expect(abs(text.score - expected) < 1e-4 * max(1, abs(expected)), "\(text.labels)")
        #expect(text.isComplete && text.attention.count == text.labels.count + 1)
      }
      #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
      #expect(Set(found.map(\.labels)).count == found.count)
      search.beamWidth = 1
      let narrow = SpellingSearch(example.speller, configuration: search)(
        states: example.states, logProbabilities: example.logProbabilities)
      #expect(narrow.count == 1 && narrow[0].score <= found[0].score + 1e-6)
    }
  }

  @Test func nothingIsSpelledOfNothing() throws {
    let example = try example(1)
    let found = SpellingSearch(example.speller, configuration: SpellingSearchConfiguration())(
      states: Tensor(zeros: [0, example.states.shape[1]]),
      logProbabilities: Tensor(zeros: [0, labelCount]))
    #expect(found.map(\.labels) == [[]])
  }

  @Test func aNetworkWithoutNumbersEndsTheSearch() throws {
    var example = try example(2)
    example.speller.output.bias.value = Tensor(repeating: .nan, [labelCount])
    var search = SpellingSearchConfiguration()
    for decoder in [SpellingSearchConfiguration.Decoder.attention, .joint] {
      search.decoder = decoder
      let found = SpellingSearch(example.speller, configuration: search)(
        states: example.states, logProbabilities: example.logProbabilities)
      #expect(found.count == 1 && !found[0].isComplete)
    }
  }
}

import Decoding
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct PrefixBeamSearchTests {
  private static let letters = " abcdefghijklmnopqrstuvwxyz"

  private func search(
    _ change: (inout DecodingConfiguration) -> Void = { _ in }, model: Bool = true,
    hotWords: [HotWord] = []
  ) throws -> PrefixBeamSearch {
    var source = RandomSource(seed: 21)
    var configuration = DecodingConfiguration()
    configuration.hypothesisCount = 10
    change(&configuration)
    let words = ToyModel(["a", "i", "the", "cat", "sat", "on", "mat", "be", "do"], &source)
    return try PrefixBeamSearch(
      alphabet: Alphabet(Self.letters), configuration: configuration,
      wordModel: model ? words : nil, hotWords: hotWords)
  }

  /// Frames that say a text with some noise.
  private func matrix(_ text: String, seed: Int, loudness: Float = 5) throws -> Tensor {
    var source = RandomSource(seed: UInt64(seed), 22)
    let alphabet = try Alphabet(Self.letters)
    var frames: [Int] = []
    for label in try alphabet.encode(text) { frames += [label, label, 0, 0] }
    return Tensor(
      rows: frames.map { label in
        let logits = (0..<alphabet.labelCount).map {
          1.5 * source.normal() + ($0 == label ? loudness : 0)
        }
        let sum = logits.reduce(0) { $0 + exp($1) }
        return logits.map { $0 - log(sum) }
      })
  }

  @Test(arguments: 0..<20) func cutsChangeNothing(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 23)
    let search = try search { $0.beamWidth = source.integer(in: 1...60) }
    let matrix = try matrix("the cat sat on a mat", seed: seed, loudness: 3)
    let whole = search.decode(matrix)
    var (state, from) = (search.begin(), 0)
    while from < matrix.shape[0] {
      let to = min(matrix.shape[0], from + source.integer(in: 0...9))
      search.advance(&state, by: rows(matrix, from..<to))
      // Looking at the readings in between changes nothing either.
      if source.chance(0.3) { #expect(!search.hypotheses(state).isEmpty) }
      from = to
    }
    #expect(search.finish(state) == whole, "seed \(seed)")
  }

  @Test func batchesAreTheSameOnAnyNumberOfThreads() throws {
    let search = try search()
    let batch = try (0..<9).map {
      try matrix(["the cat", "i do be", "on"][$0 % 3], seed: $0, loudness: 3)
    }
    let expected = batch.map(search.decode)
    let threads = WorkerPool.threadCount
    defer { WorkerPool.threadCount = threads }
    for count in [1, 2, 8] {
      WorkerPool.threadCount = count
      #expect(search.decode(batch: batch) == expected)
    }
    #expect(search.decode(batch: []).isEmpty)
  }

  @Test func theModelCorrectsTheSignal() throws {
    let alphabet = try Alphabet(Self.letters)
    // "cot" a little above "cat".
    var matrix = frames(
      [4, 0, 16, 0, 21, 0].map { $0 }, of: alphabet.labelCount, probability: 0.9)
    matrix[2, 16] = log(0.48)
    matrix[2, 2] = log(0.44)
    #expect(alphabet.decode(try search(model: false).best(matrix).labels) == "cot")
    #expect(alphabet.decode(try search().best(matrix).labels) == "cat")
    let hot = try search(model: false, hotWords: [HotWord("cat", boost: 1)])
    #expect(alphabet.decode(hot.best(matrix).labels) == "cat")
    let new = try search(hotWords: [HotWord("cot", boost: 6)])
    #expect(alphabet.decode(new.best(matrix).labels) == "cot")
  }

  @Test(arguments: 0..<4) func prefixesOutOfUseAreDropped(seed: Int) throws {
    let text = Array(repeating: "the cat sat on a mat", count: 25).joined(separator: " ")
    let matrix = try matrix(text, seed: seed, loudness: 8)
    let search = try search(
      {
        $0.minimumLogProbability = nil
        $0.scoreThreshold = nil
      }, model: seed % 2 == 0)
    var (state, counts) = (search.begin(), [Int]())
    for start in stride(from: 0, to: matrix.shape[0], by: 10) {
      search.advance(&state, by: rows(matrix, start..<min(start + 10, matrix.shape[0])))
      counts.append(state.prefixCount)
    }
    #expect(zip(counts, counts.dropFirst()).count { $0 > $1 } > 1)
    #expect(counts.allSatisfy { $0 < 100_000 })
    for hypothesis in search.finish(state) {
      let alignment = try ForcedAlignment(of: hypothesis.labels, to: matrix)
      let path = pathScore(hypothesis.spans, matrix)
      #expect(path <= alignment.logProbability + 1e-3)
      #expect(path > alignment.logProbability - 1e-3)
      #expect(hypothesis.signalScore > path - 1e-3)
      for (span, next) in zip(hypothesis.spans, hypothesis.spans.dropFirst()) {
        #expect(span.start < span.end && span.end <= next.start)
        #expect(span.label != next.label || span.end < next.start)
      }
    }
  }

  @Test func wordTimesLieInTheSignal() throws {
    let matrix = try matrix("the cat sat", seed: 1, loudness: 12)
    let transcript = try search().transcript(
      of: matrix, alphabet: Alphabet(Self.letters), frameDuration: 0.01)
    #expect(transcript.words.map(\.text) == ["the", "cat", "sat"])
    #expect(transcript.words.map(\.start) == [0, 0.16, 0.32])
    #expect(transcript.words.map(\.end) == [0.1, 0.26, 0.42])
  }

  @Test func pruningOnlyLeavesOut() throws {
    let matrix = try matrix("the cat sat on the mat", seed: 4, loudness: 7)
    let alphabet = try Alphabet(Self.letters)
    let wide = try search {
      $0.minimumLogProbability = nil
      $0.scoreThreshold = nil
      $0.beamWidth = 1000
    }.best(matrix)
    let pruned: [(inout DecodingConfiguration) -> Void] = [
      { $0.maximumLabels = 3 }, { $0.cumulativeProbability = 0.99 },
      { $0.minimumLogProbability = -3 }, { $0.scoreThreshold = 6 }, { $0.beamWidth = 20 },
    ]
    for change in pruned {
      let best = try search(change).best(matrix)
      #expect(alphabet.decode(best.labels) == "the cat sat on the mat")
      #expect(best.score <= wide.score + 1e-4)
      #expect(best.score > wide.score - 0.5)
    }
    let greedy = GreedyDecoder(labelCount: 28).best(matrix).labels
    let narrow = try search({ $0.maximumLabels = 1 }, model: false)
    #expect(narrow.best(matrix).labels == greedy)
  }

  @Test func silenceIsAnEmptyTranscript() throws {
    let search = try search()
    let silence = search.best(frames([0, 0, 0, 0], of: 28, probability: 0.99))
    #expect(silence.labels.isEmpty)
    #expect((0.9...1).contains(silence.confidence))
    let nothing = search.decode(Tensor(zeros: [0, 28]))
    #expect(nothing.map(\.labels) == [[]])
    #expect(nothing[0].confidence == 1)
  }

  @Test func numbersOutOfBoundsStayOutOfTheTranscript() throws {
    let matrix = Tensor(rows: [
      [.nan, .nan, .nan], [-.infinity, -.infinity, -.infinity], [.nan, -1, 0.5],
      [-1, .infinity, 0],
    ])
    for model in [false, true] {
      var source = RandomSource(seed: 25)
      let search = try PrefixBeamSearch(
        alphabet: Alphabet(" a"), wordModel: model ? ToyModel(["a"], &source) : nil)
      for hypothesis in search.decode(matrix) {
        #expect(hypothesis.score.isFinite)
        #expect((0...1).contains(hypothesis.confidence))
        #expect(hypothesis.spans.allSatisfy { (0...1).contains($0.confidence) })
      }
    }
  }

  @Test func aLexiconIsKeptToWhereNoWordFits() throws {
    let alphabet = try Alphabet(" abc")
    let search = try PrefixBeamSearch(alphabet: alphabet, lexicon: ["ab", "cab"])
    // "ab" and the beginning of a word that cannot end.
    let cut = search.best(frames([2, 3, 1, 4, 2], of: 5, probability: 0.999))
    #expect(alphabet.decode(cut.labels).split(separator: " ") == ["ab"])
    let impossible = Tensor(rows: [
      [-.infinity, -.infinity, -.infinity, 0, -.infinity], [-1, -1, 0, -.infinity, -.infinity],
    ])
    #expect(search.decode(impossible).allSatisfy { $0.score.isFinite })
  }
}

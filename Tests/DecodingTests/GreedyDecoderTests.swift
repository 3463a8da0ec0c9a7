import Decoding
import Foundation
import Tensors
import TestSupport
import Testing

/// Rows in which the named label has probability `p` and the others share the rest.
func frames(_ labels: [Int], of count: Int, probability: Float = 0.7) -> Tensor {
  Tensor(
    rows: labels.map { label in
      (0..<count).map {
        log($0 == label ? probability : (1 - probability) / Float(count - 1))
      }
    })
}

/// Log-probabilities drawn at random, `[time, label]`.
func randomLogProbabilities(_ source: inout RandomSource, time: Int, labels: Int) -> Tensor {
  Tensor(
    rows: (0..<time).map { _ in
      let logits = (0..<labels).map { _ in 2 * source.normal() }
      let sum = logits.reduce(0) { $0 + exp($1) }
      return logits.map { $0 - log(sum) }
    })
}

/// The rows `range` of a matrix.
func rows(_ tensor: Tensor, _ range: Range<Int>) -> Tensor {
  let width = tensor.shape[1]
  return Tensor(
    tensor.scalars[range.lowerBound * width..<range.upperBound * width],
    shape: [range.count, width])
}

@Suite struct GreedyDecoderTests {
  @Test func repetitionsJoinAndBlanksPart() {
    let best = GreedyDecoder(labelCount: 3).best(frames([0, 1, 1, 0, 1, 2, 2, 0], of: 3))
    #expect(best.labels == [1, 1, 2])
    #expect(best.spans.map(\.start) == [1, 4, 5])
    #expect(best.spans.map(\.end) == [3, 5, 7])
    expectClose(best.spans.map(\.confidence), [0.7, 0.7, 0.7], relative: 1e-6)
    #expect(abs(best.score - 8 * log(0.7)) < 1e-5)
    expectClose([best.confidence], [0.7], relative: 1e-6)
  }

  @Test func wordsEndWithTheirLastLetter() throws {
    let alphabet = try Alphabet(" abc")
    // Two blanks, "ab", delimiter, "c" held for three frames.
    let matrix = frames([0, 0, 2, 0, 3, 3, 1, 0, 4, 4, 4, 0], of: 5, probability: 0.5)
    let transcript = GreedyDecoder(labelCount: 5).transcript(
      of: matrix, alphabet: alphabet, frameDuration: 0.02)
    #expect(transcript.text == "ab c")
    #expect(transcript.words.map(\.text) == ["ab", "c"])
    #expect(transcript.words.map(\.start) == [0.04, 0.16])
    #expect(transcript.words.map(\.end) == [0.12, 0.22])
    #expect(transcript.characters.map(\.text) == ["a", "b", " ", "c"])
    #expect(transcript.words.map(\.confidence) == [0.5, 0.5])
    #expect(transcript.confidence == 0.5)
    let shifted = Transcript(
      GreedyDecoder(labelCount: 5).best(matrix), alphabet: alphabet, frameDuration: 0.02,
      startTime: 10)
    #expect(shifted.words.map(\.start) == [10.04, 10.16])
  }

  @Test func strayDelimitersLeaveNoEmptyWords() throws {
    let transcript = GreedyDecoder(labelCount: 3).transcript(
      of: frames([1, 0, 1, 2, 1, 0, 1], of: 3), alphabet: try Alphabet(" a"), frameDuration: 0.01)
    #expect(transcript.text == "a")
    #expect(transcript.words.count == 1)
  }

  @Test(arguments: 0..<50) func cutsChangeNothing(seed: Int) {
    var source = RandomSource(seed: UInt64(seed), 1)
    let time = source.integer(in: 0...40)
    let labels = source.integer(in: 1...6)
    let matrix =
      time == 0
      ? Tensor(zeros: [0, labels])
      : randomLogProbabilities(&source, time: time, labels: labels)
    let decoder = GreedyDecoder(labelCount: labels)
    let whole = decoder.decode(matrix)
    var state = decoder.begin()
    var from = 0
    while from < time {
      let to = min(time, from + source.integer(in: 0...7))
      decoder.advance(&state, by: rows(matrix, from..<to))
      #expect(decoder.hypotheses(state) == decoder.decode(rows(matrix, 0..<to)))
      from = to
    }
    #expect(decoder.finish(state) == whole, "seed \(seed)")
    #expect(whole[0].spans.allSatisfy { (0...1).contains($0.confidence) })
    #expect((0...1).contains(whole[0].confidence))
  }

  @Test func silenceIsAnEmptyTranscript() throws {
    let alphabet = try Alphabet(" a")
    let decoder = GreedyDecoder(labelCount: 3)
    let silence = decoder.transcript(
      of: frames([0, 0, 0], of: 3, probability: 0.9), alphabet: alphabet, frameDuration: 0.01)
    #expect(silence.text == "")
    #expect(silence.words.isEmpty)
    #expect(silence.confidence == 0.9)
    let nothing = decoder.transcript(
      of: Tensor(zeros: [0, 3]), alphabet: alphabet, frameDuration: 0.01)
    #expect(nothing.text == "")
    #expect(nothing.confidence == 1)
  }

  @Test func numbersOutOfBoundsStayOutOfTheTranscript() throws {
    let alphabet = try Alphabet(" a")
    let matrix = Tensor(rows: [
      [.nan, .nan, .nan], [-.infinity, -.infinity, -.infinity], [.nan, -1, 0.5],
      [-1, .infinity, 0],
    ])
    let transcript = GreedyDecoder(labelCount: 3).transcript(
      of: matrix, alphabet: alphabet, frameDuration: 0.01)
    #expect(transcript.characters.map(\.text) == ["a", " "])
    #expect(transcript.characters.allSatisfy { (0...1).contains($0.confidence) })
    let back = try JSONDecoder().decode(Transcript.self, from: Data(transcript.json().utf8))
    #expect(back == transcript)
  }

  @Test func transcriptsAreValidJSON() throws {
    let alphabet = try Alphabet(" \"\\é\u{7}")
    let transcript = GreedyDecoder(labelCount: 6).transcript(
      of: frames([2, 3, 1, 4, 5], of: 6), alphabet: alphabet, frameDuration: 1.0 / 3)
    for pretty in [false, true] {
      let json = transcript.json(pretty: pretty)
      #expect(try JSONDecoder().decode(Transcript.self, from: Data(json.utf8)) == transcript)
    }
    #expect(transcript.json().contains("\"end\":0.333,"))
    #expect(transcript.json().contains("\"confidence\":0.7,"))
  }

  @Test func piecesJoin() throws {
    let alphabet = try Alphabet(" ab")
    let decoder = GreedyDecoder(labelCount: 4)
    let pieces = [[2, 0], [0, 0], [3, 1, 3]].enumerated().map { index, labels in
      Transcript(
        decoder.best(frames(labels, of: 4)), alphabet: alphabet, frameDuration: 0.1,
        startTime: Double(index))
    }
    let joined = Transcript(joining: pieces)
    #expect(joined.text == "a b b")
    #expect(joined.words.map(\.start) == [0, 2, 2.2])
    #expect(joined.confidence == 0.7)
    #expect(joined.segments.map(\.words) == [0..<1, 1..<3])
    #expect(joined.segments.map(\.start) == [0, 2])
    #expect(joined.segments.map(\.end) == [0.1, 2.3])
  }
}

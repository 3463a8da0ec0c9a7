import Captions
import Decoding
import Tensors
import Testing

@Suite struct CaptionLayoutTests {
  private func random(_ seed: Int) -> (CaptionLayout, Transcript) {
    var source = RandomSource(seed: UInt64(seed), 5)
    var layout = CaptionLayout()
    layout.maximumLineWidth = source.integer(in: 1...50)
    layout.maximumLineCount = source.integer(in: 1...3)
    layout.maximumWordsPerLine = source.chance(0.5) ? nil : source.integer(in: 1...5)
    layout.maximumDuration = Double(source.uniform(in: 0.2...8))
    layout.maximumPause = Double(source.uniform(in: 0...2))
    layout.minimumDuration = Double(source.uniform(in: 0...3))
    return (layout, randomTranscript(&source, count: source.integer(in: 0...60)))
  }

  @Test(arguments: 0..<200) func captionsKeepTheirPromises(seed: Int) {
    let (layout, transcript) = random(seed)
    let captions = layout.captions(of: transcript)
    let words = captions.flatMap { $0.lines.flatMap(\.self) }
    #expect(
      words.map(\.text) == transcript.words.map { visible($0.text) }.filter { !$0.isEmpty },
      "seed \(seed): no word lost, none twice, in order")
    var clock = 0
    for caption in captions {
      #expect(caption.start >= clock && caption.end > caption.start, "seed \(seed): \(caption)")
      clock = caption.end
      #expect(!caption.lines.isEmpty && caption.lines.count <= layout.maximumLineCount)
      for line in caption.lines {
        #expect(!line.isEmpty && line.count <= layout.maximumWordsPerLine ?? .max)
      }
      for (line, text) in zip(caption.lines, caption.text) where line.count > 1 {
        #expect(text.count <= layout.maximumLineWidth, "seed \(seed): '\(text)'")
      }
      checkInside(caption, layout, seed)
    }
  }

  /// No long pause inside, and not too long unless it is one word.
  private func checkInside(_ caption: Caption, _ layout: CaptionLayout, _ seed: Int) {
    let words = caption.lines.flatMap(\.self)
    for (word, next) in zip(words, words.dropFirst()) {
      #expect(Double(next.start - word.end) <= layout.maximumPause * 1000 + 1, "seed \(seed)")
    }
    guard words.count > 1, let first = words.first, let last = words.map(\.end).max() else {
      return
    }
    #expect(Double(last - first.start) <= layout.maximumDuration * 1000 + 1, "seed \(seed)")
  }

  @Test func aCaptionIsHeldOnlyWhereThereIsRoom() {
    let words = [word("a", 0, 100), word("b", 400, 500), word("c", 5000, 5100)]
    let layout = CaptionLayout()
    let captions = layout.captions(of: transcript(words, segments: [1, 1, 1]), limit: 5600)
    #expect(captions.map(\.start) == [0, 400, 5000])
    #expect(captions.map(\.end) == [400, 1400, 5600])
  }

  @Test func overlapsAreParted() {
    let words = [word("a", 0, 900), word("b", 500, 500), word("c", 500, 500)]
    let captions = CaptionLayout().captions(
      of: transcript(words, segments: [1, 1, 1]), limit: 600)
    #expect(captions.map(\.start) == [0, 500, 501])
    #expect(captions.map(\.end) == [500, 501, 600])
  }

  @Test func linesFillByGraphemes() {
    var layout = CaptionLayout()
    (layout.maximumLineWidth, layout.maximumLineCount) = (5, 2)
    let words = ["é́é", "😀😀", "ab", "longer", "c"].enumerated().map {
      word($1, $0 * 100, $0 * 100 + 100)
    }
    let captions = layout.captions(of: transcript(words))
    #expect(captions.map(\.text) == [["é́é 😀😀", "ab"], ["longer", "c"]])
  }

  @Test func aPauseAndASegmentEndACaption() {
    let words = [word("a", 0, 100), word("b", 1600, 1700), word("c", 3300, 3400)]
    #expect(CaptionLayout().captions(of: transcript(words)).map(\.text) == [["a b"], ["c"]])
    #expect(
      CaptionLayout().captions(of: transcript(words, segments: [1, 2])).count == 3)
  }
}

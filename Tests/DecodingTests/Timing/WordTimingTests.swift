import Configuration
import Decoding
import Foundation
import Tensors
import Testing

private func transcript(_ words: [(String, Double, Double)], _ alphabet: Alphabet) -> Transcript {
  // Frames of a millisecond; a word's letters share its time.
  var spans: [LabelSpan] = []
  for (text, start, end) in words {
    let letters = (try? alphabet.encode(text)) ?? []
    let (first, last) = (Int((start * 1000).rounded()), Int((end * 1000).rounded()))
    if let previous = spans.last {
      spans.append(LabelSpan(label: 1, start: previous.end, end: first, confidence: 1))
    }
    for (index, label) in letters.enumerated() {
      let (from, to) = (
        first + (last - first) * index / letters.count,
        first + (last - first) * (index + 1) / letters.count
      )
      spans.append(LabelSpan(label: label, start: from, end: to, confidence: 1))
    }
  }
  return Transcript(
    Hypothesis(spans: spans, score: 0, confidence: 1), alphabet: alphabet, frameDuration: 0.001)
}

/// Noise that is loud inside the stretches and soft elsewhere, at 8 kHz.
private func sound(_ loud: [ClosedRange<Double>], length: Double, background: Float) -> [Float] {
  var source = RandomSource(seed: 17)
  return (0..<Int(length * 8000)).map { index in
    let time = Double(index) / 8000
    return source.normal() * (loud.contains { $0.contains(time) } ? 0.2 : background)
  }
}

@Suite struct WordTimingTests {
  private let alphabet: Alphabet
  init() throws { alphabet = try Alphabet(" abc") }

  @Test(arguments: [Float(0), 0.0005, 0.005]) func boundariesAreWhereItIsQuiet(
    background: Float
  ) {
    let words = [0.2...0.6, 0.9...1.4, 1.45...1.9]
    let samples = sound(words, length: 2.2, background: background)
    let heard = transcript([("ab", 0.3, 0.35), ("c", 1.0, 1.05), ("ba", 1.5, 1.6)], alphabet)
    let timed = WordTiming()(
      heard, to: 2.2, loudness: LoudnessCurve(samples: samples, sampleRate: 8000))
    for (word, known) in zip(timed.words, words) {
      #expect(abs(word.start - known.lowerBound) <= 0.006, "\(timed.words)")
      #expect(abs(word.end - known.upperBound) <= 0.006, "\(timed.words)")
    }
    #expect(timed.segments[0].start == timed.words[0].start)
    #expect(timed.segments[0].end == timed.words[2].end)
    #expect(timed.characters[0].start == timed.words[0].start)
    #expect(timed.characters[1].end == timed.words[0].end)
    #expect(
      timed.text == heard.text && timed.characters.map(\.text) == heard.characters.map(\.text))
  }

  @Test func withoutSilenceTheOffsetDecides() {
    let samples = sound([0...2], length: 2, background: 0)
    var timing = WordTiming()
    timing.startOffset = -0.04
    let timed = timing(
      transcript([("a", 0.3, 0.4), ("b", 0.9, 1.0)], alphabet), to: 2,
      loudness: LoudnessCurve(samples: samples, sampleRate: 8000))
    #expect(timed.words[0].start == 0)
    #expect(timed.words[0].end == 0.86 && timed.words[1].start == 0.86)
    // The end is further away than a word may reach.
    #expect(timed.words[1].end == 1.0)
    timing.longestReach = 0.2
    let short = timing(
      transcript([("a", 0.3, 0.4), ("b", 0.9, 1.0)], alphabet), to: 2,
      loudness: LoudnessCurve(samples: samples, sampleRate: 8000))
    #expect(abs(short.words[0].start - 0.26) < 1e-9 && abs(short.words[0].end - 0.6) < 1e-9)
  }

  @Test func offsetsAloneForWhatIsNotSound() {
    var timing = WordTiming()
    (timing.startOffset, timing.endOffset) = (-2, 3)
    var columns = transcript([("a", 0, 0), ("b", 0, 0)], alphabet)
    (columns.words[0].start, columns.words[0].end) = (1, 8)
    (columns.words[1].start, columns.words[1].end) = (10, 20)
    let timed = timing(columns, to: 40)
    #expect(timed.words.map(\.start) == [0, 8])
    #expect(timed.words.map(\.end) == [8, 23])
    #expect(WordTiming()(columns, to: 40) == columns.realigned)
  }

  @Test(arguments: 0..<40) func wordsStayInOrder(seed: Int) {
    var source = RandomSource(seed: UInt64(seed), 8)
    var (time, words) = (0.0, [(String, Double, Double)]())
    for _ in 0..<source.integer(in: 0...8) {
      let start = time + 0.004 + Double(source.uniform()) * 0.3
      time = start + 0.004 + Double(source.uniform()) * 0.3
      words.append((["a", "ab", "cab"][source.integer(in: 0...2)], start, time))
    }
    let heard = transcript(words, alphabet)
    let length = time + 0.02 + Double(source.uniform()) * 0.2
    var timing = WordTiming()
    timing.startOffset = Double(source.normal()) * 0.3
    timing.endOffset = Double(source.normal()) * 0.3
    timing.minimumSilence = Double(source.uniform()) * 0.1
    if source.uniform() < 0.3 { timing.silenceLevel = nil }
    let levels = (0..<Int(length / 0.01)).map { _ -> Float in
      let draw = source.uniform()
      return draw < 0.03 ? .nan : draw < 0.06 ? -.infinity : -60 * source.uniform()
    }
    let offset = Double(source.integer(in: 0...3)) * 100
    var moved = heard
    for index in moved.words.indices {
      moved.words[index].start += offset
      moved.words[index].end += offset
    }
    let timed = timing(
      moved, from: offset, to: offset + length, loudness: LoudnessCurve(levels: levels, hop: 0.01))
    #expect(timed.words.map(\.text) == heard.words.map(\.text))
    for word in timed.words {
      #expect(word.start < word.end, "seed \(seed)")
      #expect(word.start >= offset && word.end <= offset + length + 0.0006, "seed \(seed)")
    }
    for (word, next) in zip(timed.words, timed.words.dropFirst()) {
      #expect(word.end <= next.start, "seed \(seed)")
    }
  }

  @Test func nothingToTime() {
    let empty = transcript([], alphabet)
    let curve = LoudnessCurve(samples: [], sampleRate: 8000)
    #expect(curve.levels.isEmpty)
    #expect(WordTiming()(empty, to: 0, loudness: curve) == empty)
    let silent = LoudnessCurve(samples: [Float](repeating: 0, count: 8000), sampleRate: 8000)
    #expect(silent.levels.count == 200 && silent.levels.allSatisfy { $0 == -100 })
    #expect(WordTiming()(empty, to: 1, loudness: silent) == empty)
    // More words than the length can hold are left as they are.
    let word = transcript([("a", 0.1, 0.2)], alphabet)
    #expect(WordTiming()(word, to: 0.001) == word)
  }

  @Test func levelsAreDecibels() {
    let loud = (0..<800).map { Float($0 % 2 == 0 ? 0.1 : -0.1) }
    let curve = LoudnessCurve(samples: loud, sampleRate: 8000, hop: 0.01)
    #expect(curve.levels.count == 10 && curve.hop == 0.01)
    #expect(curve.levels.allSatisfy { abs($0 + 20) < 1e-3 })
  }

  @Test func fitsWhatTheNetworkLacks() {
    // The network hears every word 50 ms late and stops 120 ms early.
    let known = [0.3...0.7, 1.0...1.5, 1.8...2.3]
    let heard = transcript([("a", 0.35, 0.58), ("b", 1.05, 1.38), ("c", 1.85, 2.18)], alphabet)
    func example(_ loudness: LoudnessCurve?) -> WordTiming.Example {
      WordTiming.Example(
        transcript: heard, starts: known.map(\.lowerBound),
        ends: [nil] + known[1...].map(\.upperBound),
        duration: 2.6, loudness: loudness)
    }
    let plain = WordTiming(fitting: [example(nil)])
    #expect(abs(plain.startOffset + 0.05) < 1e-9 && abs(plain.endOffset - 0.12) < 1e-9)
    #expect(plain.silenceLevel == nil)
    let errors = WordTiming.errors([example(nil)], plain)
    #expect(errors.starts.count == 3 && errors.ends.count == 2)
    #expect(errors.starts.median < 0.002 && errors.ends.percentile95 < 0.002)
    // Sound whose loudness says something else is not listened to, sound that agrees is.
    let agreeing = LoudnessCurve(
      samples: sound(known, length: 2.6, background: 0.001), sampleRate: 8000)
    var late = example(agreeing)
    late.transcript.words[1].start += 0.08
    #expect(WordTiming(fitting: [late]).silenceLevel != nil)
    let misleading = LoudnessCurve(
      samples: sound([0...0.36, 1.2...1.3, 1.9...2.0], length: 2.6, background: 0.001),
      sampleRate: 8000)
    #expect(WordTiming(fitting: [example(misleading)]).silenceLevel == nil)
    #expect(WordTiming(fitting: []) == WordTiming())
  }

  @Test func errorsWorkedByHand() {
    let errors = TimeErrors([-0.01, 0.02, 0.03, -0.04])
    #expect(errors.count == 4)
    #expect(abs(errors.median - 0.025) < 1e-12 && abs(errors.mean - 0.025) < 1e-12)
    #expect(abs(errors.bias - 0.005) < 1e-12)
    #expect(abs(errors.percentile95 - (0.03 + 0.85 * 0.01)) < 1e-12)
    #expect(TimeErrors([]).count == 0 && TimeErrors([]).median == 0)
  }

  @Test func readsBackAndRefuses() throws {
    var timing = WordTiming()
    timing.silenceLevel = nil
    timing.startOffset = -0.25
    let data = try JSONEncoder().encode(timing)
    #expect(try JSONDecoder().decode(WordTiming.self, from: data) == timing)
    timing.silenceLevel = 2
    #expect(throws: ConfigurationError.self) { try timing.validate() }
    timing.silenceLevel = 0.5
    timing.endOffset = .nan
    #expect(throws: ConfigurationError.self) { try timing.validate() }
    timing.endOffset = 0
    timing.longestReach = -1
    #expect(throws: ConfigurationError.self) { try timing.validate() }
  }
}

extension Transcript {
  /// The segments around the words as they are.
  fileprivate var realigned: Transcript {
    var result = self
    result.segments[0].start = words[0].start
    result.segments[0].end = words[words.count - 1].end
    result.characters[0].start = words[0].start
    result.characters[0].end = words[0].end
    result.characters[2].start = words[1].start
    result.characters[2].end = words[1].end
    return result
  }
}

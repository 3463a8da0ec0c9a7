import Audio
import Decoding
import Recognition
import Tensors
import TestSupport
import Testing

/// Known texts laid over whole recordings.
@Suite struct RecordingAlignmentTests {
  private let folder: TemporaryFolder
  private let recognizer: Recognizer

  init() throws {
    folder = try TemporaryFolder()
    var configuration = RecognizerConfiguration()
    configuration.features = .sound(RecognizerFixtures.features(.none))
    configuration.features.sound.melCount = 5
    configuration.text.lowercase = true
    recognizer = Recognizer(
      configuration: configuration, alphabet: try Alphabet("ab c'"),
      extractor: .sound(try FeatureExtractor(configuration.features.sound)),
      model: BandListener(inputSize: 5))
  }

  /// The network hears a frame at a time here, so that pieces must give the rows of the whole.
  @Test(arguments: [0, 1, 159, 800, 239_999, 240_000, 240_001, 256_080, 760_099])
  func piecesHaveTheRowsOfTheWhole(samples: Int) throws {
    let path = folder.file("noise.wav")
    try AudioFile.write(RecognizerFixtures.noise(samples), to: path)
    let whole = try AudioFile.read(path)
    let stream = try AudioStream(path, sampleRate: RecognizerFixtures.sampleRate)
    var heard = 0.0
    let (rows, loudness, duration) = try recognizer.logProbabilities(of: stream) { heard = $0 }
    let expected = recognizer.logProbabilities(of: [whole])[0]
    let curve = LoudnessCurve(samples: whole.samples, sampleRate: whole.sampleRate)
    #expect(loudness.levels == curve.levels)
    #expect(rows.shape == expected.shape)
    #expect(zip(rows.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(abs(duration - Double(samples) / 8000) < 1e-9)
    #expect(samples == 0 || heard == duration)
  }

  @Test func linesBecomeSegmentsWithTheTimesOfTheirWords() throws {
    let text = try KnownText("A b\n\n  c'\u{2028}ab", for: recognizer)
    #expect(text.wordsOfLines == [2, 1, 1])
    #expect(text.labels == (try recognizer.alphabet.encode("a b c' ab")))
    var source = RandomSource(seed: 3)
    let rows = Tensor((0..<6 * 60).map { _ in source.normal() }, shape: [60, 6]).logSoftmax()
    let transcript = try recognizer.transcript(aligning: text, to: rows)
    #expect(transcript.text == "a b c' ab")
    #expect(transcript.segments.map(\.words) == [0..<2, 2..<3, 3..<4])
    for segment in transcript.segments {
      #expect(segment.start == transcript.words[segment.words].first?.start)
      #expect(segment.end == transcript.words[segment.words].last?.end)
    }
    #expect(transcript.words.allSatisfy { $0.start < $0.end && $0.end <= 60 })
  }

  @Test func wordsThatCannotBeWrittenAreNamed() throws {
    let error = #expect(throws: KnownTextError.self) {
      try KnownText("a 42 b\nabé 42", for: recognizer)
    }
    guard case .unwritable(let words, _) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(words == ["42", "abé"])
    #expect(throws: KnownTextError.empty) { try KnownText(" \n\t\n", for: recognizer) }
  }

  @Test func aTextThatDoesNotFitIsRefused() throws {
    let text = try KnownText("aa", for: recognizer)
    let rows = Tensor(repeating: -1, [2, 6])
    #expect(throws: AlignmentError.tooFewFrames(available: 2, needed: 3)) {
      try recognizer.transcript(aligning: text, to: rows)
    }
  }
}

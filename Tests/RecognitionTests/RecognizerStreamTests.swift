import Audio
import Configuration
import Decoding
import Recognition
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct RecognizerStreamTests {
  private static let letters = Array("abcde")
  private static let bands = letters.count
  private let folder: TemporaryFolder
  private let recognizer: Recognizer

  init() throws {
    folder = try TemporaryFolder()
    var configuration = RecognizerConfiguration()
    configuration.features = .sound(RecognizerFixtures.features(.none))
    configuration.features.sound.melCount = Self.bands
    let extractor = try FeatureExtractor(configuration.features.sound)
    recognizer = Recognizer(
      configuration: configuration, alphabet: try Alphabet(Self.letters),
      extractor: .sound(extractor),
      model: BandListener(inputSize: Self.bands))
  }

  /// The middle of each mel band, on the scale of O'Shaughnessy.
  private func frequency(_ letter: Int) -> Double {
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    let (low, high) = (mel(20), mel(4000))
    let center = low + (high - low) * Double(letter + 1) / Double(Self.bands + 1)
    return 700 * (pow(10, center / 2595) - 1)
  }

  /// Words of tones with the times at which they begin.
  private func speech(
    _ seconds: Double, seed: UInt64
  ) -> (samples: [Float], words: [(text: String, start: Double)]) {
    var random = RandomSource(seed: seed)
    let rate = Double(RecognizerFixtures.sampleRate)
    var samples: [Float] = []
    var words: [(text: String, start: Double)] = []
    func silence(_ duration: Double) {
      for _ in 0..<Int(duration * rate) { samples.append(random.uniform(in: -1e-4...1e-4)) }
    }
    while Double(samples.count) / rate < seconds {
      silence(Double(random.uniform(in: 0.3...0.6)))
      let start = Double(samples.count) / rate
      var text = ""
      for _ in 0..<random.integer(in: 1...5) {
        let letter = random.integer(in: 0...Self.bands - 1)
        text.append(Self.letters[letter])
        let step = 2 * Double.pi * frequency(letter) / rate
        for index in 0..<Int(0.1 * rate) { samples.append(0.5 * Float(sin(step * Double(index)))) }
        silence(0.06)
      }
      words.append((text, start))
    }
    return (samples, words)
  }

  private func transcript(
    _ samples: [Float], _ segmentation: SegmentationConfiguration,
    progress: (Double) -> Void = { _ in }
  ) throws -> Transcript {
    let path = folder.file("recording.wav")
    try AudioFile.write(
      Waveform(samples: samples, sampleRate: RecognizerFixtures.sampleRate), to: path)
    return try recognizer.transcript(
      of: try AudioStream(path, sampleRate: RecognizerFixtures.sampleRate),
      decoder: recognizer.greedyDecoder, segmentation: segmentation, progress: progress)
  }

  /// Pieces of at most so many seconds.
  private func pieces(
    of maximum: Double, detectsSpeech: Bool = true
  ) -> SegmentationConfiguration {
    var segmentation = SegmentationConfiguration()
    segmentation.maximumDuration = maximum
    segmentation.detectsSpeech = detectsSpeech
    segmentation.overlap = 1
    segmentation.minimumPause = 0.4
    return segmentation
  }

  @Test(arguments: [(3.0, true), (7.0, true), (30.0, true), (3.0, false), (30.0, false)])
  func aLongRecordingIsHeardLetterByLetterAtItsTimes(
    maximum: Double, detectsSpeech: Bool
  ) throws {
    let (samples, words) = speech(61, seed: 31)
    var seen: [Double] = []
    let found = try transcript(samples, pieces(of: maximum, detectsSpeech: detectsSpeech)) {
      seen.append($0)
    }
    #expect(found.characters.map(\.text).joined() == words.map(\.text).joined())
    let duration = Double(samples.count) / Double(RecognizerFixtures.sampleRate)
    #expect(abs((seen.last ?? 0) - duration) < 1e-9, "nothing is left over")
    #expect(seen == seen.sorted())
    var position = 0
    for (text, start) in words {
      let letter = found.characters[position]
      #expect(
        abs(letter.start - start) < 0.03, "'\(text)' at \(start) s was heard at \(letter.start)")
      position += text.count
    }
    #expect(detectsSpeech ? found.segments.count > 5 : found.segments.count == 1)
    #expect(found.segments.allSatisfy { $0.noSpeechProbability.map { $0 < 0.01 } ?? false })
    #expect(found.segments.flatMap { Array($0.words) } == Array(found.words.indices))
  }

  @Test func anUncutRecordingSaysTheSameAsItsPieces() throws {
    let (samples, _) = speech(20, seed: 32)
    let whole = recognizer.transcript(
      of: Waveform(samples: samples, sampleRate: RecognizerFixtures.sampleRate),
      decoder: recognizer.greedyDecoder)
    let pieces = try transcript(samples, pieces(of: 2))
    #expect(pieces.characters.map(\.text) == whole.characters.map(\.text))
    let one = try transcript(samples, SegmentationConfiguration())
    #expect(one.text == whole.text, "16 bits make no difference to tones")
  }

  @Test(arguments: [0, 1, 50, 159, 160, 161, 400])
  func shortRecordingsAreNoTrouble(count: Int) throws {
    let silence = [Float](repeating: 0, count: count)
    let found = try transcript(silence, SegmentationConfiguration())
    #expect(found.text.isEmpty && found.words.isEmpty)
    #expect(found.confidence.isFinite)
    for variant in ModelVariant.all {
      let recognizer = try RecognizerFixtures.random(variant.configuration)
      let sounds = [RecognizerFixtures.noise(count), RecognizerFixtures.noise(2000)]
      let together = recognizer.logProbabilities(of: sounds)
      let frames = recognizer.extractor.sound!.frameCount(sampleCount: count)
      #expect(together[0].shape[0] == recognizer.model.outputLength(frames))
      #expect(together[0].scalars.allSatisfy { $0.isFinite }, "\(variant.testDescription)")
      let alone = recognizer.logProbabilities(of: [sounds[0]])[0]
      #expect(alone.shape == together[0].shape, "\(variant.testDescription), \(count) samples")
    }
  }

  /// The last piece may be shorter than a window.
  @Test func aRestShorterThanAWindowIsNoTrouble() throws {
    let (samples, words) = speech(6, seed: 33)
    for rest in [1, 17, 159, 160] {
      let rate = RecognizerFixtures.sampleRate
      let count = samples.count / rate * rate + rest
      let padded = Array((samples + [Float](repeating: 0, count: rate)).prefix(count))
      let found = try transcript(padded, pieces(of: 1))
      #expect(!found.characters.isEmpty && !words.isEmpty)
    }
  }

  @Test func noRecordingAtAll() throws {
    #expect(recognizer.logProbabilities([]).isEmpty)
    let found = Transcript(joining: [])
    #expect(found.text.isEmpty && found.confidence.isFinite)
  }
}

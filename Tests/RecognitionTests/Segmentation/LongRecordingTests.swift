import Audio
import Decoding
import Recognition
import Synchronization
import Tensors
import TestSupport
import Testing

/// A decoder that keeps the rows it is given.
private final class RowKeeper: TranscriptDecoder {
  struct State: Sendable { var rows: [Float] = [] }

  let labelCount: Int
  /// The rows of each utterance that was finished.
  let utterances = Mutex<[[Float]]>([])

  init(labelCount: Int) { self.labelCount = labelCount }

  func begin() -> State { State() }
  func advance(_ state: inout State, by logProbabilities: Tensor) {
    state.rows += logProbabilities.scalars
  }
  func hypotheses(_ state: State) -> [Hypothesis] {
    [Hypothesis(spans: [], score: 0, confidence: 1)]
  }
  func finish(_ state: State) -> [Hypothesis] {
    utterances.withLock { $0.append(state.rows) }
    return hypotheses(state)
  }
}

@Suite struct LongRecordingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func stream(_ samples: [Float], rate: Int) throws -> AudioStream {
    let path = folder.file("recording.wav")
    try AudioFile.write(
      Waveform(samples: samples, sampleRate: rate), to: path, encoding: .float32)
    return try AudioStream(path, sampleRate: rate)
  }

  private func networks() -> [(name: String, configuration: ModelConfiguration, exact: Bool)] {
    var forward = DeepSpeech2Configuration()
    forward.direction = .forward
    forward.hiddenSize = 12
    forward.layerCount = 2
    forward.contextSize = 2
    forward.frameStride = 3
    var lookahead = forward
    lookahead.lookahead = 5
    var both = forward
    both.direction = .bidirectional
    var convolutional = both
    convolutional.contextSize = 0
    convolutional.frameStride = 1
    convolutional.convolutions = [
      ConvolutionConfiguration(
        channels: 3, kernel: .init(height: 5, width: 7), stride: .init(height: 2, width: 2))
    ]
    return [
      ("forward", .deepSpeech2(forward), true), ("lookahead", .deepSpeech2(lookahead), false),
      ("both directions", .deepSpeech2(both), false),
      ("convolutions", .deepSpeech2(convolutional), false),
    ]
  }

  /// One utterance in pieces gives the rows of one pass; a network that only looks back gives those
  /// before the first seam to the bit.
  @Test func rowsAreThoseOfOnePass() throws {
    let waveform = RecognizerFixtures.noise(20 * RecognizerFixtures.sampleRate)
    var segmentation = SegmentationConfiguration()
    segmentation.detectsSpeech = false
    segmentation.maximumDuration = 6
    for (name, configuration, isExact) in networks() {
      let recognizer = try RecognizerFixtures.random(configuration, normalization: .dataset)
      let keeper = RowKeeper(labelCount: recognizer.alphabet.labelCount)
      _ = try recognizer.transcript(
        of: stream(waveform.samples, rate: waveform.sampleRate), decoder: keeper,
        segmentation: segmentation)
      let found = keeper.utterances.withLock { $0 }
      let whole = recognizer.logProbabilities(of: [waveform])[0].scalars
      #expect(found.count == 1)
      let rows = try #require(found.first)
      try #require(rows.count == whole.count, "\(name)")
      let differences = zip(rows, whole).map { abs($0 - $1) }
      // With 1.5 s of context a random network has nearly forgotten what it began with.
      #expect((differences.max() ?? 1) < 0.05, "\(name)")
      #expect(differences.reduce(0, +) < 1e-3 * Float(differences.count), "\(name)")
      let seam = Int(3 / recognizer.frameDuration) * recognizer.alphabet.labelCount
      if isExact { #expect(differences[..<seam].allSatisfy { $0 < 1e-5 }, "\(name)") }
    }
  }

  @Test(arguments: [0, 1, 100, 8000, 8001, 16_000, 90_000])
  func silenceSaysNothing(count: Int) throws {
    let recognizer = try RecognizerFixtures.random(networks()[0].configuration)
    var segmentation = SegmentationConfiguration()
    segmentation.maximumDuration = 2
    var seen: [Double] = []
    let keeper = RowKeeper(labelCount: recognizer.alphabet.labelCount)
    let found = try recognizer.transcript(
      of: stream([Float](repeating: 0, count: count), rate: RecognizerFixtures.sampleRate),
      decoder: keeper, segmentation: segmentation
    ) { seen.append($0) }
    #expect(found.text.isEmpty && found.segments.isEmpty && found.confidence.isFinite)
    #expect(keeper.utterances.withLock { $0.isEmpty }, "the network was not asked")
    #expect(seen.last == Double(count) / Double(RecognizerFixtures.sampleRate))
  }

  @Test func noiseSaysNothingAndClicksNeither() throws {
    let rate = RecognizerFixtures.sampleRate
    let recognizer = try RecognizerFixtures.random(networks()[0].configuration)
    let keeper = RowKeeper(labelCount: recognizer.alphabet.labelCount)
    for seconds in [3, 40] {
      var samples = RecognizerFixtures.noise(seconds * rate).samples
      for start in stride(from: 4000, to: samples.count - 50, by: 12_345) { samples[start] = 1 }
      _ = try recognizer.transcript(of: stream(samples, rate: rate), decoder: keeper)
    }
    #expect(keeper.utterances.withLock { $0.isEmpty })
  }

  @Test func similarLengthsGiveTheSameRowsAsAlone() throws {
    let recognizer = try RecognizerFixtures.random(networks()[2].configuration)
    let features = [900, 8000, 0, 100, 16_000, 7900, 4000].map {
      recognizer.extractor(.sound(RecognizerFixtures.noise($0)))
    }
    let together = recognizer.logProbabilities(similar: features)
    #expect(together.count == features.count)
    for (feature, rows) in zip(features, together) {
      #expect(rows == recognizer.logProbabilities([feature])[0])
    }
    #expect(recognizer.logProbabilities(similar: []).isEmpty)
  }

  /// Muted stretches are no part of an utterance: normalised features would take them for the room.
  @Test(arguments: [true, false]) func digitalSilenceIsLeftOut(detectsSpeech: Bool) throws {
    let (rate, quantum) = (8000, 240)
    var random = RandomSource(seed: 5)
    var samples: [Float] = []
    var spoken: [Range<Int>] = []
    for _ in 0..<12 {
      samples += [Float](repeating: 0, count: 16_111)
      // Eleven syllables and breaths in turn.
      spoken.append(samples.count..<samples.count + 8800)
      for index in 0..<11 {
        let amplitude: Float = index % 2 == 0 ? 0.1 : 0.001
        samples += random.normals(800).map { amplitude * $0 }
      }
    }
    samples += [Float](repeating: 0, count: 5000)
    var segmentation = SegmentationConfiguration()
    segmentation.detectsSpeech = detectsSpeech
    var reader = try UtteranceReader(
      stream(samples, rate: rate), segmentation, quantum: quantum)
    let pieces = try reader.next(seconds: 1000)
    guard detectsSpeech else {
      // Rows of the whole are wanted with their places in it.
      #expect(pieces.first?.place.span.lowerBound == 0)
      return #expect(pieces.last?.place.span.upperBound == samples.count)
    }
    #expect(pieces.map(\.place.isLast) == [Bool](repeating: true, count: spoken.count))
    for (piece, sound) in zip(pieces, spoken) {
      let (place, start) = (piece.place, piece.place.span.lowerBound)
      #expect((1 - quantum...0).contains(start - sound.lowerBound))
      #expect(place.span.upperBound == sound.upperBound)
      #expect(place.utteranceStart == start && place.core == place.span)
      #expect(piece.waveform.samples[...] == samples[place.span])
    }
  }

  /// Three hours at a low rate: talk with pauses, long silences, and half an hour without a breath.
  @Test(arguments: [true, false]) func memoryIsBounded(detectsSpeech: Bool) throws {
    let rate = 1000
    var random = RandomSource(seed: 3)
    var samples: [Float] = []
    func noise(_ seconds: Double, _ amplitude: Float) {
      samples += random.normals(Int(seconds * Double(rate))).map { $0 * amplitude }
    }
    while samples.count < 7000 * rate {
      noise(Double(random.uniform(in: 0.5...4)), 0.2)
      noise(Double(random.uniform(in: 0.1...1.5)), 0.001)
    }
    noise(1200, 0)
    for _ in 0..<4000 {
      noise(0.4, 0.2)
      noise(0.05, 0.001)
    }
    var segmentation = SegmentationConfiguration()
    segmentation.detectsSpeech = detectsSpeech
    segmentation.activity.bandCount = 3
    segmentation.activity.hopLength = 0.02
    var reader = try UtteranceReader(
      stream(samples, rate: rate), segmentation, quantum: 30)
    var (most, heard, end) = (0, 0, 0)
    while true {
      let group = try reader.next(seconds: 60)
      if group.isEmpty { break }
      most = max(most, reader.bufferedCount + group.reduce(0) { $0 + $1.waveform.samples.count })
      for piece in group {
        #expect(piece.waveform.samples.count == piece.place.span.count)
        #expect(piece.waveform.samples[...] == samples[piece.place.span])
        #expect(piece.place.core.lowerBound >= end)
        end = piece.place.core.upperBound
        heard += piece.place.core.count
      }
    }
    #expect(samples.count > 9900 * rate && most < 180 * rate, "\(most / rate) s at once")
    #expect(detectsSpeech ? heard > 6000 * rate : heard == samples.count)
  }
}

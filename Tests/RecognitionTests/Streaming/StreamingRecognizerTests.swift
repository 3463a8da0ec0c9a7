import Audio
import Autograd
import Configuration
import Decoding
import Layers
import Recognition
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension BandListener: StreamingModel {
  var streamingObstacle: StreamingError? { nil }
  var framesAhead: Int { 0 }
  func begin() -> any LogitStream { BandStream(listener: self) }
}

private struct BandStream: LogitStream {
  let listener: BandListener
  let stateSize = 0

  mutating func advance(by features: Tensor) -> Tensor {
    let frames = features.shape[0]
    guard frames > 0 else { return Tensor(zeros: [0, listener.labelCount]) }
    let batch = Variable(features.reshaped([frames, 1, listener.inputSize]))
    return listener(batch, frameLengths: [frames], on: nil).logits.tensor
      .reshaped([frames, listener.labelCount])
  }

  mutating func finish() -> Tensor { Tensor(zeros: [0, listener.labelCount]) }
}

/// A ``BandListener`` that says a letter not while it is heard, but when another one comes or the sequence
/// ends.
private struct HeldBackListener: StreamingModel {
  let inputSize: Int
  var labelCount: Int { inputSize + 1 }
  var frameStride: Int { 1 }
  var framesAhead: Int { 0 }
  var streamingObstacle: StreamingError? { nil }
  func outputLength(_ frames: Int) -> Int { frames + 1 }
  func begin() -> any LogitStream { HeldBackStream(listener: BandListener(inputSize: inputSize)) }
  mutating func visit(_ visitor: inout ParameterVisitor) {}

  var stateSize: Int { labelCount }
  func logits(of states: Variable, on tape: Tape?) -> Variable { states }

  func states(
    _ features: Variable, frameLengths: [Int], on tape: Tape?
  ) -> (states: Variable, frameLengths: [Int]) {
    let heard = BandListener(inputSize: inputSize)(features, frameLengths: frameLengths, on: tape)
    return (heard.logits, heard.frameLengths)
  }
}

private struct HeldBackStream: LogitStream {
  let listener: BandListener
  private var held = 0
  let stateSize = 1

  init(listener: BandListener) { self.listener = listener }

  private func row(_ label: Int) -> [Float] {
    (0..<listener.labelCount).map { $0 == label ? 8 : 0 }
  }

  mutating func advance(by features: Tensor) -> Tensor {
    var plain = BandStream(listener: listener)
    let heard = plain.advance(by: features).scalars
    var rows: [Float] = []
    let size = listener.labelCount
    for start in stride(from: 0, to: heard.count, by: size) {
      let values = heard[start..<start + size]
      let label = values.indices.max { values[$0] < values[$1] }.map { $0 - start } ?? 0
      rows += row(label != 0 && label != held ? held : 0)
      if label != 0 { held = label }
    }
    return Tensor(rows, shape: [features.shape[0], size])
  }

  mutating func finish() -> Tensor { Tensor(row(held), shape: [1, listener.labelCount]) }
}

/// Sound in blocks to lines of text, with a recogniser whose text is known.
@Suite struct StreamingRecognizerTests {
  private static let letters: [Character] = ["a", "b", "c", "d", " "]
  private static let rate = RecognizerFixtures.sampleRate
  private let recognizer: Recognizer

  init() throws {
    var configuration = RecognizerConfiguration()
    configuration.features = .sound(RecognizerFixtures.features(.none))
    configuration.features.sound.melCount = Self.letters.count
    recognizer = Recognizer(
      configuration: configuration, alphabet: try Alphabet(Self.letters),
      extractor: .sound(try FeatureExtractor(configuration.features.sound)),
      model: BandListener(inputSize: Self.letters.count))
  }

  /// Tones for letters, a pause of `pause` seconds for `|`, and a bit of silence between letters.
  private func sound(_ text: String, pause: Double = 1.2) -> [Float] {
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    let (low, high) = (mel(20), mel(4000))
    var samples: [Float] = []
    func silence(_ seconds: Double) {
      samples += [Float](repeating: 0, count: Int(seconds * Double(Self.rate)))
    }
    for character in text {
      guard let letter = Self.letters.firstIndex(of: character) else {
        silence(pause)
        continue
      }
      let center = low + (high - low) * Double(letter + 1) / Double(Self.letters.count + 1)
      let step = 2 * Double.pi * 700 * (pow(10, center / 2595) - 1) / Double(Self.rate)
      for index in 0..<Int(0.1 * Double(Self.rate)) {
        samples.append(0.5 * Float(sin(step * Double(index))))
      }
      silence(0.06)
    }
    return samples
  }

  private func events(
    _ samples: [Float], blocks: [Int], endpoints: EndpointConfiguration = EndpointConfiguration()
  ) throws -> [StreamingEvent] {
    var stream = try StreamingRecognizer(
      recognizer, decoder: recognizer.greedyDecoder, endpoints: endpoints)
    var events: [StreamingEvent] = []
    var start = 0
    for count in blocks {
      events += try stream.push(Array(samples[start..<start + count]))
      start += count
    }
    return try events + stream.push(Array(samples[start...])) + stream.finish()
  }

  private func lines(_ events: [StreamingEvent]) -> [Transcript] {
    events.compactMap { if case .line(let line) = $0 { line } else { nil } }
  }

  private func partials(_ events: [StreamingEvent]) -> [String] {
    events.compactMap { if case .partial(let line) = $0 { line.text } else { nil } }
  }

  @Test func pausesMakeLinesWithTimesOnTheClockOfTheStream() throws {
    let samples = sound("|ab c|dd|a", pause: 1.5)
    let found = lines(try events(samples, blocks: []))
    #expect(found.map(\.text) == ["ab c", "dd", "a"])
    let starts = [[1.5, 1.98], [3.64], [5.46]]
    for (line, starts) in zip(found, starts) {
      #expect(line.words.count == starts.count)
      for (word, start) in zip(line.words, starts) {
        #expect(abs(word.start - start) < 0.04, "\(word) was said at \(start) s")
      }
    }
  }

  @Test func theCutDoesNotChangeTheLines() throws {
    let samples = sound("ab|c d|aba bab c|", pause: 1.15)
    let whole = lines(try events(samples, blocks: []))
    #expect(whole.count == 3)
    var random = RandomSource(seed: 51)
    for most in [1, 37, 400, 5000] {
      var blocks: [Int] = []
      var rest = samples.count
      while rest > 0 {
        blocks.append(min(rest, most == 1 ? 1 : random.integer(in: 0...most)))
        rest -= blocks.last ?? 0
      }
      #expect(lines(try events(samples, blocks: blocks)) == whole, "blocks of up to \(most)")
    }
  }

  /// A network that writes a letter only when the next one or the end of its sequence comes.
  @Test func aPauseBringsOutWhatTheNetworkKeptBack() throws {
    var held = recognizer
    held.model = HeldBackListener(inputSize: Self.letters.count)
    let samples = sound("ab|cd|a", pause: 1.3)
    func lines(blocks: Int) throws -> [Transcript] {
      var stream = try StreamingRecognizer(held, decoder: held.greedyDecoder)
      var events: [StreamingEvent] = []
      for start in stride(from: 0, to: samples.count, by: blocks) {
        events += try stream.push(Array(samples[start..<min(start + blocks, samples.count)]))
      }
      return self.lines(events + stream.finish())
    }
    let whole = try lines(blocks: samples.count)
    #expect(whole.map(\.text) == ["ab", "cd", "a"])
    for blocks in [1, 57, 400, 3000] {
      #expect(try lines(blocks: blocks) == whole, "blocks of \(blocks)")
    }
    let starts = whole.compactMap { $0.words.first?.start }
    for (start, said) in zip(starts, [0.0, 1.62, 3.24]) {
      #expect(start >= said && start < said + 0.3, "said at \(said), heard at \(start)")
    }
  }

  @Test func aPartialTextIsToldOnceAndGrows() throws {
    let samples = sound("ab c|d", pause: 1.5)
    let blocks = [Int](repeating: 160, count: samples.count / 160)
    let partials = partials(try events(samples, blocks: blocks))
    #expect(partials == ["a", "ab", "ab c", "d"])
  }

  @Test func aLineIsThereBeforeTheSoundEnds() throws {
    var stream = try StreamingRecognizer(recognizer, decoder: recognizer.greedyDecoder)
    var lineAt: Double?
    var time = 0.0
    let samples = sound("ab|||")
    for start in stride(from: 0, to: samples.count, by: 80) {
      time = Double(start + 80) / Double(Self.rate)
      let events = try stream.push(Array(samples[start..<min(start + 80, samples.count)]))
      if lineAt == nil, !lines(events).isEmpty { lineAt = time }
    }
    // The last letter ends at 0.26 s; the pause is 1 s, the window 20 ms, a block 10 ms.
    let at = try #require(lineAt)
    #expect(at > 1.25 && at < 1.32)
  }

  @Test func rowsAreKnownUpToTheDelay() throws {
    for (kind, cell) in [("lookahead", DeepSpeech2Configuration.Cell.lstm), ("none", .gru)] {
      var network = DeepSpeech2Configuration()
      (network.convolutions, network.direction, network.cell) = ([], .forward, cell)
      (network.layerCount, network.hiddenSize) = (1, 8)
      if kind == "lookahead" {
        (network.lookahead, network.contextSize, network.frameStride) = (5, 2, 3)
      }
      let recognizer = try RecognizerFixtures.random(
        .deepSpeech2(network), normalization: .dataset)
      let delay = try #require(recognizer.streamingDelay)
      #expect(abs(delay - (kind == "lookahead" ? 0.02 + 0.02 + 0.15 : 0.02)) < 1e-9)
      var stream = try StreamingRecognizer(recognizer, decoder: recognizer.greedyDecoder)
      let noise = RecognizerFixtures.noise(16_000).samples
      for start in stride(from: 0, to: noise.count, by: 100) {
        _ = try stream.push(Array(noise[start..<start + 100]))
        let heard = Double(start + 100) / Double(Self.rate)
        #expect(stream.knownDuration >= heard - delay - 1e-9, "\(heard) s were heard")
        let most = max(0, heard - delay + recognizer.frameDuration)
        #expect(stream.knownDuration <= most + 1e-9, "no frame is read before it is heard")
      }
    }
  }

  @Test func rowsOfAStreamSayWhatTheWholeSays() throws {
    var network = DeepSpeech2Configuration()
    (network.convolutions, network.direction) = ([], .forward)
    (network.layerCount, network.hiddenSize, network.lookahead) = (2, 24, 6)
    (network.contextSize, network.frameStride) = (1, 2)
    for normalization in [FeatureConfiguration.Normalization.dataset, .none] {
      let recognizer = try RecognizerFixtures.random(
        .deepSpeech2(network), normalization: normalization, seed: 9)
      let sound = RecognizerFixtures.noise(20_000, seed: 3)
      var endpoints = EndpointConfiguration()
      (endpoints.pauseAfterSpeech, endpoints.maximumDuration) = (60, 600)
      endpoints.silenceWithoutSpeech = 600
      var stream = try StreamingRecognizer(
        recognizer, decoder: recognizer.greedyDecoder, endpoints: endpoints)
      var events: [StreamingEvent] = []
      for start in stride(from: 0, to: sound.samples.count, by: 250) {
        events += try stream.push(Array(sound.samples[start..<start + 250]))
      }
      events += stream.finish()
      let whole = recognizer.transcript(of: sound, decoder: recognizer.greedyDecoder)
      #expect(!whole.text.isEmpty)
      #expect(lines(events) == [whole])
    }
  }

  @Test func anHourOfSilenceNeedsNoMemory() throws {
    var network = DeepSpeech2Configuration()
    (network.convolutions, network.direction, network.lookahead) = ([], .forward, 3)
    (network.layerCount, network.hiddenSize) = (1, 4)
    let recognizer = try RecognizerFixtures.random(.deepSpeech2(network), normalization: .none)
    var stream = try StreamingRecognizer(recognizer, decoder: recognizer.greedyDecoder)
    let second = [Float](repeating: 0, count: Self.rate)
    var sizes: [Int] = []
    var longest = 0.0
    for _ in 0..<3600 {
      let events = try stream.push(second)
      for line in lines(events) {
        longest = max(longest, (line.words.last?.end ?? 0) - (line.words.first?.start ?? 0))
      }
      sizes.append(stream.stateSize)
    }
    let most = try #require(sizes.prefix(60).max())
    #expect(most > 0 && sizes.allSatisfy { $0 <= most })
    #expect(longest <= 20.1, "whatever a network without training hears, a line ends")
  }

  @Test func soundThatIsNoNumberIsRefusedAndForgotten() throws {
    let samples = sound("ab|")
    var stream = try StreamingRecognizer(recognizer, decoder: recognizer.greedyDecoder)
    _ = try stream.push(Array(samples[..<1000]))
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(throws: StreamingError.notFinite(sample: 1003, value: "\(bad)")) {
        try stream.push([0, 0, 0, bad, 0])
      }
    }
    let rest = try stream.push(Array(samples[1000...])) + stream.finish()
    #expect(lines(rest) == lines(try events(samples, blocks: [])))
  }

  @Test(arguments: [0, 1, 100, 159, 160])
  func shortSoundsAreNoTrouble(count: Int) throws {
    let found = try events([Float](repeating: 0, count: count), blocks: [0, 0])
    #expect(found.isEmpty)
  }

  @Test func whatMustHearTheEndIsRefused() throws {
    func obstacle(
      _ change: (inout DeepSpeech2Configuration) -> Void,
      _ normalization: FeatureConfiguration.Normalization = .dataset
    ) throws -> StreamingError? {
      var network = DeepSpeech2Configuration()
      (network.convolutions, network.layerCount, network.hiddenSize) = ([], 1, 4)
      network.direction = .forward
      change(&network)
      let recognizer = try RecognizerFixtures.random(
        .deepSpeech2(network), normalization: normalization)
      do {
        _ = try StreamingRecognizer(recognizer, decoder: recognizer.greedyDecoder)
        #expect(recognizer.canStream)
        return nil
      } catch {
        #expect(!recognizer.canStream)
        #expect(error.description.contains("digits-en-streaming"))
        return error
      }
    }
    #expect(try obstacle { _ in } == nil)
    #expect(try obstacle({ _ in }, .none) == nil)
    #expect(try obstacle { $0.direction = .bidirectional } == .readsBackward)
    #expect(try obstacle({ _ in }, .utterance) == .normalization(found: "utterance"))
    let other = try RecognizerFixtures.random(ModelVariant.deepSpeech.configuration)
    #expect(throws: StreamingError.wrongKind(found: "deepSpeech")) {
      try StreamingRecognizer(other, decoder: other.greedyDecoder)
    }
  }

  @Test func aBeamHearsWhatItWouldHearInTheWhole() throws {
    let beam = try PrefixBeamSearch(alphabet: recognizer.alphabet)
    let samples = sound("ab c|dab|", pause: 1.2)
    var stream = try StreamingRecognizer(recognizer, decoder: beam)
    var found: [StreamingEvent] = []
    for start in stride(from: 0, to: samples.count, by: 333) {
      found += try stream.push(Array(samples[start..<min(start + 333, samples.count)]))
    }
    found += stream.finish()
    #expect(lines(found).map(\.text) == ["ab c", "dab"])
  }
}

import Audio
import Configuration
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sound with the character of speech: a voice of 120 Hz whose bands and loudness vary by syllables.
struct SyntheticSpeech {
  var rate: Int
  var random: RandomSource

  init(rate: Int, seed: UInt64) {
    self.rate = rate
    random = RandomSource(seed: seed)
  }

  mutating func utterance(_ seconds: Double, amplitude: Float = 0.2) -> [Float] {
    let count = Int(seconds * Double(rate))
    let syllable = Int(0.2 * Double(rate))
    var samples = [Float](repeating: 0, count: count)
    for start in stride(from: 0, to: count, by: syllable) {
      let formants = [random.uniform(in: 300...800), random.uniform(in: 900...2500), 2900]
      var harmonics: [(frequency: Float, weight: Float)] = []
      for index in 1...28 {
        let frequency = 120 * Float(index)
        let weight = formants.map { exp(-pow((frequency - $0) / 200, 2)) }.reduce(0.01, +)
        harmonics.append((frequency, weight))
      }
      for index in start..<min(start + syllable, count) {
        let time = Float(index) / Float(rate)
        let phase = Float(index - start) / Float(syllable)
        var sum: Float = 0
        for (frequency, weight) in harmonics { sum += weight * sin(2 * .pi * frequency * time) }
        samples[index] = amplitude * sum * sin(.pi * phase) / 3
      }
    }
    return samples
  }

  mutating func noise(_ count: Int, amplitude: Float) -> [Float] {
    random.normals(count).map { $0 * amplitude }
  }
}

@Suite struct ActivityTests {
  /// Two seconds of pause, two of speech, one and a half of pause, one of speech, two of pause.
  private static let plan: [(seconds: Double, isSpeech: Bool)] = [
    (2, false), (2, true), (1.5, false), (1, true), (2, false),
  ]

  private func recording(rate: Int, noise: Float, seed: UInt64 = 1) -> [Float] {
    var source = SyntheticSpeech(rate: rate, seed: seed)
    var samples: [Float] = []
    for (seconds, isSpeech) in Self.plan {
      samples +=
        isSpeech
        ? source.utterance(seconds)
        : [Float](repeating: 0, count: Int(seconds * Double(rate)))
    }
    let added = source.noise(samples.count, amplitude: noise)
    return zip(samples, added).map { $0 + $1 }
  }

  private func decisions(_ samples: [Float], rate: Int) throws -> [Bool] {
    try ActivityDetector.decisions(Waveform(samples: samples, sampleRate: rate))
  }

  /// The shares of speech that is missed and of pauses that are taken for speech, 100 ms around
  /// each change left out.
  private func errors(_ found: [Bool]) -> (missed: Double, false: Double) {
    var (position, missed, mistaken, speech, pause) = (0, 0, 0, 0, 0)
    for (seconds, isSpeech) in Self.plan {
      let frames = Int(seconds * 100)
      for flag in found[position + 10..<position + frames - 10] {
        if isSpeech { speech += 1 } else { pause += 1 }
        if isSpeech && !flag { missed += 1 }
        if !isSpeech && flag { mistaken += 1 }
      }
      position += frames
    }
    return (Double(missed) / Double(speech), Double(mistaken) / Double(pause))
  }

  @Test(arguments: [8000, 11_025, 16_000, 22_050, 44_100, 48_000], [0, 1e-4, 1e-2] as [Float])
  func speechIsFoundAtAllRates(rate: Int, noise: Float) throws {
    let samples = recording(rate: rate, noise: noise)
    let found = try decisions(samples, rate: rate)
    let hop = Int((Double(rate) / 100).rounded())
    #expect(found.count == (samples.count + hop - 1) / hop)
    let (missed, mistaken) = errors(found + [false, false, false])
    #expect(missed < 0.02 && mistaken < 0.01, "\(missed) missed, \(mistaken) mistaken")
  }

  @Test(arguments: [0.01, 0.1, 1, 10, 1000] as [Float])
  func gainDoesNotMatter(gain: Float) throws {
    let samples = recording(rate: 16_000, noise: 3e-3)
    let found = try decisions(samples.map { $0 * gain }, rate: 16_000)
    #expect(found == (try decisions(samples, rate: 16_000)))
  }

  @Test(arguments: [-0.5, 0.01, 0.3] as [Float])
  func anOffsetOfTheZeroLineDoesNotMatter(offset: Float) throws {
    let found = try decisions(
      recording(rate: 16_000, noise: 1e-3).map { $0 + offset }, rate: 16_000)
    let (missed, mistaken) = errors(found)
    #expect(missed < 0.02 && mistaken < 0.01, "\(missed) missed, \(mistaken) mistaken")
  }

  @Test func humIsNoSpeech() throws {
    let rate = 16_000
    let samples = recording(rate: rate, noise: 1e-3)
    let hum = (0..<samples.count).map { index in
      (1...10).map { order in
        0.1 / Float(order) * sin(2 * .pi * 50 * Float(order * index % rate) / Float(rate))
      }.reduce(0, +)
    }
    #expect(try !decisions(hum, rate: rate).contains(true))
    let (missed, mistaken) = errors(try decisions(zip(samples, hum).map(+), rate: rate))
    #expect(missed < 0.05 && mistaken < 0.01, "\(missed) missed, \(mistaken) mistaken")
  }

  @Test(arguments: [8000, 16_000, 48_000], [1e-5, 1e-3, 0.3] as [Float])
  func noiseAloneIsNoSpeech(rate: Int, amplitude: Float) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var source = SyntheticSpeech(rate: rate, seed: seed)
      let found = try decisions(source.noise(20 * rate, amplitude: amplitude), rate: rate)
      #expect(!found.contains(true), "seed \(seed): \(found.count { $0 }) of \(found.count)")
    }
  }

  @Test func digitalSilenceIsNoSpeechAndTellsNothingOfTheNoise() throws {
    let rate = 16_000
    #expect(try !decisions([Float](repeating: 0, count: 40 * rate), rate: rate).contains(true))
    #expect(try !decisions([Float](repeating: 0.7, count: 4 * rate), rate: rate).contains(true))
    // A line that is muted now and then: the noise between is still noise.
    var source = SyntheticSpeech(rate: rate, seed: 4)
    var muted: [Float] = []
    for _ in 0..<8 {
      muted += source.noise(rate, amplitude: 0.01)
      muted += [Float](repeating: 0, count: rate / 2)
    }
    #expect(try !decisions(muted, rate: rate).contains(true))
  }

  /// A word between cuts has no pause of its own that would tell its noise.
  @Test func singleWordsBetweenCutsAreSpeech() throws {
    let rate = 8000
    var source = SyntheticSpeech(rate: rate, seed: 8)
    let steady = source.noise(rate / 2, amplitude: 0.05)
    let silence = [Float](repeating: 0, count: 4 * rate)
    let found = try decisions(silence + steady + silence, rate: rate)
    #expect(found[405..<445].allSatisfy { $0 })
    #expect(!found[..<385].contains(true) && !found[465...].contains(true))
  }

  @Test func clicksAreNoSpeech() throws {
    let rate = 16_000
    var source = SyntheticSpeech(rate: rate, seed: 5)
    var samples = source.noise(10 * rate, amplitude: 1e-3)
    for start in stride(from: 5000, to: samples.count, by: 14_321) {
      for index in start..<start + 24 { samples[index] += index % 2 == 0 ? 0.9 : -0.9 }
    }
    #expect(try !decisions(samples, rate: rate).contains(true))
  }

  @Test func noiseThatGetsLouderIsNoticedInTime() throws {
    let rate = 8000
    var source = SyntheticSpeech(rate: rate, seed: 6)
    let samples =
      source.noise(10 * rate, amplitude: 1e-3) + source.noise(20 * rate, amplitude: 1e-2)
    let found = try decisions(samples, rate: rate)
    #expect(!found[..<990].contains(true))
    #expect(!found[1400...].contains(true), "after the three seconds that it looks back")
  }

  /// A pause may be noisier than the room around it, as long as that is little beside the speech.
  @Test func pausesWithAnotherNoiseThanTheSpeechArePauses() throws {
    let rate = 16_000
    var source = SyntheticSpeech(rate: rate, seed: 9)
    // The room before each utterance, the utterance in it, and a louder pause.
    var samples: [Float] = []
    for _ in 0..<6 {
      let speech = [Float](repeating: 0, count: rate / 2) + source.utterance(2)
      samples += zip(speech, source.noise(speech.count, amplitude: 1e-3)).map { $0 + $1 }
      samples += source.noise(rate, amplitude: 2e-3)
    }
    let speech = (0..<2100).filter { (50..<250).contains($0 % 350) }
    let pauses = (0..<2100).filter { (265..<335).contains($0 % 350) }
    func falseAlarms(_ share: Float) throws -> Double {
      var configuration = ActivityConfiguration()
      configuration.rangeShare = share
      let found = try ActivityDetector.decisions(
        Waveform(samples: samples, sampleRate: rate), configuration: configuration)
      #expect(speech.count { !found[$0] } < speech.count / 20)
      return Double(pauses.count { found[$0] }) / Double(pauses.count)
    }
    #expect(try falseAlarms(0) > 0.5)
    #expect(try falseAlarms(ActivityConfiguration().rangeShare) < 0.05)
  }

  @Test(arguments: [0, 1, 79, 80, 81, 239, 240, 241, 1000])
  func shortRecordingsHaveADecisionForEveryHop(count: Int) throws {
    var source = SyntheticSpeech(rate: 8000, seed: 7)
    let found = try decisions(source.noise(count, amplitude: 0.1), rate: 8000)
    #expect(found.count == (count + 79) / 80)
  }

  @Test(arguments: [1, 7, 80, 333, 4096, 100_000])
  func blocksDoNotMatter(size: Int) throws {
    let samples = recording(rate: 8000, noise: 3e-3)
    var detector = try ActivityDetector(sampleRate: 8000)
    var found: [Bool] = []
    for start in stride(from: 0, to: samples.count, by: size) {
      detector.push(Array(samples[start..<min(start + size, samples.count)]))
      found += detector.pull()
    }
    detector.finish()
    detector.finish()
    found += detector.pull()
    #expect(found == (try decisions(samples, rate: 8000)))
    #expect(found.contains(true))
  }

  @Test func memoryIsBoundedOverTenThousandSeconds() throws {
    var configuration = ActivityConfiguration()
    configuration.bandCount = 4
    var detector = try ActivityDetector(configuration, sampleRate: 1000)
    let block = recording(rate: 1000, noise: 1e-3)
    var (frames, most) = (0, 0)
    while frames < 1_000_000 {
      detector.push(block)
      most = max(most, detector.bufferedCount)
      frames += detector.pull().count
    }
    let ahead = 4 * Int((configuration.noiseAhead + 1) / configuration.hopLength)
    #expect(most < ahead + 2 * (block.count / 10 + 100), "\(most) values at once")
  }

  @Test func wrongValuesAreRefused() {
    func refuses(_ key: String, _ change: (inout ActivityConfiguration) -> Void) {
      var configuration = ActivityConfiguration()
      change(&configuration)
      #expect {
        _ = try ActivityDetector(configuration, sampleRate: 8000)
      } throws: { ($0 as? ConfigurationError)?.key == key }
    }
    refuses("windowLength") { $0.windowLength = 0 }
    refuses("hopLength") { $0.hopLength = 1 }
    refuses("lowFrequency") { $0.lowFrequency = 3000 }
    refuses("highFrequency") { $0.highFrequency = .nan }
    refuses("bandCount") { $0.bandCount = 0 }
    refuses("threshold") { $0.threshold = .nan }
    refuses("voteDuration") { $0.voteDuration = -1 }
    refuses("noisePast") { $0.noisePast = 1e9 }
    refuses("noiseAhead") { $0.noiseAhead = 0 }
    refuses("silenceLevel") { $0.silenceLevel = 0 }
  }
}

import Audio
import Configuration
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct AugmentationTests {
  let folder: TemporaryFolder
  let tone = Waveform(samples: sine(1000, rate: 16000, seconds: 1), sampleRate: 16000)

  init() throws { folder = try TemporaryFolder() }

  private func augmenter(
    _ change: (inout AugmentationConfiguration) -> Void
  ) throws -> Augmenter {
    var configuration = AugmentationConfiguration()
    change(&configuration)
    return try Augmenter(configuration, sampleRate: 16000, directory: folder.path)
  }

  private func apply(_ augmenter: Augmenter, seed: UInt64 = 1) -> [Float] {
    var random = RandomSource(seed: seed)
    return augmenter.waveform(tone, random: &random).samples
  }

  private func decibels(_ ratio: Float) -> Float { 20 * log10(ratio) }

  @Test func nothingByDefault() throws {
    let augmenter = try augmenter { _ in }
    #expect(apply(augmenter) == tone.samples)
    var random = RandomSource(seed: 1)
    let features = Tensor(repeating: 3, [50, 40])
    #expect(augmenter.features(features, random: &random) == features)
  }

  @Test func theSameSeedGivesTheSameSound() throws {
    let all = try augmenter {
      $0.speed.probability = 0.9
      $0.reverberation.probability = 0.9
      $0.noise.probability = 0.9
      $0.gain.probability = 0.9
      $0.telephone.probability = 0.5
    }
    for seed: UInt64 in 1...5 { #expect(apply(all, seed: seed) == apply(all, seed: seed)) }
    #expect(apply(all, seed: 1) != apply(all, seed: 2))
  }

  @Test func probabilitiesAreKept() throws {
    let half = try augmenter { $0.gain.probability = 0.5 }
    let changed = (0..<400).filter { apply(half, seed: UInt64($0)) != tone.samples }.count
    // Four standard deviations of a fair coin thrown 400 times.
    #expect(abs(changed - 200) <= 40, "\(changed)")
  }

  @Test(arguments: [Float(0.9), 1.1])
  func speedScalesLengthAndPitch(factor: Float) throws {
    let fast = try augmenter {
      $0.speed.probability = 1
      ($0.speed.minimum, $0.speed.maximum) = (factor, factor)
    }
    let found = apply(fast)
    #expect(abs(Float(found.count) - 16000 / factor) <= 1)
    let middle = found[2000..<12_000]
    #expect(
      abs(amplitude(of: Double(1000 * factor), in: middle, rate: 16000) - 0.5) < 1e-3)
  }

  @Test func gainIsInDecibels() throws {
    let loud = try augmenter {
      $0.gain.probability = 1
      ($0.gain.minimum, $0.gain.maximum) = (6, 6)
    }
    expectClose(apply(loud), tone.samples.map { $0 * 1.9952623 }, absolute: 1e-6, "gain")
  }

  @Test(arguments: AugmentationConfiguration.Noise.Color.allCases)
  func generatedNoiseHasTheRatioAndColor(color: AugmentationConfiguration.Noise.Color) throws {
    let noisy = try augmenter {
      $0.noise.probability = 1
      ($0.noise.minimumSNR, $0.noise.maximumSNR) = (10, 10)
      $0.noise.colors = [color]
    }
    let noise = zip(apply(noisy), tone.samples).map { $0 - $1 }
    #expect(abs(decibels(rootMeanSquare(tone.samples) / rootMeanSquare(noise)) - 10) < 0.01)
    // The octave from 2 to 4 kHz against that from 500 to 1000 Hz: four times the bandwidth.
    let power = STFT(windowLength: 512, hopLength: 256).powerSpectrum(noise)
    func band(_ bins: Range<Int>) -> Float {
      (0..<power.shape[0]).reduce(0) { sum, frame in
        sum + bins.reduce(0) { $0 + power[frame, $1] }
      }
    }
    let ratio = 10 * log10(band(64..<128) / band(16..<32))
    #expect(abs(ratio - (color == .white ? 6.02 : 0)) < 0.8, "\(ratio) dB")
  }

  @Test func noiseComesFromFilesAndFolders() throws {
    try FileManager.default.createDirectory(
      atPath: folder("noises/deep"), withIntermediateDirectories: true)
    // Shorter than the tone and at another rate: it is resampled and repeated.
    let hum = Waveform(samples: sine(200, rate: 8000, seconds: 0.5), sampleRate: 8000)
    try AudioFile.write(hum, to: folder("noises/deep/hum.wav"))
    _ = try folder.write("noises/notes.txt", tag("not a recording"))
    let noisy = try augmenter {
      $0.noise.probability = 1
      ($0.noise.minimumSNR, $0.noise.maximumSNR) = (20, 20)
      $0.noise.files = ["noises"]
      $0.noise.colors = []
    }
    let noise = zip(apply(noisy), tone.samples).map { $0 - $1 }
    #expect(abs(amplitude(of: 200, in: noise, rate: 16000) - 0.05) < 2e-3)
  }

  @Test func badNoisesAreNamed() throws {
    func expectError(_ error: AudioError, _ files: [String]) {
      #expect(throws: error) {
        try augmenter {
          $0.noise.probability = 1
          $0.noise.files = files
        }
      }
    }
    expectError(.missing(file: folder("none.wav")), ["none.wav"])
    expectError(.noRecordings(folder: folder("")), [""])
    try AudioFile.write(
      Waveform(samples: [0, 0, 0], sampleRate: 16000), to: folder("silence.wav"))
    expectError(.silent(file: folder("silence.wav")), ["silence.wav"])
  }

  @Test func roomsConvolveAndKeepTimeAndLoudness() throws {
    // The direct sound after 30 samples and an echo of half its size 1000 samples later.
    var response = [Float](repeating: 0, count: 1200)
    (response[30], response[1030]) = (0.8, 0.4)
    try AudioFile.write(
      Waveform(samples: response, sampleRate: 16000), to: folder("room.wav"), encoding: .float32)
    let room = try augmenter {
      $0.reverberation.probability = 1
      $0.reverberation.files = ["room.wav"]
    }
    var random = RandomSource(seed: 4)
    let dry = Waveform(
      samples: (0..<5000).map { _ in random.uniform(in: -1...1) }, sampleRate: 16000)
    let wet = room.waveform(dry, random: &random)
    // The same by definition of the convolution.
    var expected = dry.samples
    for index in 1000..<5000 { expected[index] += 0.5 * dry.samples[index - 1000] }
    let scale = rootMeanSquare(dry.samples) / rootMeanSquare(expected)
    expectClose(wet.samples, expected.map { $0 * scale }, absolute: 1e-5, "echo")
  }

  @Test func madeUpRoomsDecayAsTold() throws {
    let room = try augmenter {
      $0.reverberation.probability = 1
      ($0.reverberation.minimumDecay, $0.reverberation.maximumDecay) = (0.5, 0.5)
      ($0.reverberation.minimumDirectRatio, $0.reverberation.maximumDirectRatio) = (6, 6)
    }
    var click = [Float](repeating: 0, count: 16000)
    click[0] = 1
    var random = RandomSource(seed: 8)
    let found = room.waveform(Waveform(samples: click, sampleRate: 16000), random: &random).samples
    let (early, late) = (rootMeanSquare(found[1..<800]), rootMeanSquare(found[4001..<4800]))
    // A quarter of a second is half of the decay: 30 dB.
    #expect(abs(decibels(early / late) - 30) < 1, "\(decibels(early / late))")
    let tail = rootMeanSquare(found[1...]) * Float(15999).squareRoot()
    #expect(abs(decibels(found[0] / tail) - 6) < 0.1)
  }

  @Test func telephoneKeepsItsBand() throws {
    let line = try augmenter { $0.telephone.probability = 1 }
    func gain(_ frequency: Double) -> Float {
      var random = RandomSource(seed: 1)
      let sound = Waveform(samples: sine(frequency, rate: 16000, seconds: 1), sampleRate: 16000)
      let found = line.waveform(sound, random: &random)
      #expect(found.samples.count == sound.samples.count)
      let level = amplitude(of: frequency, in: found.samples[1000..<15_000], rate: 16000)
      return decibels(level / 0.5)
    }
    #expect(abs(gain(1000)) < 0.5)
    #expect(abs(gain(3000)) < 0.5)
    #expect(gain(75) < -22)
    #expect(gain(6000) < -50)
  }

  @Test func masksCoverBandsAndStretches() throws {
    let masks = try augmenter {
      $0.spectral.probability = 1
      ($0.spectral.timeMaskCount, $0.spectral.timeMaskFrames) = (1, 10)
      ($0.spectral.frequencyMaskCount, $0.spectral.frequencyMaskBins) = (1, 5)
      $0.spectral.timeMaskFraction = 0.5
    }
    var widths: Set<Int> = []
    for seed: UInt64 in 0..<60 {
      var random = RandomSource(seed: seed)
      let features = Tensor((0..<100 * 40).map { _ in random.normal() }, shape: [100, 40])
      let found = masks.features(features, blocks: 2, random: &random)
      func changed(_ frame: Int, _ column: Int) -> Bool {
        found[frame, column] != features[frame, column]
      }
      let frames = (0..<100).filter { frame in (0..<40).allSatisfy { changed(frame, $0) } }
      let columns = (0..<40).filter { column in (0..<100).allSatisfy { changed($0, column) } }
      #expect(frames.count <= 10 && isRun(frames), "seed \(seed)")
      let (first, second) = (columns.filter { $0 < 20 }, columns.filter { $0 >= 20 })
      #expect(first.count <= 5 && isRun(first) && second == first.map { $0 + 20 }, "seed \(seed)")
      for frame in 0..<100 where !frames.contains(frame) {
        for column in 0..<40 where !columns.contains(column) { #expect(!changed(frame, column)) }
      }
      widths.insert(frames.count)
    }
    #expect(widths.count > 5)
  }

  private func isRun(_ indices: [Int]) -> Bool {
    zip(indices, indices.dropFirst()).allSatisfy { $0 + 1 == $1 }
  }

  @Test func warpingMovesTimeButNotTheEnds() throws {
    let warp = try augmenter {
      $0.spectral.probability = 1
      ($0.spectral.timeMaskCount, $0.spectral.frequencyMaskCount) = (0, 0)
      $0.spectral.timeWarpFrames = 20
    }
    let ramp = Tensor((0..<100).map { Float($0) }, shape: [100, 1])
    var moved = 0
    for seed: UInt64 in 0..<20 {
      var random = RandomSource(seed: seed)
      let found = warp.features(ramp, random: &random).scalars
      #expect(found[0] == 0 && abs(found[99] - 99) < 1e-4, "seed \(seed)")
      #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed)")
      let distance = zip(found, ramp.scalars).map { abs($0 - $1) }.max()!
      #expect(distance <= 20.001)
      if distance > 1 { moved += 1 }
    }
    #expect(moved > 10)
    var random = RandomSource(seed: 1)
    for frames in 0..<4 {
      _ = warp.features(Tensor(zeros: [frames, 3]), random: &random)
    }
  }

  @Test func badConfigurationsNameTheKey() throws {
    let cases: [(String, (inout AugmentationConfiguration) -> Void)] = [
      ("speed.probability", { $0.speed.probability = 2 }),
      ("speed.minimum", { $0.speed.minimum = 0 }),
      ("speed.minimum", { $0.speed.minimum = 1.2 }),
      ("gain.maximum", { $0.gain.maximum = .nan }),
      (
        "noise.files",
        {
          $0.noise.probability = 1; $0.noise.colors = []
        }
      ),
      ("noise.minimumSNR", { $0.noise.minimumSNR = 40 }),
      ("reverberation.minimumDecay", { $0.reverberation.minimumDecay = -1 }),
      ("spectral.timeMaskCount", { $0.spectral.timeMaskCount = -1 }),
      ("spectral.timeMaskFraction", { $0.spectral.timeMaskFraction = .nan }),
    ]
    for (key, change) in cases {
      let error = #expect(throws: AudioError.self) { try augmenter(change) }
      guard case .configuration(.invalid(key, _, _)) = error else {
        Issue.record("\(key): got \(String(describing: error))")
        continue
      }
    }
    let text = Data(#"{"noise": {"probability": 0.5, "snr": 3}}"#.utf8)
    let error = #expect(throws: ConfigurationError.self) {
      try JSONDecoder().decode(AugmentationConfiguration.self, from: text)
    }
    guard case .unknownKey("noise.snr", _) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }
}

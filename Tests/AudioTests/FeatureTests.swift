import Audio
import Configuration
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct FeatureTests {
  let reference: Reference
  let signal: Waveform

  init() throws {
    reference = try Reference()
    signal = Waveform(samples: try reference("signal").scalars, sampleRate: 8000)
  }

  /// 25 ms windows of 200 samples every 80, as in features.py.
  private func configuration(
    _ kind: FeatureConfiguration.Kind, _ change: (inout FeatureConfiguration) -> Void = { _ in }
  ) -> FeatureConfiguration {
    var configuration = FeatureConfiguration()
    configuration.kind = kind
    configuration.sampleRate = 8000
    configuration.normalization = .none
    change(&configuration)
    return configuration
  }

  private var mfcc: FeatureConfiguration {
    configuration(.mfcc) {
      $0.melCount = 23
      $0.preEmphasis = 0.97
      $0.window = .povey
      $0.liftering = 22
      $0.deltas = 2
    }
  }

  // Single-precision transforms of 256 values err by about log2(256) · 2^-24 of the largest bin;
  // the signal's largest magnitude is near 30.
  @Test func spectraMatchNumPy() throws {
    let stft = STFT(windowLength: 200, hopLength: 80)
    #expect(stft.fftSize == 256)
    let power = stft.powerSpectrum(signal.samples)
    expectClose(power, try reference("power"), absolute: 2e-4, relative: 2e-5, "power")
    let spectrum = stft(signal.samples)
    let (real, imaginary) = (try reference("stftReal"), try reference("stftImaginary"))
    for frame in 0..<3 {
      for bin in 0..<129 {
        #expect(abs(spectrum[frame, bin, 0] - real[frame, bin]) < 1e-5)
        #expect(abs(spectrum[frame, bin, 1] - imaginary[frame, bin]) < 1e-5)
      }
    }
  }

  @Test func logSpectrogramsMatchNumPy() throws {
    let plain = try FeatureExtractor(configuration(.spectrogram))
    #expect(plain.featureSize == 101)
    expectClose(plain(signal), try reference("logSpectrogram"), absolute: 1e-3, "log")
    let deepSpeech = configuration(.spectrogram) {
      $0.window = .hamming
      $0.center = true
      $0.compression = .log1p
    }
    let features = try FeatureExtractor(deepSpeech)(signal)
    expectClose(features, try reference("log1pCentered"), absolute: 1e-5, "log1p")
  }

  @Test func logMelMatchesNumPy() throws {
    let htk = configuration(.logMel) { $0.melCount = 24 }
    expectClose(try FeatureExtractor(htk)(signal), try reference("logMel"), absolute: 1e-4, "htk")
    let slaney = configuration(.logMel) {
      $0.melCount = 20
      $0.melScale = .slaney
      $0.areaNormalization = true
      $0.lowFrequency = 0
      $0.highFrequency = 3800
    }
    let features = try FeatureExtractor(slaney)(signal)
    expectClose(features, try reference("slaney"), absolute: 1e-4, "slaney")
  }

  @Test func mfccWithSlopesMatchesSciPy() throws {
    let extractor = try FeatureExtractor(mfcc)
    #expect(extractor.featureSize == 39)
    // Thirteen liftered sums of 23 logarithms of size 10, each off by up to 1e-5.
    expectClose(extractor(signal), try reference("mfcc"), absolute: 2e-3, "mfcc")
  }

  @Test func utteranceNormalizationMatchesNumPy() throws {
    let normalized = configuration(.logMel) {
      $0.melCount = 24
      $0.normalization = .utterance
    }
    let features = try FeatureExtractor(normalized)(signal)
    expectClose(features, try reference("logMelNormalized"), absolute: 1e-3, "normalized")
  }

  @Test func statisticsMergeToThoseOfTheWhole() throws {
    let features = try FeatureExtractor(configuration(.logMel) { $0.melCount = 24 })(signal)
    let rows = features.shape[0]
    var merged = FeatureStatistics(featureSize: 24)
    for range in [0..<1, 1..<1, 1..<4, 4..<rows] {
      let part = Array(features.scalars[range.lowerBound * 24..<range.upperBound * 24])
      merged.add(Tensor(part, shape: [range.count, 24]))
    }
    #expect(merged.frameCount == rows)
    expectClose(
      merged.mean.map { Float($0) }, try reference("mean").scalars, absolute: 1e-4, "mean")
    expectClose(
      merged.standardDeviation.map { Float($0) }, try reference("deviation").scalars,
      absolute: 1e-4, "deviation")
    let text = try JSONEncoder().encode(merged)
    #expect(try JSONDecoder().decode(FeatureStatistics.self, from: text) == merged)
  }

  @Test func datasetNormalizationNeedsAndUsesStatistics() throws {
    let dataset = configuration(.logMel) {
      $0.melCount = 24
      $0.normalization = .dataset
    }
    let bare = try FeatureExtractor(dataset)
    #expect(bare.needsStatistics)
    let statistics = FeatureStatistics(of: bare.unnormalized(signal))
    let extractor = try FeatureExtractor(dataset, statistics: statistics)
    #expect(!extractor.needsStatistics)
    expectClose(extractor(signal), try reference("logMelNormalized"), absolute: 1e-3, "dataset")
    #expect(throws: ConfigurationError.self) {
      try FeatureExtractor(dataset, statistics: FeatureStatistics(featureSize: 23))
    }
  }

  @Test(arguments: [1, 7, 79, 80, 199, 200, 333, 1000])
  func streamingGivesTheSameBits(block: Int) throws {
    var configurations = [mfcc, configuration(.logMel), configuration(.spectrogram)]
    configurations.append(
      configuration(.logMel) {
        $0.center = true; $0.deltas = 1
      })
    configurations.append(
      configuration(.spectrogram) {
        $0.center = true; $0.preEmphasis = 0.9; $0.deltas = 2
      })
    for configuration in configurations {
      let extractor = try FeatureExtractor(configuration)
      for length in [0, 1, 99, 100, 199, 200, 279, 280, 520, 1000] {
        let part = Waveform(samples: Array(signal.samples.prefix(length)), sampleRate: 8000)
        let whole = extractor(part)
        #expect(whole.shape[0] == extractor.frameCount(sampleCount: length))
        #expect(streamed(part, extractor, block: block) == whole.scalars, "\(length) samples")
      }
    }
  }

  private func streamed(_ sound: Waveform, _ extractor: FeatureExtractor, block: Int) -> [Float] {
    var stream = StreamingFeatureExtractor(extractor)
    var features: [Float] = []
    for start in stride(from: 0, to: sound.samples.count, by: block) {
      stream.push(Array(sound.samples[start..<min(start + block, sound.samples.count)]))
      features += stream.pull().scalars
    }
    stream.finish()
    return features + stream.pull().scalars
  }

  @Test func streamingNormalizesByTheDataset() throws {
    let dataset = configuration(.logMel) { $0.normalization = .dataset }
    let statistics = FeatureStatistics(of: try FeatureExtractor(dataset).unnormalized(signal))
    let extractor = try FeatureExtractor(dataset, statistics: statistics)
    #expect(streamed(signal, extractor, block: 90) == extractor(signal).scalars)
  }

  @Test func slaneyScaleHasThePublishedFrequencies() {
    let step = MelScale.slaney.mel(11025) / 39
    let found = [1, 11, 12, 13, 14, 39].map { Float(MelScale.slaney.frequency(step * $0)) }
    // mel_frequencies(40) in librosa's documentation.
    expectClose(
      found, [85.317, 938.49, 1024.856, 1119.114, 1222.042, 11025], absolute: 1e-3, "slaney")
    #expect(abs(MelScale.htk.mel(1000) - 999.985537) < 1e-5)
    for scale in MelScale.allCases {
      for frequency in [0, 60, 999, 1001, 7900.0] {
        #expect(abs(scale.frequency(scale.mel(frequency)) - frequency) < 1e-9 * 8000)
      }
    }
  }

  @Test func otherRatesAreResampled() throws {
    let tone = sine(1000, rate: 44100, seconds: 1)
    var configuration = FeatureConfiguration()
    configuration.normalization = .none
    let extractor = try FeatureExtractor(configuration)
    let from44 = extractor(Waveform(samples: tone, sampleRate: 44100))
    let from16 = extractor(
      Waveform(samples: sine(1000, rate: 16000, seconds: 1), sampleRate: 16000))
    #expect(from44.shape == from16.shape)
    // The band of the tone, where the energy is.
    let loudest = (0..<40).max { from16[50, $0] < from16[50, $1] }!
    for frame in 2..<96 {
      #expect(abs(from44[frame, loudest] - from16[frame, loudest]) < 1e-2)
    }
  }

  @Test func silenceIsFinite() throws {
    for normalization in [FeatureConfiguration.Normalization.none, .utterance] {
      var configuration = FeatureConfiguration()
      configuration.normalization = normalization
      let features = try FeatureExtractor(configuration)(
        Waveform(samples: [Float](repeating: 0, count: 4000), sampleRate: 16000))
      #expect(features.scalars.allSatisfy { $0.isFinite })
    }
  }

  @Test func badConfigurationsNameTheKey() throws {
    let cases: [(String, (inout FeatureConfiguration) -> Void)] = [
      ("sampleRate", { $0.sampleRate = 0 }), ("sampleRate", { $0.sampleRate = 10_000_000 }),
      ("windowLength", { $0.windowLength = -0.02 }), ("windowLength", { $0.windowLength = .nan }),
      ("hopLength", { $0.hopLength = 0 }), ("hopLength", { $0.hopLength = 0.1 }),
      ("fftSize", { $0.fftSize = 200 }), ("deltas", { $0.deltas = 3 }),
      ("melCount", { $0.melCount = 0 }), ("melCount", { $0.melCount = 400 }),
      ("highFrequency", { $0.highFrequency = 9000 }), ("lowFrequency", { $0.lowFrequency = 8000 }),
      (
        "coefficientCount",
        {
          $0.kind = .mfcc; $0.coefficientCount = 41
        }
      ),
      ("preEmphasis", { $0.preEmphasis = 1 }), ("logFloor", { $0.logFloor = 0 }),
      (
        "liftering",
        {
          $0.kind = .mfcc; $0.liftering = -1
        }
      ),
    ]
    for (key, change) in cases {
      var configuration = FeatureConfiguration()
      change(&configuration)
      let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
      guard case .invalid(key, _, _) = error else {
        Issue.record("\(key): got \(String(describing: error))")
        continue
      }
    }
    #expect(throws: Never.self) { try FeatureConfiguration().validate() }
  }

  @Test func configurationsAreReadStrictly() throws {
    let text = Data(#"{"kind": "mfcc", "melCount": 26, "windowLength": 0.032}"#.utf8)
    let found = try JSONDecoder().decode(FeatureConfiguration.self, from: text)
    #expect(found.kind == .mfcc && found.melCount == 26 && found.windowLength == 0.032)
    #expect(found.hopLength == FeatureConfiguration().hopLength)
    #expect(throws: ConfigurationError.self) {
      try JSONDecoder().decode(FeatureConfiguration.self, from: Data(#"{"melcount": 26}"#.utf8))
    }
    let encoded = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(FeatureConfiguration.self, from: encoded) == found)
  }

  @Test func plansAreMadeSafelyFromManyThreads() async {
    let samples = signal.samples
    let sizes = [64, 66, 100, 128, 150, 202, 256, 300]
    let results = await withTaskGroup(of: (Int, [Float]).self) { group in
      for size in sizes + sizes + sizes {
        group.addTask {
          (size, STFT(windowLength: size, hopLength: 32).powerSpectrum(samples).scalars)
        }
      }
      return await group.reduce(into: [Int: [[Float]]]()) { $0[$1.0, default: []].append($1.1) }
    }
    for (size, found) in results { #expect(found.allSatisfy { $0 == found[0] }, "size \(size)") }
  }
}

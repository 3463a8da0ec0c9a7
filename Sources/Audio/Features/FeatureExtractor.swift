import Configuration
import Tensors

/// Turns sound into the features that a network hears.
public struct FeatureExtractor: Sendable {
  /// What is computed.
  public let configuration: FeatureConfiguration
  /// Mean and variance over the training set, for `normalization: dataset`.
  public let statistics: FeatureStatistics?

  let plan: FeaturePlan
  let normalizer: Normalizer?

  /// An extractor for a configuration.
  ///
  /// - Parameter statistics: Needed for `normalization: dataset`; gathered from
  ///   ``unnormalized(_:)`` of the training set.
  /// - Throws: `ConfigurationError` if a value is out of range, or the statistics are of other
  ///   features.
  public init(
    _ configuration: FeatureConfiguration, statistics: FeatureStatistics? = nil
  ) throws(ConfigurationError) {
    try configuration.validate()
    self.configuration = configuration
    self.statistics = statistics
    plan = FeaturePlan(configuration)
    try statistics?.validate()
    if let statistics, statistics.featureSize != configuration.featureSize {
      throw .invalid(
        key: "statistics", found: "\(statistics.featureSize) features",
        expected: "\(configuration.featureSize), as the configuration says")
    }
    let isNeeded = configuration.normalization == .dataset
    normalizer = isNeeded ? statistics.map { Normalizer($0) } : nil
  }

  /// Values per frame.
  public var featureSize: Int { configuration.featureSize }
  /// The sample rate that sound is brought to.
  public var sampleRate: Int { configuration.sampleRate }
  /// Seconds from one frame to the next, exactly.
  public var hopDuration: Double { Double(configuration.hopSamples) / Double(sampleRate) }
  /// Whether features can be computed before the recording has ended.
  public var supportsStreaming: Bool { configuration.normalization != .utterance }
  /// Whether the training set's statistics are wanted and not there yet.
  public var needsStatistics: Bool { configuration.normalization == .dataset && normalizer == nil }

  /// How many frames that many samples at ``sampleRate`` give; 0 below one window.
  public func frameCount(sampleCount: Int) -> Int { plan.stft.frameCount(sampleCount: sampleCount) }

  /// Returns the features of a recording, resampled first if its rate is another.
  ///
  /// - Returns: `[time, featureSize]`; no rows if the recording is shorter than one window.
  /// - Complexity: O(*time* · *fftSize* log *fftSize*).
  public func callAsFunction(_ waveform: Waveform) -> Tensor {
    precondition(
      !needsStatistics,
      "FeatureExtractor: normalization is dataset, expected statistics of the training set")
    var features = unnormalized(waveform)
    switch configuration.normalization {
    case .none: break
    case .utterance: FeatureStatistics(of: features).normalize(&features)
    case .dataset: statistics?.normalize(&features)
    }
    return features
  }

  /// Returns the features before normalisation, `[time, featureSize]`.
  public func unnormalized(_ waveform: Waveform) -> Tensor {
    let samples = emphasized(waveform.resampled(to: sampleRate).samples)
    let count = frameCount(sampleCount: samples.count)
    let (size, width) = (configuration.staticSize, featureSize)
    let analyzer = FrameAnalyzer(plan)
    return Tensor(unsafeUninitialized: [count, width]) { target in
      guard count > 0, let base = target.baseAddress else { return }
      plan.stft.withPaddedFrames(samples) { index, frame in
        analyzer.analyze(frame, into: base + index * width)
      }
      for order in 0..<configuration.deltas {
        for frame in 0..<count {
          Deltas.slope(
            at: frame, last: count - 1, size: size,
            row: { UnsafePointer(base + $0 * width + order * size) },
            into: base + frame * width + (order + 1) * size)
        }
      }
    }
  }

  private func emphasized(_ samples: [Float]) -> [Float] {
    guard configuration.preEmphasis != 0 else { return samples }
    var filter = PreEmphasis(configuration.preEmphasis)
    var output: [Float] = []
    samples.withUnsafeBufferPointer { filter.apply($0, into: &output) }
    return output
  }
}

import Audio
import Decoding
import Tensors

/// Turns a sample into what the network takes and what it should write.
///
/// The result depends on the sample, the seed, the epoch and the sample's index alone.
public struct SamplePipeline: Sendable {
  /// Where signals come from, at the extractor's sample rate.
  public let signals: SignalCache
  /// How a signal becomes features.
  public let extractor: FeatureExtractor
  /// The characters that the network can write.
  public let alphabet: Alphabet
  /// What is done to transcripts before they are written in the alphabet.
  public let normalization: TextNormalization
  /// What varies signals and features; nil takes them as they are.
  public private(set) var augmenter: Augmenter?
  /// The seed of the training run.
  public let seed: UInt64

  /// A pipeline; see the properties.
  public init(
    signals: SignalCache, extractor: FeatureExtractor, alphabet: Alphabet,
    normalization: TextNormalization, augmenter: Augmenter? = nil, seed: UInt64
  ) {
    precondition(
      signals.sampleRate == extractor.sampleRate,
      "SamplePipeline: signals at \(signals.sampleRate) Hz, features of \(extractor.sampleRate) Hz")
    self.signals = signals
    self.extractor = extractor
    self.alphabet = alphabet
    self.normalization = normalization
    self.augmenter = augmenter
    self.seed = seed
  }

  /// A sample as the network sees it.
  public struct Item: Sendable {
    /// The sample.
    public var sample: Sample
    /// `[time, feature]`.
    public var features: Tensor
    /// The labels of the transcript.
    public var target: [Int]
  }

  /// Loads, composes, augments and analyses a sample.
  ///
  /// - Throws: `SampleProblem` if its recordings cannot be read any more, or its transcript cannot be
  ///   written.
  public func item(
    _ sample: Sample, epoch: Int, index: Int
  ) throws(SampleProblem) -> Item {
    let target = try target(of: sample)
    let signal: [Float]
    do {
      signal = try signals.signal(of: sample)
    } catch {
      throw SampleProblem(sample: sample, reason: .init(error))
    }
    let waveform = Waveform(samples: signal, sampleRate: signals.sampleRate)
    var random = RandomSource(seed: seed, RandomPurpose.augmentation.rawValue, epoch, index)
    let features = features(of: waveform, random: &random)
    guard features.shape[0] > 0 else {
      throw SampleProblem(
        sample: sample,
        reason: .tooShort(frames: 0, needed: max(1, DatasetAudit.framesNeeded(for: target))))
    }
    return Item(sample: sample, features: features, target: target)
  }

  private func features(of waveform: Waveform, random: inout RandomSource) -> Tensor {
    guard let augmenter else { return extractor(waveform) }
    let features = extractor(augmenter.waveform(waveform, random: &random))
    return augmenter.features(
      features, blocks: 1 + extractor.configuration.deltas, random: &random)
  }

  private func target(of sample: Sample) throws(SampleProblem) -> [Int] {
    do {
      return try alphabet.encode(normalization(sample.text))
    } catch {
      throw SampleProblem(sample: sample, reason: .unknownCharacters(error))
    }
  }

  /// The same pipeline without augmentation, as for validation.
  public var withoutAugmentation: SamplePipeline {
    var copy = self
    copy.augmenter = nil
    return copy
  }

  /// The frames of input of a sample of known length, without augmentation.
  ///
  /// - Precondition: The sample's duration is known; the audit measures it.
  public func frameCount(of sample: Sample) -> Int {
    guard let duration = sample.duration else {
      preconditionFailure("SamplePipeline: \(sample.origin) has no duration; audit it first")
    }
    let count = (duration * Double(signals.sampleRate)).rounded()
    return extractor.frameCount(sampleCount: Int(count))
  }
}

import Audio
import Decoding
import Recognition
import Tensors

/// Turns a sample into what the network takes and what it should write.
///
/// The result depends on the sample, the seed, the epoch and the sample's index alone.
public struct SamplePipeline: Sendable {
  /// Where signals come from.
  public let signals: SignalSource
  /// How a signal becomes features.
  public let extractor: InputExtractor
  /// The characters that the network can write.
  public let alphabet: Alphabet
  /// What is done to transcripts before they are written in the alphabet.
  public let normalization: TextNormalization
  /// What varies signals and features; nil takes them as they are.
  public private(set) var augmenter: InputAugmenter?
  /// The seed of the training run.
  public let seed: UInt64

  /// A pipeline; see the properties.
  public init(
    signals: SignalSource, extractor: InputExtractor, alphabet: Alphabet,
    normalization: TextNormalization, augmenter: InputAugmenter? = nil, seed: UInt64
  ) {
    precondition(
      signals.sense == extractor.sense,
      "SamplePipeline: signals of \(signals.sense) for features of \(extractor.sense)")
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
  /// - Throws: `SampleProblem` if its files cannot be read any more, or its transcript cannot be
  ///   written.
  public func item(
    _ sample: Sample, epoch: Int, index: Int
  ) throws(SampleProblem) -> Item {
    let target = try target(of: sample)
    let signal: InputSignal
    do {
      signal = try signals.signal(of: sample)
    } catch {
      throw SampleProblem(sample: sample, reason: error)
    }
    var random = RandomSource(seed: seed, RandomPurpose.augmentation.rawValue, epoch, index)
    let features =
      augmenter?.features(of: signal, extractor: extractor, random: &random) ?? extractor(signal)
    guard features.shape[0] > 0 else {
      throw SampleProblem(
        sample: sample,
        reason: .tooShort(frames: 0, needed: max(1, DatasetAudit.framesNeeded(for: target))))
    }
    return Item(sample: sample, features: features, target: target)
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
  /// - Precondition: Its frames are counted or its duration is known; the audit sees to it.
  public func frameCount(of sample: Sample) -> Int {
    if let count = sample.frameCount { return count }
    guard let duration = sample.duration, let sound = extractor.sound else {
      preconditionFailure("SamplePipeline: \(sample.origin) has no length; audit it first")
    }
    let count = (duration * Double(sound.sampleRate)).rounded()
    return sound.frameCount(sampleCount: Int(count))
  }
}

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

  /// A pipeline; see the properties.
  public init(
    signals: SignalCache, extractor: FeatureExtractor, alphabet: Alphabet,
    normalization: TextNormalization
  ) {
    precondition(
      signals.sampleRate == extractor.sampleRate,
      "SamplePipeline: signals at \(signals.sampleRate) Hz, features of \(extractor.sampleRate) Hz")
    self.signals = signals
    self.extractor = extractor
    self.alphabet = alphabet
    self.normalization = normalization
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
    let waveform: Waveform
    do {
      waveform = Waveform(samples: try signals.signal(of: sample), sampleRate: signals.sampleRate)
    } catch {
      throw SampleProblem(sample: sample, reason: .init(error))
    }
    let target: [Int]
    do {
      target = try alphabet.encode(normalization(sample.text))
    } catch {
      throw SampleProblem(sample: sample, reason: .unknownCharacters(error))
    }
    let features = extractor(waveform)
    guard features.shape[0] > 0 else {
      throw SampleProblem(
        sample: sample,
        reason: .tooShort(frames: 0, needed: max(1, DatasetAudit.framesNeeded(for: target))))
    }
    return Item(sample: sample, features: features, target: target)
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

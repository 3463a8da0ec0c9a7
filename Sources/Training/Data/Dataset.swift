import Audio
import Recognition
import Synchronization
import Tensors

/// The samples of a training or validation set, and how they come as batches.
public struct Dataset: Sendable {
  /// The samples that passed the audit.
  public let recordings: [Sample]
  /// What strings the recordings together; nil takes them as they are.
  public let composer: Composer?
  /// What turns samples into features and labels.
  public let pipeline: SamplePipeline
  /// How samples are gathered into batches.
  public let batching: BatchConfiguration
  /// A set of audited samples; see the properties.
  public init(
    recordings: [Sample], composer: Composer? = nil, pipeline: SamplePipeline,
    batching: BatchConfiguration
  ) {
    self.recordings = recordings
    self.composer = composer
    self.pipeline = pipeline
    self.batching = batching
  }

  /// The samples and batches of one epoch.
  public struct Epoch: Sendable {
    /// The epoch, from 0.
    public let index: Int
    /// The samples, strings of recordings among them.
    public let samples: [Sample]
    /// Which samples go into which batch.
    public let plan: BatchPlan
    /// Whether signals and features are varied.
    public let isAugmented: Bool
  }

  /// Plans an epoch of training.
  public func epoch(_ index: Int) -> Epoch {
    let samples = composer?.samples(epoch: index) ?? recordings
    let plan = BatchPlan(
      lengths: samples.map(pipeline.frameCount), configuration: batching, seed: pipeline.seed,
      epoch: index)
    return Epoch(index: index, samples: samples, plan: plan, isAugmented: true)
  }

  /// Plans one pass over the recordings as they are, from short to long and without augmentation,
  /// for validation.
  public func evaluation() -> Epoch {
    let plan = BatchPlan(sorting: recordings.map(pipeline.frameCount), configuration: batching)
    return Epoch(index: 0, samples: recordings, plan: plan, isAugmented: false)
  }

  /// Loads the batches of an epoch ahead of the steps that take them.
  ///
  /// - Parameter start: The first batch to load, for an epoch that was interrupted.
  public func loader(
    _ epoch: Epoch, startingAt start: Int = 0, ahead: Int = 3, threadCount: Int = 1
  ) -> BatchLoader<Batch> {
    let pipeline = epoch.isAugmented ? pipeline : pipeline.withoutAugmentation
    return BatchLoader(
      count: epoch.plan.batches.count, startingAt: start, ahead: ahead, threadCount: threadCount
    ) { index, isWanted in
      Self.batch(index, of: epoch, pipeline, isWanted)
    }
  }

  private static func batch(
    _ index: Int, of epoch: Epoch, _ pipeline: SamplePipeline, _ isWanted: () -> Bool
  ) -> Batch? {
    var items: [SamplePipeline.Item] = []
    var dropped: [SampleProblem] = []
    for sampleIndex in epoch.plan.batches[index] {
      guard isWanted() else { return nil }
      do {
        items.append(
          try pipeline.item(epoch.samples[sampleIndex], epoch: epoch.index, index: sampleIndex))
      } catch {
        dropped.append(error)
      }
    }
    return Batch(
      index: index, items: items, dropped: dropped, featureSize: pipeline.extractor.featureSize)
  }

  /// Mean and variance of every feature over the recordings, for `normalization: dataset`.
  ///
  /// Recordings are taken in groups whose size does not depend on the number of threads, and the
  /// groups are merged in order, so that the result has the same bits everywhere.
  ///
  /// - Throws: `SampleProblem` if a recording cannot be read any more.
  public static func statistics(
    of recordings: [Sample], signals: SignalCache, extractor: FeatureExtractor
  ) throws(SampleProblem) -> FeatureStatistics {
    let groupSize = 32
    let groupCount = (recordings.count + groupSize - 1) / groupSize
    let results = Mutex(
      [Result<FeatureStatistics, SampleProblem>?](repeating: nil, count: groupCount))
    WorkerPool.perform(groupCount) { group in
      let range = group * groupSize..<min((group + 1) * groupSize, recordings.count)
      let result = Result { () throws(SampleProblem) in
        try gather(recordings[range], signals: signals, extractor: extractor)
      }
      results.withLock { $0[group] = result }
    }
    var total = FeatureStatistics(featureSize: extractor.featureSize)
    for result in results.withLock({ $0 }) {
      if let statistics = try result?.get() { total.merge(statistics) }
    }
    return total
  }

  private static func gather(
    _ recordings: ArraySlice<Sample>, signals: SignalCache, extractor: FeatureExtractor
  ) throws(SampleProblem) -> FeatureStatistics {
    var statistics = FeatureStatistics(featureSize: extractor.featureSize)
    for sample in recordings {
      do {
        let samples = try signals.signal(of: sample)
        statistics.add(
          extractor.unnormalized(Waveform(samples: samples, sampleRate: signals.sampleRate)))
      } catch {
        throw SampleProblem(sample: sample, reason: .init(error))
      }
    }
    return statistics
  }
}

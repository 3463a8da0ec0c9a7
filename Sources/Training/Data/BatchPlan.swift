import Tensors

/// Which samples of an epoch go into which batch, in the order of training.
///
/// A plan depends on the lengths, the configuration, the seed and the epoch, and on nothing else, so
/// that an interrupted epoch goes on with the batches that were left. Samples of similar length come
/// together, because padding is computed like sound. Inside a batch the longest sample is first.
public struct BatchPlan: Sendable, Equatable {
  /// The samples of each batch, as indices into the epoch's samples, longest first.
  public let batches: [[Int]]
  /// The frames of each batch without padding.
  public let frameCounts: [Int]

  /// Plans the batches of one epoch.
  ///
  /// The first epoch runs from short to long (SortaGrad, Amodei et al. 2015, section 3.2) if the
  /// configuration says so. In the others, lengths are blurred by `lengthJitter` before samples are
  /// sorted and cut into batches, and the order of the batches is drawn at random.
  ///
  /// - Parameters:
  ///   - lengths: The number of frames of each sample.
  ///   - seed: The seed of the training run.
  ///   - epoch: The epoch, from 0.
  public init(lengths: [Int], configuration: BatchConfiguration, seed: UInt64, epoch: Int) {
    if epoch == 0, configuration.sortedFirstEpoch {
      self.init(sorting: lengths, configuration: configuration)
      return
    }
    var random = RandomSource(seed: seed, RandomPurpose.batching.rawValue, epoch)
    let keys = lengths.map {
      Float($0) * (1 + configuration.lengthJitter * random.uniform(in: -1...1))
    }
    let ties = lengths.map { _ in random.next() }
    let order = lengths.indices.sorted { (keys[$0], ties[$0]) < (keys[$1], ties[$1]) }
    var batches = Self.cut(order, lengths: lengths, configuration: configuration)
    batches.shuffle(using: &random)
    self.init(batches: batches, lengths: lengths)
  }

  /// Plans batches from short to long, as for validation.
  public init(sorting lengths: [Int], configuration: BatchConfiguration) {
    let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    let batches = Self.cut(order, lengths: lengths, configuration: configuration)
    self.init(batches: batches, lengths: lengths)
  }

  private init(batches: [[Int]], lengths: [Int]) {
    self.batches = batches.map { batch in
      batch.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    }
    frameCounts = batches.map { $0.reduce(0) { $0 + lengths[$1] } }
  }

  private static func cut(
    _ order: [Int], lengths: [Int], configuration: BatchConfiguration
  ) -> [[Int]] {
    let limit = configuration.maximumFrames ?? .max
    var batches: [[Int]] = []
    var batch: [Int] = []
    var longest = 0
    for index in order {
      let next = max(longest, lengths[index])
      let fits = next.multipliedReportingOverflow(by: batch.count + 1)
      let isFull = batch.count == configuration.size || fits.overflow || fits.partialValue > limit
      if isFull, !batch.isEmpty {
        batches.append(batch)
        batch.removeAll()
        longest = 0
      }
      batch.append(index)
      longest = max(longest, lengths[index])
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}

/// Keeps the random streams of different decisions apart.
enum RandomPurpose: Int {
  case batching = 1
  case composition
  case augmentation
  case initialization
  case step
}

import Dispatch
import Synchronization
import Tensors

/// Prepares the batches of an epoch on other threads, a few ahead of the step that takes them.
///
/// Batch *n* + `ahead` is begun when batch *n* is taken, so that memory is bounded and no thread ever
/// waits for room. Which thread prepares a batch changes nothing: every sample depends on its own
/// keys alone, and batches come in the order of the plan. One consumer takes the batches.
public final class BatchLoader: Sendable, Sequence, IteratorProtocol {
  private let core: LoaderCore
  private let position: Mutex<Int>

  /// A loader of the batches of an epoch; preparing begins at once.
  ///
  /// - Parameters:
  ///   - samples: The samples of the epoch, which the plan's indices mean.
  ///   - epoch: The epoch, from 0.
  ///   - start: The first batch to load, for an epoch that was interrupted.
  ///   - ahead: How many batches are prepared before they are taken.
  ///   - threadCount: How many threads prepare; one is enough unless recordings are long to decode.
  public init(
    pipeline: SamplePipeline, samples: [Sample], plan: BatchPlan, epoch: Int,
    startingAt start: Int = 0,
    ahead: Int = 3, threadCount: Int = 1
  ) {
    precondition(
      start >= 0 && start <= plan.batches.count,
      "BatchLoader: got start \(start), expected 0...\(plan.batches.count)")
    precondition(
      ahead > 0 && threadCount > 0,
      "BatchLoader: got \(ahead) ahead on \(threadCount) threads, expected 1 or more")
    core = LoaderCore(
      pipeline: pipeline, samples: samples, plan: plan, epoch: epoch, slotCount: ahead,
      threadCount: Swift.min(threadCount, ahead))
    position = Mutex(start)
    for index in start..<Swift.min(start + ahead, plan.batches.count) { core.schedule(index) }
  }

  deinit { core.cancel() }

  /// The next batch, as soon as it is ready; nil after the last one, or after ``cancel()``.
  public func next() -> Batch? {
    position.withLock { position in
      guard position < core.batchCount, let batch = core.take(position) else { return nil }
      position += 1
      return batch
    }
  }

  /// Stops preparing: what is under way ends with the sample it is at, and ``next()`` returns nil.
  public func cancel() { core.cancel() }

  /// Stops preparing and waits until no thread works for this loader any more.
  public func finish() {
    core.cancel()
    core.drain()
  }
}

/// What the threads of a loader share. It outlives the loader until the last thread has seen that
/// the loader is gone.
private final class LoaderCore: Sendable {
  private let pipeline: SamplePipeline
  private let samples: [Sample]
  private let plan: BatchPlan
  private let epoch: Int
  private let slots: [Slot]
  private let queues: [DispatchQueue]
  private let isCancelled = Atomic(false)

  /// A place for one finished batch.
  private final class Slot: Sendable {
    let isFilled = DispatchSemaphore(value: 0)
    let batch = Mutex<Batch?>(nil)
  }

  var batchCount: Int { plan.batches.count }

  init(
    pipeline: SamplePipeline, samples: [Sample], plan: BatchPlan, epoch: Int, slotCount: Int,
    threadCount: Int
  ) {
    self.pipeline = pipeline
    self.samples = samples
    self.plan = plan
    self.epoch = epoch
    slots = (0..<slotCount).map { _ in Slot() }
    queues = (0..<threadCount).map { DispatchQueue(label: "scribe.loader.\($0)", qos: .utility) }
  }

  /// Begins a batch on one of the threads.
  func schedule(_ index: Int) {
    queues[index % queues.count].async { [self] in
      let slot = slots[index % slots.count]
      let batch = Profile.beside { prepare(index) }
      slot.batch.withLock { $0 = batch }
      slot.isFilled.signal()
    }
  }

  /// Waits for a batch and begins the one that may follow into its place; nil if cancelled.
  func take(_ index: Int) -> Batch? {
    guard !isCancelled.load(ordering: .acquiring) else { return nil }
    let slot = slots[index % slots.count]
    let span = Profile.open(.waiting)
    slot.isFilled.wait()
    span.close()
    let batch = slot.batch.withLock { batch in
      defer { batch = nil }
      return batch
    }
    if index + slots.count < batchCount, batch != nil { schedule(index + slots.count) }
    return batch
  }

  func cancel() { isCancelled.store(true, ordering: .releasing) }

  func drain() {
    for queue in queues { queue.sync {} }
    for slot in slots { slot.batch.withLock { $0 = nil } }
  }

  private func prepare(_ index: Int) -> Batch? {
    var items: [SamplePipeline.Item] = []
    var dropped: [SampleProblem] = []
    for sampleIndex in plan.batches[index] {
      if isCancelled.load(ordering: .acquiring) { return nil }
      do {
        items.append(
          try pipeline.item(samples[sampleIndex], epoch: epoch, index: sampleIndex))
      } catch {
        dropped.append(error)
      }
    }
    return Batch(
      index: index, items: items, dropped: dropped,
      featureSize: pipeline.extractor.featureSize)
  }
}

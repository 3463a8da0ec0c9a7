import Dispatch
import Synchronization
import Tensors

/// Prepares the batches of an epoch on other threads, a few ahead of the step that takes them.
///
/// Batch *n* + `ahead` is begun when batch *n* is taken, so that memory is bounded and no thread ever
/// waits for room. Which thread prepares a batch changes nothing, as long as a batch depends on its
/// place alone; batches come in order. One consumer takes them.
public final class BatchLoader<Batch: Sendable>: Sendable, Sequence, IteratorProtocol {
  private let core: LoaderCore<Batch>
  private let position: Mutex<Int>

  /// A loader of the batches of an epoch; preparing begins at once.
  ///
  /// - Parameters:
  ///   - count: The number of batches.
  ///   - start: The first batch to load, for an epoch that was interrupted.
  ///   - ahead: How many batches are prepared before they are taken.
  ///   - threadCount: How many threads prepare; one is enough unless examples are long to make.
  ///   - prepare: Makes a batch; it may ask now and then whether it still is wanted, and return nil
  ///     if not.
  public init(
    count: Int, startingAt start: Int = 0, ahead: Int = 3, threadCount: Int = 1,
    prepare: @escaping @Sendable (_ index: Int, _ isWanted: () -> Bool) -> Batch?
  ) {
    precondition(
      start >= 0 && start <= count, "BatchLoader: got start \(start), expected 0...\(count)")
    precondition(
      ahead > 0 && threadCount > 0,
      "BatchLoader: got \(ahead) ahead on \(threadCount) threads, expected 1 or more")
    core = LoaderCore(
      count: count, slotCount: ahead, threadCount: Swift.min(threadCount, ahead), prepare: prepare)
    position = Mutex(start)
    for index in start..<Swift.min(start + ahead, count) { core.schedule(index) }
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

/// A place for one finished batch.
private final class LoaderSlot<Batch: Sendable>: Sendable {
  let isFilled = DispatchSemaphore(value: 0)
  let batch = Mutex<Batch?>(nil)
}

/// What the threads of a loader share. It outlives the loader until the last thread has seen that
/// the loader is gone.
private final class LoaderCore<Batch: Sendable>: Sendable {
  private let prepare: @Sendable (_ index: Int, _ isWanted: () -> Bool) -> Batch?
  private let slots: [LoaderSlot<Batch>]
  private let queues: [DispatchQueue]
  private let isCancelled = Atomic(false)
  let batchCount: Int

  init(
    count: Int, slotCount: Int, threadCount: Int,
    prepare: @escaping @Sendable (_ index: Int, _ isWanted: () -> Bool) -> Batch?
  ) {
    batchCount = count
    self.prepare = prepare
    slots = (0..<slotCount).map { _ in LoaderSlot() }
    queues = (0..<threadCount).map { DispatchQueue(label: "scribe.loader.\($0)", qos: .utility) }
  }

  /// Begins a batch on one of the threads.
  func schedule(_ index: Int) {
    queues[index % queues.count].async { [self] in
      let slot = slots[index % slots.count]
      let batch = Profile.beside {
        prepare(index) { !isCancelled.load(ordering: .acquiring) }
      }
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
}

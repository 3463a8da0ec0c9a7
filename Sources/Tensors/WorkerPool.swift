import CKernels
import Dispatch
import Synchronization

/// Runs independent pieces of work on the machine's cores through Dispatch.
///
/// What a piece computes must depend on its index alone and never on the thread that runs it; then
/// results have the same bits for any number of threads.
public enum WorkerPool {
  private static let requested = Atomic<Int>(0)

  /// How many threads work at once; the number of cores unless it was set, and never more than
  /// the cores, because more would only take turns.
  public static var threadCount: Int {
    get {
      let value = requested.load(ordering: .relaxed)
      return value > 0 ? min(value, coreCount) : coreCount
    }
    set {
      precondition(newValue > 0, "WorkerPool.threadCount: got \(newValue), expected 1 or more")
      requested.store(newValue, ordering: .relaxed)
    }
  }

  /// The number of cores that this process may use.
  public static let coreCount = max(1, Int(scribe_core_count()))

  /// Calls `body` once for each index in `0..<count`, on several threads, and waits for all.
  public static func perform(_ count: Int, _ body: (Int) -> Void) {
    let threads = min(threadCount, count)
    guard threads > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { share($0, count: count, threads: threads) }
  }

  private static func share(_ body: @escaping (Int) -> Void, count: Int, threads: Int) {
    let body = Shared(value: body)
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body.value(index)
      }
    }
  }

  /// Cuts `0..<count` into pieces of at least `minimum` and calls `body` with each.
  ///
  /// - Parameter multiple: Every piece but the last is a multiple of this.
  public static func performRanges(
    _ count: Int, minimum: Int = 1, multiple: Int = 1, _ body: (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let pieces = max(1, min(threadCount, count / max(1, minimum)))
    guard pieces > 1 else { return body(0..<count) }
    let size = ((count + pieces - 1) / pieces + multiple - 1) / multiple * multiple
    perform((count + size - 1) / size) { body($0 * size..<min(count, ($0 + 1) * size)) }
  }
}

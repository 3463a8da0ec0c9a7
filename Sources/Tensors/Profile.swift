import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures what the wall time of one thread, the one that drives the training, is spent on.
///
/// Operations open a span for the time they take:
///
///     let span = Profile.open(.products)
///     defer { span.close() }
///
/// Of nested spans the inner one counts. Spans on other threads are not counted: while they help,
/// the driving thread is inside a span of its own. A span costs one relaxed load while nothing is
/// measured.
public enum Profile {
  /// The thread that is measured, or 0.
  private static let driver = Atomic<UInt>(0)
  private static let session = Mutex(Session())
  private static let besideNanoseconds = Atomic<UInt64>(0)

  private struct Session {
    var number = 0
    var account = SpanAccount(at: 0)
  }

  /// A stretch of time that was entered and has to be left on the same thread.
  public struct Span {
    /// The measurement that it belongs to; 0 if it is not counted.
    fileprivate let session: Int

    /// Leaves the span.
    public func close() {
      if session != 0 { Profile.leave(session) }
    }
  }

  /// Begins to measure the calling thread; whatever was measured before is forgotten.
  public static func start() {
    session.withLock {
      $0.number += 1
      $0.account = SpanAccount(at: nanoseconds(CLOCK_MONOTONIC))
    }
    besideNanoseconds.store(0, ordering: .relaxed)
    driver.store(currentThread, ordering: .relaxed)
  }

  /// Ends measuring; spans that are still open are not counted any more.
  public static func stop() {
    driver.store(0, ordering: .relaxed)
    session.withLock { $0.number += 1 }
  }

  /// Whether a thread is measured.
  public static var isRunning: Bool { driver.load(ordering: .relaxed) != 0 }

  /// What was measured since the start or since the last call.
  ///
  /// - Parameter steps: The training steps that were made meanwhile.
  public static func take(steps: Int) -> ProfileReport {
    let totals = session.withLock { $0.account.take(at: nanoseconds(CLOCK_MONOTONIC)) }
    let beside = besideNanoseconds.exchange(0, ordering: .relaxed)
    return ProfileReport(
      steps: steps, threads: WorkerPool.threadCount, seconds: totals.map { Double($0) * 1e-9 },
      secondsBeside: Double(beside) * 1e-9)
  }

  /// Enters a span of this kind.
  public static func open(_ kind: WorkKind) -> Span {
    let driver = driver.load(ordering: .relaxed)
    guard driver != 0, driver == currentThread else { return Span(session: 0) }
    return session.withLock {
      $0.account.enter(kind, at: nanoseconds(CLOCK_MONOTONIC))
      return Span(session: $0.number)
    }
  }

  private static func leave(_ number: Int) {
    session.withLock {
      guard $0.number == number else { return }
      $0.account.leave(at: nanoseconds(CLOCK_MONOTONIC))
    }
  }

  /// Runs work on a thread that is not measured and adds up the processor time that it takes, which
  /// a report shows beside.
  public static func beside<Result>(_ body: () -> Result) -> Result {
    guard isRunning else { return body() }
    let start = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    defer {
      besideNanoseconds.wrappingAdd(
        nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start, ordering: .relaxed)
    }
    return body()
  }

  private static var currentThread: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures where the time of a run goes.
struct Stopwatch {
  private static let startUpNanoseconds = Atomic<Int64>(0)

  /// The processor time that passed before the program's first line: loading it and its libraries.
  static var startUp: Duration {
    get { .nanoseconds(startUpNanoseconds.load(ordering: .relaxed)) }
    set { startUpNanoseconds.store(Int64(newValue / .nanoseconds(1)), ordering: .relaxed) }
  }

  /// The processor time of this process so far.
  static func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private(set) var stages: [(name: String, time: Duration)] = []

  /// The time since the stopwatch was made.
  var elapsed: Duration { ContinuousClock.now - start }

  /// Counts the time since the last call for a stage.
  mutating func lap(_ stage: String) {
    let now = ContinuousClock.now
    add(stage, now - last)
    last = now
  }

  /// Leaves the time since the last call uncounted.
  mutating func skip() { last = .now }

  /// Adds time to a stage.
  mutating func add(_ stage: String, _ time: Duration) {
    if let index = stages.firstIndex(where: { $0.name == stage }) {
      stages[index].time += time
    } else {
      stages.append((stage, time))
    }
  }
}

extension Duration {
  /// `12.3 ms`, or `4.56 s` from a second on.
  var text: String {
    let milliseconds = self / .milliseconds(1)
    return milliseconds < 1000
      ? "\(milliseconds.fixed(1)) ms" : "\((milliseconds / 1000).fixed(2)) s"
  }

  /// The duration in seconds.
  var seconds: Double { self / .seconds(1) }
}

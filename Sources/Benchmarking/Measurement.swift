/// The durations of repeated runs of the same work.
package struct Measurement: Sendable {
  /// In seconds, ascending, never empty.
  package let seconds: [Double]

  /// Takes durations in any order.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "Measurement: got no durations")
    self.seconds = seconds.sorted()
  }

  /// The fastest run.
  package var minimum: Double { seconds[0] }
  /// The slowest run.
  package var maximum: Double { seconds[seconds.count - 1] }
  /// The run in the middle.
  package var median: Double { quantile(0.5) }

  /// The duration that a share of the runs does not exceed, between two runs by their distance.
  package func quantile(_ share: Double) -> Double {
    precondition((0...1).contains(share), "Measurement.quantile: got \(share), expected 0...1")
    let place = share * Double(seconds.count - 1)
    let lower = Int(place)
    let upper = min(lower + 1, seconds.count - 1)
    return seconds[lower] + (place - Double(lower)) * (seconds[upper] - seconds[lower])
  }
}

/// How long `body` took, on a clock that never goes back.
package func time(_ body: () -> Void) -> Double { seconds(ContinuousClock().measure(body)) }

/// A duration in seconds.
package func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Times `body` after one run that warms caches and the pool of memory.
///
/// Work that takes less than a millisecond is repeated within a measurement, because the clock and
/// the start of threads would show.
package func measure(repetitions: Int, _ body: () -> Void) -> Measurement {
  body()
  let inner = innerRepetitions(time(body))
  return Measurement(
    (0..<repetitions).map { _ in
      time { for _ in 0..<inner { body() } } / Double(inner)
    })
}

/// How often work that takes `once` seconds is repeated to fill a millisecond.
package func innerRepetitions(_ once: Double) -> Int {
  max(1, min(10_000, Int(1e-3 / max(once, 1e-9))))
}

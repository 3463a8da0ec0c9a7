/// The durations of repeated runs of the same work.
struct Measurement {
  /// In seconds, ascending, never empty.
  let seconds: [Double]

  init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "Measurement: got no durations")
    self.seconds = seconds.sorted()
  }

  var minimum: Double { seconds[0] }
  var maximum: Double { seconds[seconds.count - 1] }
  var median: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }
}

/// How long `body` took, on a clock that never goes back.
func time(_ body: () -> Void) -> Double { seconds(ContinuousClock().measure(body)) }

func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Times `body` after one run that warms caches and the pool of memory.
///
/// Work that takes less than a millisecond is repeated within a measurement, because the clock and
/// the start of threads would show.
func measure(repetitions: Int, _ body: () -> Void) -> Measurement {
  body()
  let once = time(body)
  let inner = max(1, min(10_000, Int(1e-3 / max(once, 1e-9))))
  return Measurement(
    (0..<repetitions).map { _ in
      time { for _ in 0..<inner { body() } } / Double(inner)
    })
}

/// Times `body` on what `prepare` makes each time, untimed; for work that uses up its input.
func measure<Input>(
  repetitions: Int, preparing prepare: () -> Input, _ body: (inout Input) -> Void
) -> Measurement {
  var durations: [Double] = []
  for repetition in 0...repetitions {
    var input = prepare()
    let duration = time { body(&input) }
    if repetition > 0 { durations.append(duration) }
  }
  return Measurement(durations)
}

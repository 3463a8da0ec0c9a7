/// What the wall time of some training steps was spent on.
public struct ProfileReport: Sendable, Equatable {
  /// The training steps.
  public var steps: Int
  /// How many threads worked at once.
  public var threads: Int
  /// Seconds of each kind, indexed by its raw value; they sum to the wall time.
  public var seconds: [Double]
  /// Processor seconds of other threads that prepared data meanwhile.
  public var secondsBeside: Double

  /// A report of measured times.
  ///
  /// - Parameter seconds: One for each ``WorkKind``, in order.
  public init(steps: Int, threads: Int, seconds: [Double], secondsBeside: Double) {
    precondition(
      seconds.count == WorkKind.allCases.count,
      "ProfileReport: got \(seconds.count) times, expected \(WorkKind.allCases.count)")
    self.steps = steps
    self.threads = threads
    self.seconds = seconds
    self.secondsBeside = secondsBeside
  }

  /// Seconds of one kind.
  public subscript(kind: WorkKind) -> Double { seconds[kind.rawValue] }

  /// All the wall time, validation and files between the steps included.
  public var wallSeconds: Double { seconds.reduce(0, +) }

  /// The wall time of the steps alone.
  public var stepSeconds: Double {
    WorkKind.allCases.reduce(0) { $1.absorbs ? $0 : $0 + self[$1] }
  }

  /// The share of matrix products, convolutions and gate kernels in the time of the steps.
  public var arithmeticShare: Double {
    let arithmetic = WorkKind.allCases.reduce(0) { $1.isArithmetic ? $0 + self[$1] : $0 }
    return arithmetic / max(stepSeconds, .leastNonzeroMagnitude)
  }

  /// A table: milliseconds of each kind for each step, and the share of the steps' wall time.
  ///
  /// Validation and files come after the steps and are shares of all the wall time.
  public var lines: [String] {
    let perStep = 1e3 / Double(max(1, steps))
    func row(_ title: String, _ seconds: Double, _ share: Double) -> String {
      column(title, 32) + column(decimals(seconds * perStep, 2), -12)
        + column(decimals(100 * share, 2), -10) + " %"
    }
    let shown = WorkKind.allCases.filter { self[$0] > 0 }
    var lines = [column("kind of work", 32) + column("ms per step", -12) + column("share", -10)]
    for kind in shown where !kind.absorbs {
      lines.append(row(kind.title, self[kind], self[kind] / stepSeconds))
    }
    lines.append(row("a step", stepSeconds, 1))
    for kind in shown where kind.absorbs {
      lines.append(row("between steps: " + kind.title, self[kind], self[kind] / wallSeconds))
    }
    lines.append(
      "matrix products, convolutions and gate kernels: \(decimals(100 * arithmeticShare, 1)) % of "
        + "the steps' wall time, over \(steps) steps on \(threads) "
        + (threads == 1 ? "thread" : "threads"))
    if secondsBeside > 0 {
      lines.append(
        "preparing data beside: \(decimals(secondsBeside * perStep, 2)) ms of processor time per "
          + "step; the step waited \(decimals(self[.waiting] * perStep, 2)) ms for it")
    }
    return lines
  }

  /// Milliseconds per step by the names of the kinds, with `steps`, `threads`, `arithmeticShare` and
  /// `beside`.
  public var values: [String: Double] {
    let perStep = 1e3 / Double(max(1, steps))
    var values = [
      "steps": Double(steps), "threads": Double(threads), "arithmeticShare": arithmeticShare,
      "beside": secondsBeside * perStep,
    ]
    for kind in WorkKind.allCases where self[kind] > 0 {
      values[kind.name] = self[kind] * perStep
    }
    return values.mapValues { ($0 * 1e4).rounded() / 1e4 }
  }
}

extension ProfileReport: Encodable {
  /// Writes ``values`` as an object.
  public func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}

/// Fills up to a width: text to the left, or to the right where the width is negative.
private func column(_ text: String, _ width: Int) -> String {
  let fill = String(repeating: " ", count: max(0, abs(width) - text.count))
  return width < 0 ? fill + text : text + fill
}

/// A number that is not negative, with so many digits after the point.
private func decimals(_ value: Double, _ digits: Int) -> String {
  let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
  guard value.isFinite, value * scale < 1e15 else { return "\(value)" }
  let scaled = Int((value * scale).rounded())
  let fraction = String(scaled % Int(scale))
  return "\(scaled / Int(scale))." + String(repeating: "0", count: digits - fraction.count)
    + fraction
}

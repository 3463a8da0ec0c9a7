import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows how far a training is: one line that is redrawn on a terminal, plain lines elsewhere.
public struct ProgressReporter {
  /// Where the training is after a step.
  public struct State: Sendable, Equatable {
    /// The epoch, from 1.
    public var epoch: Int
    /// How many epochs there will be at most.
    public var epochCount: Int
    /// The steps done.
    public var step: Int
    /// The steps that there will be at most; nil if not known.
    public var stepCount: Int?
    /// The training loss, smoothed.
    public var loss: Double
    /// The frames, without padding, that this run has trained on.
    public var frames: Int
    /// The frames that are left; with them, the time left is told from frames instead of steps.
    public var framesLeft: Int?

    /// Where the training is; see the properties.
    public init(
      epoch: Int, epochCount: Int, step: Int, stepCount: Int?, loss: Double, frames: Int,
      framesLeft: Int? = nil
    ) {
      self.epoch = epoch
      self.epochCount = epochCount
      self.step = step
      self.stepCount = stepCount
      self.loss = loss
      self.frames = frames
      self.framesLeft = framesLeft
    }
  }

  /// Where lines go.
  public struct Output {
    let isTerminal: Bool
    let width: () -> Int
    let write: (String) -> Void

    /// An output of the caller's making.
    public init(
      isTerminal: Bool, width: @escaping () -> Int = { 80 }, write: @escaping (String) -> Void
    ) {
      self.isTerminal = isTerminal
      self.width = width
      self.write = write
    }

    /// The standard error: a terminal if it is one that can redraw a line.
    public static var standardError: Output {
      let canRedraw = getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
      return Output(isTerminal: isatty(STDERR_FILENO) == 1 && canRedraw, width: terminalWidth) {
        // A training does not end because nobody watches it any more.
        // A progress line that cannot be shown is no reason to end a training.
        try? OutputFile.write(Array($0.utf8), to: STDERR_FILENO, path: "standard error")
      }
    }

    private static func terminalWidth() -> Int {
      var size = winsize()
      guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
      return Int(size.ws_col)
    }
  }

  /// What speed is told in: the unit of ``State/frames``.
  public var unit = "frames"
  private let output: Output
  private let interval: Double
  private let now: () -> Double
  private var start: (time: Double, step: Int)?
  private var lastShown = -Double.infinity
  private var lineIsOpen = false

  /// A reporter.
  ///
  /// - Parameters:
  ///   - output: Where lines go.
  ///   - interval: Seconds between two plain lines; a terminal is redrawn ten times a second.
  ///   - now: A clock in seconds that never goes back.
  public init(
    output: Output = .standardError, interval: Double = 30,
    now: @escaping () -> Double = ProgressReporter.monotonicSeconds
  ) {
    self.output = output
    self.interval = output.isTerminal ? 0.1 : interval
    self.now = now
  }

  /// Seconds on a clock that never goes back.
  public static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Tells that training begins, or goes on, after so many steps; time is counted from here.
  public mutating func begin(step: Int = 0) {
    start = (now(), step)
    lastShown = output.isTerminal ? -.infinity : now()
  }

  /// Shows the state after a step, unless something was shown a moment ago.
  public mutating func update(_ state: State) {
    let time = now()
    if start == nil { begin(step: max(0, state.step - 1)) }
    guard time - lastShown >= interval else { return }
    lastShown = time
    let line = describe(state, at: time)
    if output.isTerminal {
      output.write("\r" + line.prefix(max(1, output.width() - 1)) + "\u{1B}[K")
      lineIsOpen = true
    } else {
      output.write(line + "\n")
    }
  }

  /// Writes a line that stays, above the redrawn one.
  public mutating func note(_ text: String) {
    output.write((lineIsOpen ? "\r\u{1B}[K" : "") + text + "\n")
    lineIsOpen = false
    if output.isTerminal { lastShown = -.infinity }
  }

  /// Writes what an epoch brought.
  public mutating func epochFinished(_ record: MetricsRecord, epochCount: Int) {
    var parts = [String]()
    if let loss = record.loss { parts.append("loss \(decimal(loss, 4))") }
    if let loss = record.validationLoss { parts.append("validation loss \(decimal(loss, 4))") }
    for measure in Measure.allCases {
      if let value = record.measures[measure] { parts.append(measure.words(value)) }
    }
    if let speed = record.framesPerSecond { parts.append("\(abbreviate(speed)) \(unit)/s") }
    if let seconds = record.seconds { parts.append("after \(Self.clockTime(seconds))") }
    if let count = record.skippedSteps, count > 0 { parts.append("\(count) steps skipped") }
    if let count = record.droppedSamples, count > 0 { parts.append("\(count) samples dropped") }
    note("epoch \(record.epoch)/\(epochCount): " + parts.joined(separator: ", "))
  }

  /// Leaves the redrawn line standing.
  public mutating func finish() {
    if lineIsOpen { output.write("\n") }
    lineIsOpen = false
  }

  private func describe(_ state: State, at time: Double) -> String {
    let elapsed = start.map { time - $0.time } ?? 0
    let steps = state.step - (start?.step ?? 0)
    var line = "epoch \(state.epoch)/\(state.epochCount)  step \(state.step)"
    if let count = state.stepCount { line += "/\(count)" }
    line += "  loss \(decimal(state.loss, 4))"
    if elapsed > 0, state.frames > 0 {
      line += "  \(abbreviate(Double(state.frames) / elapsed)) \(unit)/s"
    }
    if let left = secondsLeft(state, elapsed: elapsed, steps: steps) {
      line += "  \(Self.clockTime(left)) left"
    }
    return line
  }

  private func secondsLeft(_ state: State, elapsed: Double, steps: Int) -> Double? {
    guard elapsed > 0 else { return nil }
    if let left = state.framesLeft, state.frames > 0 {
      return elapsed * Double(left) / Double(state.frames)
    }
    guard let count = state.stepCount, steps > 0 else { return nil }
    return elapsed * Double(max(0, count - state.step)) / Double(steps)
  }

  private func abbreviate(_ value: Double) -> String {
    switch value {
    case ..<1000: decimal(value, 0)
    case ..<1e6: decimal(value / 1000, 1) + "k"
    default: decimal(value / 1e6, 1) + "M"
    }
  }

  /// Seconds as `m:ss` or `h:mm:ss`.
  static func clockTime(_ seconds: Double) -> String {
    let total = Int(min(max(0, seconds.rounded()), 359_999_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    let padded = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0
      ? "\(hours):\(padded(minutes)):\(padded(rest))" : "\(minutes):\(padded(rest))"
  }
}

/// A number with so many digits after the point, rounded to the nearest.
func decimal(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(scaled)" }
  let fraction = String(scaled % Int(scale))
  let zeros = String(repeating: "0", count: digits - fraction.count)
  return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
}

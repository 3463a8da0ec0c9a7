#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where numbers stand along an axis, and which of them are written beside it.
package struct Scale: Sendable {
  /// How far apart equal steps are.
  package enum Kind: Sendable {
    /// Equal differences.
    case linear
    /// Equal ratios; what is not over 0 has no place.
    case logarithmic
  }

  /// A number written beside the axis.
  package struct Tick: Sendable, Equatable {
    /// The number.
    package let value: Double
    /// The number in digits.
    package let label: String
  }

  /// What the axis covers.
  package let range: ClosedRange<Double>
  /// The round numbers inside the range, ascending.
  package let ticks: [Tick]
  private let kind: Kind

  /// An axis over `values`, about `count` ticks long.
  ///
  /// - Parameters:
  ///   - whole: Whether only whole numbers may be ticks.
  ///   - rounded: Whether the range is widened to end at ticks.
  package init(
    covering values: [Double], _ kind: Kind = .linear, count: Int = 6, whole: Bool = false,
    rounded: Bool = true
  ) {
    let usable = values.filter { $0.isFinite && (kind == .linear || $0 > 0) }
    var low = usable.min() ?? (kind == .linear ? 0 : 0.1)
    var high = usable.max() ?? 1
    if low == high, kind == .linear {
      let room = whole || low == 0 ? 1 : abs(low) / 10
      (low, high) = (low - room, high + room)
    }
    self.kind = kind
    let candidates =
      kind == .linear
      ? Self.linearTicks(low, high, count: count, whole: whole)
      : Self.logarithmicTicks(low, high, count: count)
    if rounded {
      range = candidates[0].value...candidates[candidates.count - 1].value
      ticks = candidates
    } else {
      let shown = low < high ? low...high : candidates[0].value...candidates[1].value
      range = shown
      let slack = 1e-9 * (shown.upperBound - shown.lowerBound)
      ticks = candidates.filter {
        $0.value >= shown.lowerBound - slack && $0.value <= shown.upperBound + slack
      }
    }
  }

  /// Where a number stands, 0 at the lower end and 1 at the upper; nil if it has no place.
  package func fraction(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch kind {
    case .linear:
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      guard value > 0 else { return nil }
      return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
  }

  /// Multiples of 1, 2 or 5 times a power of ten around `low...high`, at least two.
  private static func linearTicks(
    _ low: Double, _ high: Double, count: Int, whole: Bool
  ) -> [Tick] {
    let span = max(high - low, max(abs(high), abs(low), 1e-30) * 1e-6)
    var step = roundStep(span / Double(max(1, count)))
    if whole { step = max(1, step) }
    let first = floor(low / step + 1e-9)
    let last = max(first + 1, ceil(high / step - 1e-9))
    let magnitude = max(abs(first), abs(last)) * step
    return stride(from: first, through: last, by: 1).map {
      Tick(value: $0 * step, label: NumberText.label($0 * step, step: step, magnitude: magnitude))
    }
  }

  private static func roundStep(_ raw: Double) -> Double {
    let power = pow(10, floor(log10(raw)))
    let mantissa = raw / power
    return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10)
  }

  /// Powers of ten around `low...high`, with 2 and 5 between them where there is room.
  private static func logarithmicTicks(_ low: Double, _ high: Double, count: Int) -> [Tick] {
    let first = Int(floor(log10(low) + 1e-9))
    let last = max(first + 1, Int(ceil(log10(high) - 1e-9)))
    let mantissas = last - first <= 2 ? [1.0, 2, 5] : [1.0]
    let skip = max(1, (last - first + count) / (count + 1))
    var values = stride(from: first, through: last, by: skip).flatMap { exponent in
      mantissas.map { $0 * pow(10, Double(exponent)) }
    }
    if let end = values.last, end < high { values.append(pow(10, Double(last))) }
    let from = values.lastIndex { $0 <= low * (1 + 1e-9) } ?? 0
    let to = max(from + 1, values.firstIndex { $0 >= high * (1 - 1e-9) } ?? values.count - 1)
    return values[from...min(to, values.count - 1)].map {
      Tick(value: $0, label: NumberText.label($0, step: $0, magnitude: $0))
    }
  }
}

/// Numbers in digits, the same in every locale.
package enum NumberText {
  /// A number with a fixed count of decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let rounded = (abs(value) * pow(10, Double(decimals))).rounded()
    guard rounded < 1e18 else { return "\(value)" }
    let scaled = Int(rounded)
    let digits = String(scaled)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard decimals > 0 else { return sign + padded }
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A tick of an axis whose ticks are `step` apart and reach as far as `magnitude`.
  static func label(_ value: Double, step: Double, magnitude: Double) -> String {
    let exponent = Int(floor(log10(magnitude) + 1e-9))
    if exponent >= -4, exponent < 6 {
      return fixed(value, decimals: decimals(of: step))
    }
    if value == 0 { return "0" }
    let power = pow(10, Double(exponent))
    return fixed(value / power, decimals: decimals(of: step / power)) + "e\(exponent)"
  }

  private static func decimals(of step: Double) -> Int {
    min(12, max(0, -Int(floor(log10(step) + 1e-9))))
  }
}

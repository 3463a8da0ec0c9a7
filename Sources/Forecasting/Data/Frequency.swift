/// How far apart the rows of a series are.
public enum Frequency: Sendable, Equatable {
  /// A fixed step: seconds between dates, else a difference of plain numbers.
  case step(Double)
  /// So many months, on the same day or, if `atEnd`, on the last one of each month.
  case months(Int, atEnd: Bool)

  /// Reads `15min`, `h`, `1d`, `2w`, `month`, `3month`, `quarter`, `year`, or a plain number for
  /// series whose times are numbers; nil if it is none of these.
  public init?(_ text: String) {
    let count = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(count.count).drop { $0 == " " }
    guard let number = count.isEmpty ? 1 : Double(count), number > 0, number.isFinite else {
      return nil
    }
    let seconds: [Substring: Double] = [
      "": 1, "s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800,
    ]
    let months: [Substring: Double] = ["month": 1, "quarter": 3, "year": 12]
    if let scale = seconds[unit], !text.isEmpty {
      self = .step(number * scale)
    } else if let scale = months[unit], number == number.rounded(), number < 1200 {
      self = .months(Int(number * scale), atEnd: false)
    } else {
      return nil
    }
  }

  /// The time of the row that comes `count` rows after `time`.
  ///
  /// - Parameter notation: Whose zone the months are those of.
  public func time(_ count: Int, after time: Double, _ notation: TimeNotation) -> Double {
    switch self {
    case .step(let step): return time + Double(count) * step
    case .months(let months, let atEnd):
      let civil = CivilTime(seconds: time + notation.zoneOffset)
      return civil.advanced(months: count * months, atEnd: atEnd).seconds - notation.zoneOffset
    }
  }

  /// How many rows `time` comes after `start`; nil if no row stands there.
  public func rows(from start: Double, to time: Double, _ notation: TimeNotation) -> Int? {
    let count: Double
    switch self {
    case .step(let step): count = ((time - start) / step).rounded()
    case .months(let months, _):
      let (from, to) = (
        CivilTime(seconds: start + notation.zoneOffset),
        CivilTime(seconds: time + notation.zoneOffset)
      )
      count = (Double(to.monthNumber - from.monthNumber) / Double(months)).rounded()
    }
    guard abs(count) < 1e9 else { return nil }
    let place = self.time(Int(count), after: start, notation)
    return abs(place - time) <= 1e-6 * max(step, abs(time) * 1e-9) ? Int(count) : nil
  }

  /// About how many seconds, or what difference of numbers, a step is.
  public var step: Double {
    switch self {
    case .step(let step): step
    case .months(let months, _): Double(months) * 30.44 * CivilTime.secondsPerDay
    }
  }

  /// How many rows the customary season has: a day of hours or minutes, a week of days, a year of
  /// weeks, months or quarters; 1 where there is none.
  public func seasonLength(isDate: Bool) -> Int {
    guard isDate else { return 1 }
    switch self {
    case .months(let months, _): return months < 12 && 12 % months == 0 ? 12 / months : 1
    case .step(let step):
      let (day, week) = (CivilTime.secondsPerDay, 7 * CivilTime.secondsPerDay)
      let season = step < day ? day : step < week ? week : 364 * day
      return step > 28 * day ? 1 : max(1, Int((season / step).rounded()))
    }
  }

  /// In words, for messages: `1 h`, `3 months`, `0.5`.
  public func text(_ notation: TimeNotation) -> String {
    switch self {
    case .months(let months, _): return months == 1 ? "1 month" : "\(months) months"
    case .step(let step):
      guard notation.isDate else { return TimeNotation(.number).text(step) }
      for (name, unit) in [("w", 604_800.0), ("d", 86_400), ("h", 3600), ("min", 60)]
      where step >= unit && (step / unit) == (step / unit).rounded() {
        return "\(Int(step / unit)) \(name)"
      }
      return "\(TimeNotation(.number).text(step)) s"
    }
  }

  /// The step that is most frequent among neighbouring rows of all series; where all dates fall on
  /// the same day of their months, or on the last one, so many months.
  ///
  /// - Returns: nil if no series has two rows.
  static func inferred(_ series: [[Double]], _ notation: TimeNotation) -> Frequency? {
    var counts: [Double: Int] = [:]
    for times in series {
      for (before, after) in zip(times, times.dropFirst()) {
        counts[after - before, default: 0] += 1
      }
    }
    guard let step = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else {
      return nil
    }
    if notation.isDate, step >= 28 * CivilTime.secondsPerDay,
      let months = inferredMonths(series, notation)
    {
      return months
    }
    return .step(step)
  }

  private static func inferredMonths(
    _ series: [[Double]], _ notation: TimeNotation
  ) -> Frequency? {
    let dates = series.map { $0.map { CivilTime(seconds: $0 + notation.zoneOffset) } }
    guard let first = dates.first(where: { !$0.isEmpty })?.first else { return nil }
    let all = dates.joined()
    let sameTime = all.allSatisfy {
      ($0.hour, $0.minute, $0.second) == (first.hour, first.minute, first.second)
    }
    let sameDay = all.allSatisfy { $0.day == first.day }
    let atEnd = all.allSatisfy(\.isLastDayOfMonth)
    guard sameTime, sameDay || atEnd else { return nil }
    var counts: [Int: Int] = [:]
    for dates in dates {
      for (before, after) in zip(dates, dates.dropFirst()) {
        counts[after.monthNumber - before.monthNumber, default: 0] += 1
      }
    }
    let months = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    return .months(months, atEnd: atEnd && !(sameDay && first.day <= 28))
  }
}

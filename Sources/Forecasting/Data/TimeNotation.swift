/// How the times of a series are written: as plain numbers, or as dates of ISO 8601.
///
/// A time is a number: the plain one, or seconds since 1970 in UTC. The notation of the first row
/// also writes the times of a forecast.
public struct TimeNotation: Sendable, Equatable {
  /// What a time is written with.
  public enum Precision: Int, Sendable, Comparable {
    /// A number.
    case number
    /// `2016-07`
    case month
    /// `2016-07-01`
    case day
    /// `2016-07-01 09:00`
    case minute
    /// `2016-07-01 09:00:00`, perhaps with a fraction
    case second

    /// Whether the left one is coarser.
    public static func < (left: Precision, right: Precision) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// What is written.
  public var precision: Precision
  /// What stands between day and time: `T` or a space.
  public var separator: Character = " "
  /// Digits after the seconds.
  public var fractionDigits = 0
  /// The zone as it is written, such as `Z` or `+02:00`; nothing where there is none.
  public var zone = ""
  /// Seconds that local time is ahead of UTC.
  public var zoneOffset = 0.0

  /// A notation without a zone.
  public init(_ precision: Precision) { self.precision = precision }

  /// Whether times are dates.
  public var isDate: Bool { precision != .number }

  /// Reads a time and how it is written; nil if it is neither a number nor a date that exists.
  public static func parse(_ text: String) -> (time: Double, notation: TimeNotation)? {
    var text = Substring(text)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    if let number = Double(text) {
      return number.isFinite ? (number, TimeNotation(.number)) : nil
    }
    var scanner = DateScanner(text.utf8)
    return scanner.date()
  }

  /// Writes a time.
  public func text(_ time: Double) -> String {
    guard isDate else {
      return time == time.rounded() && abs(time) < 1e15 ? String(Int(time)) : "\(time)"
    }
    let unit = (0..<fractionDigits).reduce(1.0) { unit, _ in unit * 10 }
    let civil = CivilTime(seconds: ((time + zoneOffset) * unit).rounded() / unit)
    var text = "\(digits(civil.year, 4))-\(digits(civil.month, 2))"
    if precision >= .day { text += "-\(digits(civil.day, 2))" }
    guard precision >= .minute else { return text }
    text += "\(separator)\(digits(civil.hour, 2)):\(digits(civil.minute, 2))"
    if precision == .second {
      let parts = Int((civil.second * unit).rounded())
      text += ":\(digits(parts / Int(unit), 2))"
      if fractionDigits > 0 { text += ".\(digits(parts % Int(unit), fractionDigits))" }
    }
    return text + zone
  }

  private func digits(_ value: Int, _ count: Int) -> String {
    let text = String(abs(value))
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.count)) + text
  }
}

/// Reads a date of ISO 8601 in its extended form, field by field.
private struct DateScanner {
  private let bytes: [UInt8]
  private var place = 0

  init(_ text: Substring.UTF8View) { bytes = Array(text) }

  mutating func date() -> (time: Double, notation: TimeNotation)? {
    guard let year = number(4), take("-"), let month = number(2) else { return nil }
    var civil = CivilTime(year: year, month: month)
    var notation = TimeNotation(.month)
    if take("-") {
      guard let day = number(2) else { return nil }
      civil.day = day
      notation.precision = .day
      if place < bytes.count {
        guard readTime(&civil, &notation) else { return nil }
      }
    }
    guard place == bytes.count, civil.isValid else { return nil }
    return (civil.seconds - notation.zoneOffset, notation)
  }

  private mutating func readTime(_ civil: inout CivilTime, _ notation: inout TimeNotation) -> Bool {
    notation.separator = bytes[place] == UInt8(ascii: "T") ? "T" : " "
    guard take("T") || take(" "), let hour = number(2), take(":"), let minute = number(2) else {
      return false
    }
    (civil.hour, civil.minute, notation.precision) = (hour, minute, .minute)
    if take(":") {
      guard let second = number(2) else { return false }
      civil.second = Double(second)
      notation.precision = .second
      if take(".") {
        let start = place
        guard let fraction = digits(upTo: 9) else { return false }
        notation.fractionDigits = place - start
        let unit = (start..<place).reduce(1.0) { unit, _ in unit * 10 }
        civil.second += Double(fraction) / unit
      }
    }
    return readZone(&notation)
  }

  private mutating func readZone(_ notation: inout TimeNotation) -> Bool {
    let start = place
    if take("Z") {
      notation.zone = "Z"
      return true
    }
    guard take("+") || take("-") else { return true }
    let sign = bytes[start] == UInt8(ascii: "-") ? -1.0 : 1.0
    guard let hours = number(2), hours <= 23 else { return false }
    var minutes = 0
    if place < bytes.count {
      _ = take(":")
      guard let found = number(2), found <= 59 else { return false }
      minutes = found
    }
    notation.zone = String(decoding: bytes[start..<place], as: UTF8.self)
    notation.zoneOffset = sign * Double(hours * 3600 + minutes * 60)
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// A number of exactly so many digits.
  private mutating func number(_ count: Int) -> Int? {
    let start = place
    guard let value = digits(upTo: count), place - start == count else { return nil }
    return value
  }

  private mutating func digits(upTo count: Int) -> Int? {
    let start = place
    var value = 0
    while place < bytes.count, place - start < count, (48...57).contains(bytes[place]) {
      value = value * 10 + Int(bytes[place] - 48)
      place += 1
    }
    return place > start ? value : nil
  }
}

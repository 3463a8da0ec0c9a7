import Configuration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A part of the calendar that repeats, told to a network as a place on a circle, so that the last
/// hour of a day lies beside the first one.
public enum CalendarFeature: String, Codable, Sendable, CaseIterable {
  /// The time of day.
  case hour
  /// The day of the week.
  case weekday
  /// The day of the month.
  case monthDay
  /// The day of the year.
  case yearDay

  /// Sine and cosine of the place of a time in the cycle, in the notation's zone.
  func values(_ time: Double, _ notation: TimeNotation) -> (sine: Double, cosine: Double) {
    let civil = CivilTime(seconds: time + notation.zoneOffset)
    let day = (Double(civil.hour * 3600 + civil.minute * 60) + civil.second) / 86_400
    let fraction =
      switch self {
      case .hour: day
      case .weekday: Double(civil.weekday) / 7
      case .monthDay:
        Double(civil.day - 1) / Double(CivilTime.dayCount(year: civil.year, month: civil.month))
      case .yearDay: Double(civil.dayOfYear) / 365.25
      }
    return (sin(2 * .pi * fraction), cos(2 * .pi * fraction))
  }

  /// The features of these names.
  static func list(_ names: [String]) throws(ConfigurationError) -> [CalendarFeature] {
    var list: [CalendarFeature] = []
    for name in names {
      guard let feature = CalendarFeature(rawValue: name) else {
        throw .invalid(
          key: "calendar", found: "'\(name)'",
          expected: "some of \(allCases.map(\.rawValue).joined(separator: ", "))")
      }
      list.append(feature)
    }
    return list
  }
}

/// Days and times of the Gregorian calendar as seconds since 1970, without leap seconds.
///
/// The arithmetic on days is Hinnant's ("chrono-compatible low-level date algorithms", 2013): years
/// begin in March, so that the leap day is the last one.
struct CivilTime: Equatable {
  var year: Int
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0.0

  static let secondsPerDay = 86_400.0

  init(year: Int, month: Int = 1, day: Int = 1) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The date and time of day at so many seconds since 1970.
  init(seconds: Double) {
    let days = (seconds / Self.secondsPerDay).rounded(.down)
    let rest = seconds - days * Self.secondsPerDay
    let shifted = Int(days) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = Int(rest / 3600)
    minute = Int(rest / 60) % 60
    second = rest - Double(hour * 3600 + minute * 60)
  }

  /// Days since 1970.
  var dayNumber: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Seconds since 1970.
  var seconds: Double {
    Double(dayNumber) * Self.secondsPerDay + Double(hour * 3600 + minute * 60) + second
  }

  /// Monday is 0.
  var weekday: Int { ((dayNumber + 3) % 7 + 7) % 7 }

  /// The first of January is 0.
  var dayOfYear: Int { dayNumber - CivilTime(year: year).dayNumber }

  /// Months since the year 0.
  var monthNumber: Int { year * 12 + month - 1 }

  var isLastDayOfMonth: Bool { day == Self.dayCount(year: year, month: month) }

  /// Whether day and time of day exist.
  var isValid: Bool {
    (1...12).contains(month) && (1...Self.dayCount(year: year, month: month)).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0..<60).contains(second)
  }

  static func dayCount(year: Int, month: Int) -> Int {
    guard (1...12).contains(month) else { return 0 }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// The same time of day so many months later: on the same day, or on the last one of a month that
  /// is shorter or if `atEnd` says so.
  func advanced(months: Int, atEnd: Bool) -> CivilTime {
    let number = monthNumber + months
    let year = number >= 0 ? number / 12 : (number - 11) / 12
    var result = self
    (result.year, result.month) = (year, number - year * 12 + 1)
    let last = Self.dayCount(year: result.year, month: result.month)
    result.day = atEnd ? last : min(day, last)
    return result
  }
}

import Tables

/// The time series of a file.
public struct SeriesTable: Sendable {
  /// The name of the file, for errors.
  public let path: String
  /// What its columns mean.
  public let configuration: SeriesConfiguration
  /// How its times are written.
  public let notation: TimeNotation
  /// How far apart its rows are.
  public let frequency: Frequency
  /// The series in the order of their first rows.
  public let series: [TimeSeries]

  /// Reads a file.
  ///
  /// The rows of each series must ascend in time; those of different series may be mixed. Rows at the
  /// end of a series in which every target is missing hold known covariates of the future.
  ///
  /// - Throws: ``SeriesError`` naming the file and the place.
  public init(
    reading path: String, _ configuration: SeriesConfiguration
  ) throws(SeriesError) {
    let table: Table
    do {
      table = try Table(reading: path, format: configuration.tableFormat)
    } catch {
      throw .table(error)
    }
    try self.init(table, configuration)
  }

  /// The series of a table that is read already.
  public init(_ table: Table, _ configuration: SeriesConfiguration) throws(SeriesError) {
    let times = try SeriesTimes(table, configuration)
    let groups = try Self.groups(table, configuration)
    try times.checkOrder(groups)
    let frequency = try times.frequency(groups, configuration)
    let builder = try SeriesBuilder(table, configuration, times, frequency)
    var series: [TimeSeries] = []
    for group in groups { series.append(try builder.series(group)) }
    self.init(
      path: table.path, configuration: configuration, notation: times.notation,
      frequency: frequency, series: series)
  }

  private init(
    path: String, configuration: SeriesConfiguration, notation: TimeNotation,
    frequency: Frequency, series: [TimeSeries]
  ) {
    (self.path, self.configuration, self.notation) = (path, configuration, notation)
    (self.frequency, self.series) = (frequency, series)
  }

  /// The time of a row of a series, which may lie beyond its end.
  public func time(_ row: Int, of series: TimeSeries) -> Double {
    frequency.time(row, after: series.start, notation)
  }

  /// The same as text, in the notation of the file.
  public func timeText(_ row: Int, of series: TimeSeries) -> String {
    notation.text(time(row, of: series))
  }

  /// The customary season of this frequency in rows.
  public var seasonLength: Int { frequency.seasonLength(isDate: notation.isDate) }

  /// The rows of each series, in the order of their first ones.
  private static func groups(
    _ table: Table, _ configuration: SeriesConfiguration
  ) throws(SeriesError) -> [SeriesRows] {
    guard let column = configuration.group else {
      return [SeriesRows(name: "", rows: Array(0..<table.rowCount))]
    }
    let names: [String]
    do {
      names = try table.strings(column)
    } catch {
      throw .table(error)
    }
    var places: [String: Int] = [:]
    var groups: [SeriesRows] = []
    for (row, name) in names.enumerated() {
      if let place = places[name] {
        groups[place].rows.append(row)
      } else {
        places[name] = groups.count
        groups.append(SeriesRows(name: name, rows: [row]))
      }
    }
    return groups
  }
}

/// Which rows of a table belong to one series.
struct SeriesRows {
  let name: String
  var rows: [Int]
}

/// The times of all rows of a table.
struct SeriesTimes {
  let table: Table
  let notation: TimeNotation
  let times: [Double]

  init(_ table: Table, _ configuration: SeriesConfiguration) throws(SeriesError) {
    let texts: [String]
    do {
      texts = try table.strings(configuration.time)
    } catch {
      throw .table(error)
    }
    var (times, first): ([Double], TimeNotation?) = ([], nil)
    times.reserveCapacity(texts.count)
    for (row, text) in texts.enumerated() {
      let found = TimeNotation.parse(text)
      guard let found, first == nil || first?.isDate == found.notation.isDate else {
        throw .unreadableTime(
          file: table.path, line: table.lineNumbers[row], column: configuration.time, found: text,
          expected: Self.expected(first))
      }
      if first == nil { first = found.notation }
      times.append(found.time)
    }
    (self.table, self.times) = (table, times)
    notation = first ?? TimeNotation(.number)
    if !configuration.calendar.isEmpty, !notation.isDate {
      throw .noCalendar(file: table.path, column: configuration.time)
    }
  }

  private static func expected(_ first: TimeNotation?) -> String {
    switch first?.isDate {
    case nil: "a date such as 2016-07-01 or 2016-07-01 09:00:00, or a number"
    case true?: "a date such as 2016-07-01 or 2016-07-01 09:00:00, as in the rows above"
    case false?: "a number, as in the rows above"
    }
  }

  func text(_ row: Int) -> String { notation.text(times[row]) }

  func checkOrder(_ groups: [SeriesRows]) throws(SeriesError) {
    for group in groups {
      for (before, row) in zip(group.rows, group.rows.dropFirst()) where times[row] <= times[before]
      {
        let line = table.lineNumbers[row]
        guard times[row] == times[before] else {
          throw .outOfOrder(
            file: table.path, line: line, series: group.name, before: text(before),
            found: text(row))
        }
        throw .duplicate(
          file: table.path, line: line, otherLine: table.lineNumbers[before], series: group.name,
          time: text(row))
      }
    }
  }

  func frequency(
    _ groups: [SeriesRows], _ configuration: SeriesConfiguration
  ) throws(SeriesError) -> Frequency {
    let series = groups.map { $0.rows.map { times[$0] } }
    if let text = configuration.frequency, let given = Frequency(text) {
      guard case .months(let count, _) = given else { return given }
      guard notation.isDate else {
        throw .noMonths(file: table.path, column: configuration.time, frequency: text)
      }
      let dates = series.joined().map { CivilTime(seconds: $0 + notation.zoneOffset) }
      let atEnd = dates.allSatisfy(\.isLastDayOfMonth) && Set(dates.map(\.day)) != [28]
      return .months(count, atEnd: atEnd)
    }
    guard let inferred = Frequency.inferred(series, notation) else {
      throw .noFrequency(file: table.path)
    }
    return inferred
  }
}

import Tables

/// What can be wrong with time series, in words that name the file, the place, what was found, what
/// was expected, and what to do.
public enum SeriesError: Error, Equatable {
  /// The table cannot be read.
  case table(TableError)
  /// A field is no time, or one of another kind than the first.
  case unreadableTime(file: String, line: Int, column: String, found: String, expected: String)
  /// A row lies before the one above it.
  case outOfOrder(file: String, line: Int, series: String, before: String, found: String)
  /// Two rows of a series have the same time.
  case duplicate(file: String, line: Int, otherLine: Int, series: String, time: String)
  /// Rows are missing.
  case gap(
    file: String, line: Int, series: String, from: String, to: String, rows: Int, step: String)
  /// A row stands where none belongs.
  case offGrid(file: String, line: Int, series: String, time: String, before: String, step: String)
  /// Values are missing.
  case missing(
    file: String, line: Int, series: String, column: String, from: String, to: String, rows: Int)
  /// A column of a series holds no value at all.
  case emptyColumn(file: String, series: String, column: String)
  /// The distance of rows cannot be told.
  case noFrequency(file: String)
  /// The rows are farther apart, or closer, than those that the model was trained with.
  case otherFrequency(file: String, found: String, expected: String)
  /// The calendar was asked for, but times are numbers.
  case noCalendar(file: String, column: String)
  /// A frequency of months was given, but times are numbers.
  case noMonths(file: String, column: String, frequency: String)
  /// A series has too few rows.
  case tooShort(file: String, series: String, found: Int, expected: Int, purpose: String)
  /// Known covariates end before the horizon.
  case missingFuture(file: String, series: String, columns: [String], found: Int, expected: Int)
  /// The parts of a split do not fit the series.
  case split(file: String, series: String, found: String, expected: String)
}

extension SeriesError: CustomStringConvertible {
  /// One line: the file, the place, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .table(let error): error.description
    case .unreadableTime(let file, let line, let column, let found, let expected):
      "\(file): line \(line), column '\(column)': found '\(found)', expected \(expected)"
    case .outOfOrder(let file, let line, let series, let before, let found):
      "\(file): line \(line)\(Self.of(series)): \(found) comes after \(before); sort the rows by time"
    case .duplicate(let file, let line, let otherLine, let series, let time):
      "\(file): line \(line)\(Self.of(series)): \(time) stands on line \(otherLine) already; "
        + "remove one of the rows, or name the column that tells series apart as group"
    case .gap(let file, let line, let series, let from, let to, let rows, let step):
      "\(file): line \(line)\(Self.of(series)): \(Self.rows(rows)) missing between \(from) and \(to), "
        + "expected one every \(step); \(Self.fill)"
    case .offGrid(let file, let line, let series, let time, let before, let step):
      "\(file): line \(line)\(Self.of(series)): \(time) comes after \(before), expected a row every "
        + "\(step); give the right frequency or even out the times"
    case .missing(let file, let line, let series, let column, let from, let to, let rows):
      "\(file): line \(line)\(Self.of(series)), column '\(column)': no value "
        + (rows == 1 ? "at \(from)" : "in \(rows) rows from \(from) to \(to)") + "; \(Self.fill)"
    case .emptyColumn(let file, let series, let column):
      "\(file): column '\(column)'\(Self.of(series)) holds no value; leave it out"
    case .noFrequency(let file):
      "\(file): no series has two rows, so that their distance cannot be told; give frequency"
    case .otherFrequency(let file, let found, let expected):
      "\(file): a row every \(found), expected every \(expected) as the model was trained with; "
        + "resample the series or choose another model"
    case .noCalendar(let file, let column):
      "\(file): the times of column '\(column)' are numbers, expected dates for calendar features; "
        + "leave calendar out"
    case .noMonths(let file, let column, let frequency):
      "\(file): the times of column '\(column)' are numbers, expected dates for the frequency "
        + "'\(frequency)'; give a number"
    case .tooShort(let file, let series, let found, let expected, let purpose):
      "\(file)\(Self.of(series)): found \(found) rows, expected at least \(expected) \(purpose)"
    case .missingFuture(let file, let series, let columns, let found, let expected):
      "\(file)\(Self.of(series)): found \(found) rows after the last target, expected \(expected) with "
        + "values of \(columns.map { "'\($0)'" }.joined(separator: ", ")), which are known covariates"
    case .split(let file, let series, let found, let expected):
      "\(file)\(Self.of(series)): found \(found), expected \(expected); change the split"
    }
  }

  private static let fill = "fill in, or say how with gaps: forward, linear, zero or mean"

  private static func of(_ series: String) -> String {
    series.isEmpty ? "" : " (series '\(series)')"
  }

  private static func rows(_ count: Int) -> String { count == 1 ? "1 row is" : "\(count) rows are" }
}

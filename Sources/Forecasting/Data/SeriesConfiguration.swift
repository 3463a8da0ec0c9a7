import Configuration
import Tables

/// What the columns of a file of time series mean.
public struct SeriesConfiguration: Configuration {
  /// What happens to missing values and missing rows.
  public enum Gaps: String, Codable, Sendable, CaseIterable {
    /// They are an error that names the place.
    case refuse
    /// The last value before; at the beginning the first one after.
    case forward
    /// On a straight line between the values around; at either end the nearest one.
    case linear
    /// Zero.
    case zero
    /// The mean of the series' values before; at the beginning the first one after.
    case mean
  }

  /// The column of times: dates of ISO 8601, or plain numbers.
  public var time = "time"
  /// The columns that are forecast.
  public var targets: [String] = []
  /// Columns that are known for the future too, such as prices that are set in advance.
  public var knownCovariates: [String] = []
  /// Columns that are known for the past only.
  public var pastCovariates: [String] = []
  /// The column that says which series a row belongs to; without it, the file holds one series.
  public var group: String?
  /// What of the calendar the network is told, each as a sine and a cosine.
  public var calendar: [CalendarFeature] = []
  /// The distance of rows, such as `15min`, `1h`, `1d`, `1w`, `1month`; by default the most frequent.
  public var frequency: String?
  /// What happens to missing values and missing rows.
  public var gaps = Gaps.refuse
  /// Fields that stand for a missing number.
  public var missingValues = ["", "NA", "NaN", "nan", "null"]
  /// What stands between two fields.
  public var delimiter = TableFormat.Delimiter.automatic
  /// Whether the decimals of a number follow a comma.
  public var decimalComma = false

  /// A column `time` and no targets yet.
  public init() {}

  /// The keys of the configuration file.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case time, targets, knownCovariates, pastCovariates, group, calendar, frequency, gaps
    case missingValues, delimiter, decimalComma
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.strict(CodingKeys.self)
    try container.read(.time, into: &time)
    try container.read(.targets, into: &targets)
    try container.read(.knownCovariates, into: &knownCovariates)
    try container.read(.pastCovariates, into: &pastCovariates)
    try container.read(.group, into: &group)
    var features: [String] = calendar.map(\.rawValue)
    try container.read(.calendar, into: &features)
    calendar = try CalendarFeature.list(features)
    try container.read(.frequency, into: &frequency)
    try container.read(.gaps, into: &gaps)
    try container.read(.missingValues, into: &missingValues)
    try container.read(.delimiter, into: &delimiter)
    try container.read(.decimalComma, into: &decimalComma)
  }

  /// Checks that there are targets, that no column is two things, and the frequency.
  public func validate() throws(ConfigurationError) {
    guard !targets.isEmpty else {
      throw .invalid(key: "targets", found: "empty", expected: "the columns to forecast")
    }
    let roles: [(key: String, columns: [String])] = [
      ("time", [time]), ("targets", targets), ("knownCovariates", knownCovariates),
      ("pastCovariates", pastCovariates), ("group", group.map { [$0] } ?? []),
    ]
    var seen: [String: String] = [:]
    for (key, columns) in roles {
      for column in columns {
        if let other = seen.updateValue(key, forKey: column) {
          throw .invalid(
            key: key, found: "'\(column)', which \(other) has already",
            expected: "each column once")
        }
      }
    }
    guard Set(calendar).count == calendar.count else {
      throw .invalid(
        key: "calendar", found: "\(calendar.map(\.rawValue))", expected: "each feature once")
    }
    if let frequency, Frequency(frequency) == nil {
      throw .invalid(
        key: "frequency", found: "'\(frequency)'",
        expected: "such as 15min, 1h, 1d, 1w, 1month, quarter, year, or a number")
    }
    try tableFormat.validate()
  }

  /// How the file is read.
  public var tableFormat: TableFormat {
    var format = TableFormat()
    format.delimiter = delimiter
    format.missingValues = missingValues
    format.decimalComma = decimalComma
    return format
  }

  /// The number of values of a row that are known for the future.
  public var knownCount: Int { knownCovariates.count + 2 * calendar.count }
}

/// Mean and deviation of every column over the training part, which all numbers are scaled by before
/// a network sees them.
public struct SeriesScaling: Codable, Sendable, Equatable {
  /// Of one column.
  public struct Column: Codable, Sendable, Equatable {
    /// The mean.
    public var mean: Double
    /// The deviation, over all values (not the sample's); 1 for a column that is constant.
    public var deviation: Double

    /// Of no effect.
    public init() { (mean, deviation) = (0, 1) }

    /// Of values, of which there is at least one.
    init(_ values: [ArraySlice<Double>]) {
      let count = Double(values.reduce(0) { $0 + $1.count })
      let mean = values.reduce(0) { $0 + $1.reduce(0, +) } / max(1, count)
      let square = values.reduce(0) { sum, slice in
        slice.reduce(sum) { $0 + ($1 - mean) * ($1 - mean) }
      }
      let deviation = (square / max(1, count)).squareRoot()
      self.mean = mean
      self.deviation = deviation > 1e-12 * max(1, abs(mean)) ? deviation : 1
    }

    /// A value as the network sees it.
    public func scaled(_ value: Double) -> Double { (value - mean) / deviation }
    /// A value as the file has it.
    public func unscaled(_ value: Double) -> Double { value * deviation + mean }
  }

  /// Of the targets.
  public var targets: [Column]
  /// Of the columns that are known for the past.
  public var pastCovariates: [Column]
  /// Of the columns that are known for the future.
  public var knownCovariates: [Column]

  /// Of the rows of `ranges`, one range for each series.
  public init(_ series: [TimeSeries], over ranges: [Range<Int>]) {
    func columns(_ values: (TimeSeries) -> [[Double]]) -> [Column] {
      let count = series.first.map { values($0).count } ?? 0
      return (0..<count).map { column in
        Column(zip(series, ranges).map { values($0)[column][$1] })
      }
    }
    targets = columns(\.targets)
    pastCovariates = columns(\.pastCovariates)
    knownCovariates = columns(\.knownCovariates)
  }
}

/// A series as a network sees it: scaled, the calendar added, rows one after the other.
public struct PreparedSeries: Sendable {
  /// The rows with targets.
  public let rowCount: Int
  /// The rows for which everything that has to be known is known.
  public let knownRowCount: Int
  /// `[row, target]`
  let targets: [Float]
  /// `[row, column]`
  let pastCovariates: [Float]
  /// `[row, column]`: covariates, then sine and cosine of each calendar feature.
  let known: [Float]
  /// The place of the series' name in the network's table, 0 for one that training has not seen.
  let group: Int

  /// A series of a table.
  ///
  /// - Parameter horizon: How many rows the calendar reaches beyond the last target.
  public init(
    _ series: TimeSeries, of table: SeriesTable, scaling: SeriesScaling, horizon: Int, group: Int
  ) {
    let calendar = table.configuration.calendar
    rowCount = series.rowCount
    knownRowCount =
      series.rowCount + (series.knownCovariates.isEmpty ? horizon : series.futureCount)
    targets = Self.rows(series.targets, scaling.targets)
    pastCovariates = Self.rows(series.pastCovariates, scaling.pastCovariates)
    let width = series.knownCovariates.count + 2 * calendar.count
    let covariates = Self.rows(series.knownCovariates, scaling.knownCovariates)
    var known = [Float](repeating: 0, count: knownRowCount * width)
    for row in 0..<(width > 0 ? knownRowCount : 0) {
      let count = series.knownCovariates.count
      for column in 0..<count { known[row * width + column] = covariates[row * count + column] }
      guard !calendar.isEmpty else { continue }
      let time = table.time(row, of: series)
      for (index, feature) in calendar.enumerated() {
        let (sine, cosine) = feature.values(time, table.notation)
        known[row * width + count + 2 * index] = Float(sine)
        known[row * width + count + 2 * index + 1] = Float(cosine)
      }
    }
    self.known = known
    self.group = group
  }

  private static func rows(_ columns: [[Double]], _ scaling: [SeriesScaling.Column]) -> [Float] {
    let count = columns.first?.count ?? 0
    var rows = [Float](repeating: 0, count: count * columns.count)
    for (index, column) in columns.enumerated() {
      let scaling = scaling[index]
      for row in 0..<count {
        rows[row * columns.count + index] = Float(scaling.scaled(column[row]))
      }
    }
    return rows
  }
}

/// One series on an even grid of times, with nothing missing.
public struct TimeSeries: Sendable, Equatable {
  /// What the group column calls it; empty where there is no such column.
  public let name: String
  /// The time of the first row.
  public let start: Double
  /// The rows that have targets.
  public let rowCount: Int
  /// Further rows that have known covariates only.
  public let futureCount: Int
  /// The values of each target column.
  public let targets: [[Double]]
  /// The values of each column that is known for the past.
  public let pastCovariates: [[Double]]
  /// The values of each column that is known for the future too, `rowCount + futureCount` of each.
  public let knownCovariates: [[Double]]
  /// How many rows were put in where the file has none.
  public let insertedRows: Int
  /// How many fields without a value were filled, those of inserted rows not counted.
  public let filledValues: Int
}

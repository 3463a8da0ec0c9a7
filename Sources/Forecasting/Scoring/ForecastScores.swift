/// Errors of forecasts, summed up.
public struct ForecastScores: Sendable, Equatable {
  /// How often and how widely a central interval holds the truth.
  public struct Interval: Sendable, Equatable, Encodable {
    /// How much of the probability should lie in it.
    public var nominal: Double
    /// How much of the truth lies in it.
    public var coverage: Double
    /// Its mean width.
    public var width: Double
  }

  private var count = 0.0
  private var absolute = 0.0
  private var squared = 0.0
  private var ranked = 0.0
  private var seasonal = 0.0
  private var seasonalCount = 0.0
  private var intervals: [(nominal: Double, hits: Double, width: Double)] = []

  /// No errors yet.
  public init() {}

  /// Takes in one value of a forecast.
  ///
  /// - Parameter seasonalError: The mean error of the seasonal naive forecast in the training part, in
  ///   the same units; nil where it is unknown or zero.
  public mutating func add(
    _ forecast: Forecast, truth: Double, step: Int, target: Int, seasonalError: Double?
  ) {
    let error = forecast.value(step: step, target: target) - truth
    count += 1
    absolute += abs(error)
    squared += error * error
    ranked += forecast.rankedProbabilityScore(truth, step: step, target: target)
    if let seasonalError, seasonalError > 0 {
      seasonal += abs(error) / seasonalError
      seasonalCount += 1
    }
    let nominals = forecast.intervals
    if intervals.isEmpty { intervals = nominals.map { ($0, 0, 0) } }
    for (index, nominal) in nominals.enumerated() {
      guard let low = forecast.quantile((1 - nominal) / 2, step: step, target: target),
        let high = forecast.quantile((1 + nominal) / 2, step: step, target: target)
      else { continue }
      intervals[index].width += high - low
      if low <= truth, truth <= high { intervals[index].hits += 1 }
    }
  }

  /// Takes in what others summed up.
  public mutating func add(_ other: ForecastScores) {
    count += other.count
    absolute += other.absolute
    squared += other.squared
    ranked += other.ranked
    seasonal += other.seasonal
    seasonalCount += other.seasonalCount
    if intervals.isEmpty { intervals = other.intervals.map { ($0.nominal, 0, 0) } }
    for (index, other) in other.intervals.enumerated() where index < intervals.count {
      intervals[index].hits += other.hits
      intervals[index].width += other.width
    }
  }

  /// The mean absolute error.
  public var meanAbsoluteError: Double { absolute / max(1, count) }
  /// The mean squared error.
  public var meanSquaredError: Double { squared / max(1, count) }
  /// The root of the mean squared error.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  /// The mean continuous ranked probability score.
  public var rankedProbabilityScore: Double { ranked / max(1, count) }
  /// The mean absolute scaled error (Hyndman and Koehler 2006): errors in units of those of the
  /// seasonal naive forecast one step ahead in the training part; nil where that made none.
  public var meanAbsoluteScaledError: Double? {
    seasonalCount > 0 ? seasonal / seasonalCount : nil
  }
  /// The central intervals, ascending.
  public var coverage: [Interval] {
    intervals.map {
      Interval(
        nominal: $0.nominal, coverage: $0.hits / max(1, count), width: $0.width / max(1, count))
    }
  }

  /// Whether the sums are the same.
  public static func == (left: ForecastScores, right: ForecastScores) -> Bool {
    left.count == right.count && left.absolute == right.absolute && left.squared == right.squared
      && left.ranked == right.ranked && left.seasonal == right.seasonal
      && left.coverage == right.coverage
  }
}

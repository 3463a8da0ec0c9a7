/// Forecasts from a rolling origin beside what is known to have followed.
///
/// The origin moves through the part `stride` rows at a time; every window whose horizon lies within
/// the part counts. The naive forecasts are made from the same windows: the last value, and the value
/// a season before.
public struct BackTest: Sendable {
  /// The errors of one way to forecast.
  public struct Method: Sendable {
    /// What it is called.
    public var name: String
    /// Of all steps and targets, in units of the training part's deviation.
    public var overall = ForecastScores()
    /// Of each step, in units of the training part's deviation.
    public var steps: [ForecastScores]
    /// Of each target, in the units of the file.
    public var targets: [ForecastScores]

    init(_ name: String, steps: Int, targets: Int) {
      self.name = name
      self.steps = [ForecastScores](repeating: ForecastScores(), count: steps)
      self.targets = [ForecastScores](repeating: ForecastScores(), count: targets)
    }
  }

  /// The number of windows.
  public private(set) var windowCount = 0
  /// The rows of a season.
  public let seasonLength: Int
  /// The forecaster, the naive and the seasonal naive forecast.
  public private(set) var methods: [Method]

  private let forecaster: Forecaster
  private let table: SeriesTable

  /// Tests a forecaster on some rows of each series.
  ///
  /// - Parameters:
  ///   - ranges: The rows that may be forecast, of each series.
  ///   - training: The rows whose seasonal errors scale the MASE, of each series.
  ///   - stride: How far the origin moves.
  ///   - progress: Is told how many windows of how many are done.
  /// - Throws: `SeriesError.tooShort` if there is not one window.
  public init(
    _ forecaster: Forecaster, on table: SeriesTable, ranges: [Range<Int>],
    training: [Range<Int>], stride: Int = 1, options: Forecaster.Options = .init(),
    baselines: Bool = true, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(SeriesError) {
    (self.forecaster, self.table) = (forecaster, table)
    let configuration = forecaster.configuration
    let season = configuration.seasonLength ?? table.seasonLength
    seasonLength = season
    let names = ["model"] + (baselines ? ["naive", "seasonal naive (\(season))"] : [])
    methods = names.map {
      Method($0, steps: configuration.predictionLength, targets: configuration.data.targets.count)
    }
    let places = try Self.places(
      table, ranges, configuration.window, season: baselines ? season : 1, stride: stride)
    let prepared = forecaster.prepared(table)
    let errors = zip(table.series, training).map { Self.seasonalErrors($0, $1, season: season) }
    for start in Swift.stride(from: 0, to: places.count, by: options.batchSize) {
      let part = Array(places[start..<min(places.count, start + options.batchSize)])
      for (place, forecast) in zip(part, forecaster.forecasts(at: part, of: prepared, options)) {
        add(forecast, 0, place, errors[place.series])
        guard baselines else { continue }
        add(naive(place, season: 1), 1, place, errors[place.series])
        add(naive(place, season: season), 2, place, errors[place.series])
      }
      progress(start + part.count, places.count)
    }
    windowCount = places.count
    for index in methods.indices {
      for step in methods[index].steps { methods[index].overall.add(step) }
    }
  }

  private static func places(
    _ table: SeriesTable, _ ranges: [Range<Int>], _ window: WindowShape, season: Int, stride: Int
  ) throws(SeriesError) -> [WindowPlace] {
    let places = zip(table.series.indices, ranges).flatMap { index, range in
      window.origins(
        in: max(season, range.lowerBound)..<max(season, range.upperBound), stride: stride
      )
      .map { WindowPlace(series: index, origin: $0) }
    }
    guard !places.isEmpty else {
      throw .tooShort(
        file: table.path, series: "", found: ranges.map(\.count).max() ?? 0,
        expected: window.predictionLength,
        purpose: "to test on, after \(max(season, window.contextLength)) of context")
    }
    return places
  }

  /// The mean error of the seasonal naive forecast one step ahead, of each target.
  private static func seasonalErrors(
    _ series: TimeSeries, _ range: Range<Int>, season: Int
  ) -> [Double?] {
    series.targets.map { values in
      let rows = range.lowerBound + season
      guard rows < range.upperBound else { return nil }
      let sum = (rows..<range.upperBound).reduce(0) { $0 + abs(values[$1] - values[$1 - season]) }
      return sum / Double(range.upperBound - rows)
    }
  }

  /// The values a season before, the last season repeated, in units of the deviation.
  private func naive(_ place: WindowPlace, season: Int) -> Forecast {
    let (series, scaling) = (table.series[place.series], forecaster.statistics.scaling)
    return Forecast(
      .point, predictionLength: forecaster.configuration.predictionLength,
      targetCount: series.targets.count
    ) { step, target, _ in
      scaling.targets[target].scaled(
        series.targets[target][place.origin - season + step % season])
    }
  }

  private mutating func add(
    _ forecast: Forecast, _ method: Int, _ place: WindowPlace, _ seasonalErrors: [Double?]
  ) {
    let series = table.series[place.series]
    let columns = forecaster.statistics.scaling.targets
    let unscaled = forecast.unscaled(by: columns)
    for step in 0..<forecast.predictionLength {
      for target in columns.indices {
        let truth = series.targets[target][place.origin + step]
        methods[method].steps[step].add(
          forecast, truth: columns[target].scaled(truth), step: step, target: target,
          seasonalError: seasonalErrors[target].map { $0 / columns[target].deviation })
        methods[method].targets[target].add(
          unscaled, truth: truth, step: step, target: target,
          seasonalError: seasonalErrors[target])
      }
    }
  }
}

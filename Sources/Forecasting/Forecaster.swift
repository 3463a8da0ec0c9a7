import Layers
import ModelFiles
import Tensors

/// A trained model of time series: what its columns are, how they are scaled, and its network.
public struct Forecaster: Sendable {
  /// What model files of forecasters call themselves.
  public static let kind = "forecaster"

  /// What the columns are and what the network is made of.
  public let configuration: ForecasterConfiguration
  /// Mean and deviation of each column, and the series that training has seen.
  public let statistics: ForecasterStatistics
  /// The network.
  public var network: ForecastNetwork

  /// A forecaster with a network of freshly drawn weights.
  public init(
    _ configuration: ForecasterConfiguration, statistics: ForecasterStatistics,
    random: inout RandomSource
  ) {
    (self.configuration, self.statistics) = (configuration, statistics)
    network = ForecastNetwork(
      configuration, groupCount: statistics.groups.count, random: &random)
  }

  /// The forecaster of a model file.
  ///
  /// - Throws: `CheckpointError` if the file holds something else, or does not fit together.
  public init(_ file: ModelFile) throws(CheckpointError) {
    try file.expect(kind: Self.kind)
    let configuration = try file.decode(ForecasterConfiguration.self, from: .configuration)
    do {
      try configuration.validate()
    } catch {
      throw .invalidEntry(
        path: file.path ?? "the model", key: ModelFile.Key.configuration.rawValue,
        found: "\(error)", expected: "the configuration of a forecaster")
    }
    let statistics = try file.decode(ForecasterStatistics.self, from: .statistics)
    guard statistics.fits(configuration.data) else {
      throw .invalidEntry(
        path: file.path ?? "the model", key: ModelFile.Key.statistics.rawValue,
        found: "the statistics of other columns", expected: "one entry for each column")
    }
    var random = RandomSource(seed: 0)
    self.init(configuration, statistics: statistics, random: &random)
    try file.load(into: &network)
  }

  /// The model as a file, with all that a user of it needs.
  public func modelFile() throws(CheckpointError) -> ModelFile {
    var file = ModelFile(kind: Self.kind)
    try file.encode(configuration, as: .configuration)
    try file.encode(statistics, as: .statistics)
    file.store(network)
    return file
  }

  /// The series of a table as the network sees them.
  public func prepared(_ table: SeriesTable) -> [PreparedSeries] {
    let places = Dictionary(
      statistics.groups.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    return table.series.map {
      PreparedSeries(
        $0, of: table, scaling: statistics.scaling, horizon: configuration.predictionLength,
        group: places[$0.name] ?? 0)
    }
  }

  /// How forecasts are made.
  public struct Options: Sendable, Equatable {
    /// How many paths are drawn for each window where a distribution is fed back; with 0 its mean is.
    public var sampleCount = 100
    /// What paths are drawn from.
    public var seed: UInt64 = 1
    /// How many windows are forecast at once.
    public var batchSize = 256

    /// A hundred paths.
    public init() {}
  }

  /// The forecasts of some windows, in the units of the training part's deviation.
  ///
  /// What is drawn for a window depends on the seed and on its place alone.
  public func forecasts(
    at places: [WindowPlace], of series: [PreparedSeries], _ options: Options = Options()
  ) -> [Forecast] {
    stride(from: 0, to: places.count, by: options.batchSize).flatMap { start in
      let part = Array(places[start..<min(places.count, start + options.batchSize)])
      let batch = ForecastBatch(part, of: series, configuration.window, withFuture: false)
      return network.forecasts(
        batch, sampleCount: options.sampleCount,
        random: part.map { RandomSource(seed: options.seed, $0.series, $0.origin) })
    }
  }

  /// What follows the last row of each series of a table, in the units of the file.
  ///
  /// - Throws: ``SeriesError`` if a series is shorter than the context, or known covariates end before
  ///   the horizon.
  public func forecasts(
    following table: SeriesTable, _ options: Options = Options()
  ) throws(SeriesError) -> [Forecast] {
    try checkFrequency(of: table)
    for series in table.series { try check(series, of: table) }
    let places = table.series.indices.map {
      WindowPlace(series: $0, origin: table.series[$0].rowCount)
    }
    return forecasts(at: places, of: prepared(table), options)
      .map { $0.unscaled(by: statistics.scaling.targets) }
  }

  /// Demands rows as far apart as in training.
  ///
  /// - Throws: `SeriesError.otherFrequency`.
  public func checkFrequency(of table: SeriesTable) throws(SeriesError) {
    let found = table.frequency.text(table.notation)
    guard found == statistics.frequency else {
      throw .otherFrequency(file: table.path, found: found, expected: statistics.frequency)
    }
  }

  private func check(_ series: TimeSeries, of table: SeriesTable) throws(SeriesError) {
    guard series.rowCount >= configuration.contextLength else {
      throw .tooShort(
        file: table.path, series: series.name, found: series.rowCount,
        expected: configuration.contextLength, purpose: "for the context that the model sees")
    }
    let known = configuration.data.knownCovariates
    guard known.isEmpty || series.futureCount >= configuration.predictionLength else {
      throw .missingFuture(
        file: table.path, series: series.name, columns: known, found: series.futureCount,
        expected: configuration.predictionLength)
    }
  }
}

/// What a forecaster knows of the data that it was trained with.
public struct ForecasterStatistics: Codable, Sendable, Equatable {
  /// Mean and deviation of each column over the training part.
  public var scaling: SeriesScaling
  /// The names of the series that have a vector of their own; empty where none has.
  public var groups: [String]
  /// How far apart the rows were, in words.
  public var frequency: String

  /// Of a table's training parts.
  public init(
    _ table: SeriesTable, trainingParts: [Range<Int>], configuration: ForecasterConfiguration
  ) {
    scaling = SeriesScaling(table.series, over: trainingParts)
    groups = configuration.model.groupEmbeddingSize > 0 ? table.series.map(\.name) : []
    frequency = table.frequency.text(table.notation)
  }

  func fits(_ data: SeriesConfiguration) -> Bool {
    scaling.targets.count == data.targets.count
      && scaling.pastCovariates.count == data.pastCovariates.count
      && scaling.knownCovariates.count == data.knownCovariates.count
  }
}

import Autograd
import Forecasting
import Layers
import ModelFiles
import Tensors

/// Learning to forecast: windows of series, whose future is known, in a random order.
public struct ForecastingTask: TrainingTask {
  /// The score's loss, which is what the recipe's output is trained for.
  public static var criterion: Measure? { nil }
  /// What speed is told in.
  public static var unit: String { "rows" }

  /// Enough for comparing epochs by, since all of them see the same draws.
  private static let validationPaths = 20

  private let recipe: ForecastingRecipe
  private let table: SeriesTable
  private let parts: [SeriesParts]
  private let series: [PreparedSeries]
  private let places: [WindowPlace]
  private var forecaster: Forecaster

  /// Reads the file, scales it by its training part, and makes the network.
  public init(
    _ recipe: ForecastingRecipe, start: TrainingStart, note: (String) -> Void
  ) throws(TrainerError) {
    self.recipe = recipe
    let configuration = recipe.forecaster
    let (table, parts) = try mapping(TrainerError.series) { () throws(SeriesError) in
      try Self.read(recipe)
    }
    (self.table, self.parts) = (table, parts)
    let statistics = ForecasterStatistics(
      table, trainingParts: parts.map(\.train), configuration: configuration)
    var random = RandomSource(seed: UInt64(recipe.rules.seed), 0)
    var forecaster = Forecaster(configuration, statistics: statistics, random: &random)
    if let file = start.file {
      try mapping(TrainerError.checkpoint) { () throws(CheckpointError) in
        try file.expect(kind: Forecaster.kind)
        try file.load(into: &forecaster.network)
      }
    }
    forecaster.network.setPrecision(recipe.rules.precision)
    self.forecaster = forecaster
    series = forecaster.prepared(table)
    places = zip(table.series.indices, parts).flatMap { index, parts in
      configuration.window.innerOrigins(in: parts.train, stride: recipe.trainingStride)
        .map { WindowPlace(series: index, origin: $0) }
    }
    guard !places.isEmpty else {
      throw .series(
        .tooShort(
          file: table.path, series: "", found: parts.map(\.train.count).max() ?? 0,
          expected: configuration.contextLength + configuration.predictionLength,
          purpose: "in the training part of a series, for one window"))
    }
    tell(note)
  }

  private static func read(
    _ recipe: ForecastingRecipe
  ) throws(SeriesError) -> (SeriesTable, [SeriesParts]) {
    let table = try SeriesTable(reading: recipe.file, recipe.forecaster.data)
    var parts: [SeriesParts] = []
    for series in table.series {
      parts.append(try table.parts(of: series, recipe.forecaster.split))
    }
    return (table, parts)
  }

  private func tell(_ note: (String) -> Void) {
    let rows = table.series.reduce(0) { $0 + $1.rowCount }
    note(
      "\(table.series.count) series, \(rows) rows, one every "
        + "\(table.frequency.text(table.notation)); \(places.count) windows to learn from")
    let (inserted, filled) = table.series.reduce((0, 0)) {
      ($0.0 + $1.insertedRows, $0.1 + $1.filledValues)
    }
    if inserted + filled > 0 {
      note(
        "put in \(inserted) missing rows and \(filled) missing values (gaps: "
          + "\(recipe.forecaster.data.gaps.rawValue))")
    }
  }

  /// Shows the parameters of the network.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    forecaster.network.visit(&visitor)
  }

  /// The number of batches, the last of which may be smaller.
  public func batchCount(epoch: Int) -> Int {
    (places.count + recipe.rules.batching.size - 1) / recipe.rules.batching.size
  }

  /// The windows of an epoch in an order of its own.
  public func batches(epoch: Int, startingAt start: Int) -> BatchLoader<ForecastBatch> {
    var random = RandomSource(seed: UInt64(recipe.rules.seed), 1, epoch)
    let (order, series) = (places.shuffled(using: &random), series)
    let (size, window) = (recipe.rules.batching.size, recipe.forecaster.window)
    return BatchLoader(count: batchCount(epoch: epoch), startingAt: start) { index, _ in
      let part = order[index * size..<min(order.count, (index + 1) * size)]
      return ForecastBatch(Array(part), of: series, window, withFuture: true)
    }
  }

  /// What the recipe's output is trained to make small.
  public func loss(
    of batch: ForecastBatch, at progress: TrainingProgress, on tape: Tape
  ) -> Variable {
    forecaster.network.loss(batch, on: tape)
  }

  /// The errors of forecasts of the validation part; nil without one.
  ///
  /// The loss is the error that a point is trained for, else the continuous ranked probability score.
  /// Where a distribution is fed back, a few paths are drawn, the same numbers for every epoch: with
  /// its mean fed back, deviations would not grow with the horizon and say nothing about the model.
  public func score() throws(TrainerError) -> TaskScore? {
    guard parts.contains(where: { !$0.validation.isEmpty }) else { return nil }
    var options = Forecaster.Options()
    options.sampleCount = Self.validationPaths
    let test = try mapping(TrainerError.series) { () throws(SeriesError) in
      try BackTest(
        forecaster, on: table, ranges: parts.map(\.validation), training: parts.map(\.train),
        stride: recipe.validationStride, options: options, baselines: false)
    }
    let scores = test.methods[0].overall
    var measures: [Measure: Double] = [
      .mse: scores.meanSquaredError, .mae: scores.meanAbsoluteError,
      .crps: scores.rankedProbabilityScore,
    ]
    measures[.mase] = scores.meanAbsoluteScaledError
    let output = recipe.forecaster.output
    let loss =
      switch (output.kind, output.loss) {
      case (.point, .mse): scores.meanSquaredError
      case (.point, .mae), (.point, .huber): scores.meanAbsoluteError
      default: scores.rankedProbabilityScore
      }
    return TaskScore(loss: loss, measures: measures)
  }

  /// The forecaster.
  public func modelFile() throws(CheckpointError) -> ModelFile { try forecaster.modelFile() }
}

extension ForecastBatch: TrainingBatch {
  /// The number of windows.
  public var exampleCount: Int { count }
  /// The rows of all contexts and horizons.
  public var frameCount: Int { count * known.shape[0] }
  /// Every window can be made.
  public var dropped: [String] { [] }
}

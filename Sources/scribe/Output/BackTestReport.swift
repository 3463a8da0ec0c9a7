import Forecasting
import Pictures

/// What `scribe forecast --backtest` tells.
struct BackTestReport: Encodable {
  /// The errors of one way to forecast, over all steps or at one.
  struct Errors: Encodable {
    var mse: Double
    var mae: Double
    var rmse: Double
    var mase: Double?
    var crps: Double

    init(_ scores: ForecastScores) {
      (mse, mae) = (scores.meanSquaredError, scores.meanAbsoluteError)
      (rmse, mase) = (scores.rootMeanSquaredError, scores.meanAbsoluteScaledError)
      crps = scores.rankedProbabilityScore
    }
  }

  /// One way to forecast.
  struct Method: Encodable {
    var name: String
    /// In units of the training part's deviation.
    var overall: Errors
    /// The same at each step.
    var steps: [Errors]
    /// In units of the file, by target.
    var targets: [String: Errors]
    /// How much of the truth the central intervals hold.
    var coverage: [ForecastScores.Interval]
  }

  var model: String
  var file: String
  var part: String
  var windows: Int
  var predictionLength: Int
  var stride: Int
  var seasonLength: Int
  var methods: [Method]
  private let targets: [(name: String, deviation: Double)]

  private enum CodingKeys: String, CodingKey {
    case model, file, part, windows, predictionLength, stride, seasonLength, methods
  }

  init(
    _ test: BackTest, _ forecaster: Forecaster, _ table: SeriesTable, model: String, part: String,
    stride: Int
  ) {
    (self.model, file, self.part, self.stride) = (model, table.path, part, stride)
    (windows, seasonLength) = (test.windowCount, test.seasonLength)
    predictionLength = forecaster.configuration.predictionLength
    let names = forecaster.configuration.data.targets
    targets = zip(names, forecaster.statistics.scaling.targets).map { ($0, $1.deviation) }
    methods = test.methods.map { method in
      Method(
        name: method.name, overall: Errors(method.overall), steps: method.steps.map(Errors.init),
        targets: Dictionary(zip(names, method.targets.map(Errors.init))) { first, _ in first },
        coverage: method.overall.coverage)
    }
  }
}

extension BackTestReport {
  /// The report for people.
  var text: String {
    """
    \(model.printable) on \(part) of \(file.printable): \(windows) windows of \(predictionLength) \
    steps, the origin moved by \(stride)

    in units of the training part's deviation\(deviation)
    \(overallTable)
    \(targetTable)\(stepTable)\(coverageTable)
    """
  }

  private var deviation: String {
    guard targets.count == 1 else { return "" }
    return ", which is \(targets[0].deviation.fixed(4)) of \(targets[0].name.printable)"
  }

  private var overallTable: String {
    var table = Table(["", "MSE", "MAE", "RMSE", "MASE", "CRPS"], numeric: [1, 2, 3, 4, 5])
    for method in methods { table.add([method.name] + Self.cells(method.overall)) }
    return table.text
  }

  private var targetTable: String {
    var table = Table(
      ["IN UNITS OF THE FILE", "", "MSE", "MAE", "RMSE", "MASE", "CRPS"],
      numeric: [2, 3, 4, 5, 6])
    for (name, _) in targets {
      for method in methods {
        guard let errors = method.targets[name] else { continue }
        table.add([name.printable, method.name] + Self.cells(errors))
      }
    }
    return table.text + "\n"
  }

  /// The mean squared error at some steps.
  private var stepTable: String {
    let stride = max(1, (predictionLength + 7) / 8)
    var shown = Array(Swift.stride(from: 0, to: predictionLength, by: stride))
    if shown.last != predictionLength - 1 { shown.append(predictionLength - 1) }
    var table = Table(
      ["MSE AT STEP"] + shown.map { "\($0 + 1)" }, numeric: Set(1...shown.count))
    for method in methods {
      table.add([method.name] + shown.map { method.steps[$0].mse.fixed(4) })
    }
    return table.text
  }

  private var coverageTable: String {
    let intervals = methods.first?.coverage ?? []
    guard !intervals.isEmpty else { return "" }
    var table = Table(["INTERVAL", "HOLDS", "MEAN WIDTH"], numeric: [0, 1, 2])
    for interval in intervals {
      table.add([
        "\((100 * interval.nominal).fixed(0)) %", interval.coverage.percent,
        interval.width.fixed(4),
      ])
    }
    return "\n" + table.text
  }

  private static func cells(_ errors: Errors) -> [String] {
    [errors.mse, errors.mae, errors.rmse].map { $0.fixed(4) }
      + [errors.mase?.fixed(4) ?? "", errors.crps.fixed(4)]
  }

  /// The mean squared error at each step.
  var chart: LineChart {
    LineChart(
      title: "\(model) on \(part)", xTitle: "step",
      left: .init("mean squared error", including: [0]),
      series: methods.map { method in
        .init(
          method.name, x: method.steps.indices.map { Double($0 + 1) }, y: method.steps.map(\.mse))
      })
  }
}

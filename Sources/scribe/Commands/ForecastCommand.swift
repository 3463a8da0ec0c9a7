import ArgumentParser
import Files
import Forecasting
import ModelFiles
import Pictures

extension SeriesPart: ExpressibleByArgument {}

/// `scribe forecast`: what follows the end of time series.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast what follows the end of the series of a CSV file.",
    discussion: """
      The columns of the file are those that the model was trained with. Rows at the end without \
      targets hold the known covariates of the future. The forecast is CSV: the time, the group if \
      there are any, the target, the forecast, and quantiles if the model knows them.

      With --backtest nothing is forecast beyond the file; instead forecasts from a rolling origin \
      are compared with what followed, beside the naive forecasts: the last value, and the value a \
      season before.

      EXAMPLES:
        scribe forecast runs/etth1/best.safetensors ETTh1.csv -o forecast.csv --plot forecast.png
        scribe forecast runs/etth1/best.safetensors ETTh1.csv --backtest
        scribe forecast runs/etth1/best.safetensors new.csv --backtest --last 720 --stride 24
        scribe forecast runs/etth1/best.safetensors ETTh1.csv --json | jq '.series[0].forecast'
      """)

  @Argument(
    help: ArgumentHelp(
      "The model: a name of 'scribe models', or the path of a .safetensors file.",
      valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: ArgumentHelp("The series.", valueName: "csv"), completion: .file(extensions: ["csv"]))
  var file: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where the forecast goes, instead of standard output.", valueName: "csv"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Draw history, forecast and what it is likely between, as .png or .svg; of several series or "
        + "targets a picture each, their names added to this one. With --backtest: the error of each "
        + "step.", valueName: "picture"), completion: .file())
  var plot: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rows of the past in the picture.", valueName: "n"))
  var history: Int?

  @Flag(help: "Print JSON instead of CSV or a report.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Paths that are drawn where a distribution is fed back; with 0 its mean is.", valueName: "n"))
  var samples = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What paths are drawn from.", valueName: "n"))
  var seed = 1

  @OptionGroup(title: "Back-testing Options") var backTest: BackTestOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (0...100_000).contains(samples) else {
      throw ValidationError("--samples is \(samples), expected 0 to 100000.")
    }
    guard seed >= 0 else { throw ValidationError("--seed is \(seed), expected 0 or more.") }
    if let history, history < 1 {
      throw ValidationError("--history is \(history), expected 1 or more.")
    }
    if backTest.backtest, output != nil {
      throw ValidationError("--output is for a forecast; leave it out with --backtest.")
    }
  }

  func run() throws {
    threads.apply()
    let path = try ModelCatalog().path(of: model)
    let forecaster = try Forecaster(ModelFile(reading: path))
    let table = try SeriesTable(reading: file, forecaster.configuration.data)
    try forecaster.checkFrequency(of: table)
    var options = Forecaster.Options()
    (options.sampleCount, options.seed) = (samples, UInt64(seed))
    if backTest.backtest {
      try test(forecaster, table, options)
    } else {
      try forecast(forecaster, table, options)
    }
  }

  private func forecast(
    _ forecaster: Forecaster, _ table: SeriesTable, _ options: Forecaster.Options
  ) throws {
    let forecasts = try forecaster.forecasts(following: table, options)
    let result = ForecastOutput(forecasts, of: table, model: model)
    let text = try json ? JSON.line(result) : result.csv
    if let output {
      try AtomicFile.writeThrough(Array(text.utf8), to: output)
    } else {
      try Console.write(text)
    }
    guard let plot else { return }
    let pictures = ForecastPictures(
      forecasts, of: table, history: history ?? forecaster.configuration.customaryHistory)
    for (name, chart) in pictures.charts { try chart.write(to: pictures.path(plot, name)) }
  }

  private func test(
    _ forecaster: Forecaster, _ table: SeriesTable, _ options: Forecaster.Options
  ) throws {
    let (ranges, training) = try backTest.ranges(table, forecaster.configuration)
    let test = try BackTest(
      forecaster, on: table, ranges: ranges, training: training, stride: backTest.stride,
      options: options
    ) { done, count in Console.status("\(file): \(done) of \(count) windows") }
    let report = BackTestReport(
      test, forecaster, table, model: model, part: backTest.words, stride: backTest.stride)
    try Console.write(json ? JSON.line(report) : report.text)
    if let plot { try report.chart.write(to: plot) }
  }
}

/// Which rows are forecast again.
struct BackTestOptions: ParsableArguments {
  @Flag(help: "Compare forecasts from a rolling origin with what followed.")
  var backtest = false

  @Option(
    help: ArgumentHelp(
      "Which part of the model's split is forecast.", valueName: "train|validation|test"))
  var part = SeriesPart.test

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Forecast the last rows of each series instead of a part.", valueName: "n"))
  var last: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How far the origin moves.", valueName: "rows"))
  var stride = 1

  func validate() throws {
    guard stride >= 1 else { throw ValidationError("--stride is \(stride), expected 1 or more.") }
    if let last, last < 1 { throw ValidationError("--last is \(last), expected 1 or more.") }
    guard backtest || (last == nil && stride == 1 && part == .test) else {
      throw ValidationError("--part, --last and --stride are for --backtest, which is missing.")
    }
  }

  /// The rows that are forecast, and those whose seasonal errors scale the MASE.
  func ranges(
    _ table: SeriesTable, _ configuration: ForecasterConfiguration
  ) throws(SeriesError) -> (ranges: [Range<Int>], training: [Range<Int>]) {
    if let last {
      let ranges = table.series.map { max(0, $0.rowCount - last)..<$0.rowCount }
      return (ranges, ranges.map { 0..<$0.lowerBound })
    }
    var parts: [SeriesParts] = []
    for series in table.series { parts.append(try table.parts(of: series, configuration.split)) }
    return (parts.map { $0[part] }, parts.map(\.train))
  }

  /// The rows in words.
  var words: String { last.map { "the last \($0) rows" } ?? "the \(part.rawValue) part" }
}

extension ForecasterConfiguration {
  /// Rows of the past that show what a forecast goes on from.
  fileprivate var customaryHistory: Int {
    max(3 * predictionLength, min(contextLength, 7 * predictionLength))
  }
}

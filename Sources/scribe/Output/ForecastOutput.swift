import Forecasting

/// What `scribe forecast` writes.
struct ForecastOutput: Encodable {
  /// The forecast of one target of one series.
  struct Series: Encodable {
    var group: String?
    var target: String
    var times: [String]
    var forecast: [Double]
    /// By level, such as `0.05`.
    var quantiles: [String: [Double]]
  }

  var model: String
  var file: String
  var series: [Series]
  private let timeColumn: String
  private let groupColumn: String?
  private let levels: [Double]

  private enum CodingKeys: String, CodingKey { case model, file, series }

  init(_ forecasts: [Forecast], of table: SeriesTable, model: String) {
    (self.model, file) = (model, table.path)
    let data = table.configuration
    (timeColumn, groupColumn) = (data.time, data.group)
    let levels = forecasts.first?.describedLevels ?? []
    self.levels = levels
    series = zip(table.series, forecasts).flatMap { series, forecast in
      data.targets.enumerated().map { target, name in
        let steps = 0..<forecast.predictionLength
        let quantiles = levels.map { level in
          (
            Self.name(level),
            steps.compactMap { forecast.quantile(level, step: $0, target: target) }
          )
        }
        return Series(
          group: data.group.map { _ in series.name }, target: name,
          times: steps.map { table.timeText(series.rowCount + $0, of: series) },
          forecast: steps.map { forecast.value(step: $0, target: target) },
          quantiles: Dictionary(quantiles) { first, _ in first })
      }
    }
  }

  /// A level as it is written: `0.05`, although it may have been a float.
  private static func name(_ level: Double) -> String { "\((level * 1e6).rounded() / 1e6)" }

  /// A row for each time of each target of each series.
  var csv: String {
    let names = levels.map(Self.name)
    let heading =
      [timeColumn] + (groupColumn.map { [$0] } ?? []) + ["target", "forecast"]
      + names.map { "q\($0)" }
    var text = Self.line(heading)
    for series in series {
      for (step, time) in series.times.enumerated() {
        let numbers =
          [series.forecast[step]] + names.compactMap { series.quantiles[$0]?[step] }
        text += Self.line(
          [time] + (series.group.map { [$0] } ?? []) + [series.target]
            + numbers.map { "\(Float($0))" })
      }
    }
    return text
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
      return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",") + "\n"
  }
}

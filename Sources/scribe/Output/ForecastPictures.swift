import Forecasting
import Pictures

/// History, forecast and what it is likely between, a chart for each target of each series.
struct ForecastPictures {
  /// The charts with the names that tell them apart.
  let charts: [(name: String, chart: LineChart)]

  init(_ forecasts: [Forecast], of table: SeriesTable, history: Int) {
    charts = zip(table.series, forecasts).flatMap { series, forecast in
      table.configuration.targets.enumerated().map { target, name in
        let names = (series.name.isEmpty ? [] : [series.name]) + [name]
        return (
          names.joined(separator: "-"),
          Self.chart(
            forecast, series, table, target: target, history: history,
            title: names.joined(separator: ": "))
        )
      }
    }
  }

  /// The path of one of the charts.
  func path(_ plot: String, _ name: String) -> String {
    guard charts.count > 1 else { return plot }
    let safe = String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    let slash = plot.lastIndex(of: "/").map { plot.index(after: $0) } ?? plot.startIndex
    guard let dot = plot[slash...].lastIndex(of: "."), dot > slash else {
      return "\(plot)-\(safe)"
    }
    return "\(plot[..<dot])-\(safe)\(plot[dot...])"
  }

  private static func chart(
    _ forecast: Forecast, _ series: TimeSeries, _ table: SeriesTable, target: Int, history: Int,
    title: String
  ) -> LineChart {
    let count = series.rowCount
    let past = max(0, count - history)..<count
    let steps = 0..<forecast.predictionLength
    // Numbers stand where they are, dates a row apart.
    func place(_ row: Int) -> Double {
      table.notation.isDate ? Double(row - count) : table.time(row, of: series)
    }
    let future = steps.map { place(count + $0) }
    let values = series.targets[target]
    // The forecast goes on from the last value that is known.
    let x = [place(count - 1)] + future
    func line(_ values: [Double]) -> [Double] { [series.targets[target][count - 1]] + values }
    var chart = LineChart(
      title: title, xTitle: table.configuration.time,
      left: .init(table.configuration.targets[target]),
      series: [
        .init("history", x: past.map(place), y: past.map { values[$0] }),
        .init(
          "forecast", x: x, y: line(steps.map { forecast.value(step: $0, target: target) })),
      ])
    for (index, interval) in forecast.intervals.reversed().enumerated() {
      let bounds = [(1 - interval) / 2, (1 + interval) / 2].map { level in
        line(steps.compactMap { forecast.quantile(level, step: $0, target: target) })
      }
      chart.bands.append(
        .init(
          "\((100 * interval).fixed(0)) %", x: x, low: bounds[0], high: bounds[1], colorOf: 1,
          opacity: min(0.5, 0.15 + 0.1 * Double(index))))
    }
    if table.notation.isDate {
      chart.marks = marks(past.lowerBound..<count + steps.count, series, table, place)
    }
    return chart
  }

  /// Some dates along the axis, at the beginning of days where there are enough.
  private static func marks(
    _ rows: Range<Int>, _ series: TimeSeries, _ table: SeriesTable, _ place: (Int) -> Double
  ) -> [LineChart.Mark] {
    let texts = rows.map { table.timeText($0, of: series) }
    let days = rows.filter { row in
      row > rows.lowerBound
        && texts[row - rows.lowerBound].prefix(10) != texts[row - rows.lowerBound - 1].prefix(10)
    }
    let shown = days.count >= 3 ? days : Array(rows)
    let mostly = days.count >= 3 ? 8 : 5
    let stride = max(1, (shown.count + mostly - 1) / mostly)
    return Swift.stride(from: 0, to: shown.count, by: stride).map { index in
      let text = texts[shown[index] - rows.lowerBound]
      return LineChart.Mark(place(shown[index]), days.count >= 3 ? String(text.prefix(10)) : text)
    }
  }
}

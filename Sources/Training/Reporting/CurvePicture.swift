import Pictures

/// The course of a training as a picture: losses on the left axis, error rates on the right.
public enum CurvePicture {
  /// The chart of a metrics log: what each epoch brought, over the epochs.
  ///
  /// Losses are drawn on a logarithmic axis, because most of their fall is in the first epochs; error
  /// rates are in percent. A curve that no epoch has a value for is left out.
  public static func chart(_ records: [MetricsRecord], title: String) -> LineChart {
    let epochs = records.filter { $0.kind == .epoch }
    let measures = Measure.allCases.filter { measure in
      epochs.contains { $0.measures[measure] != nil }
    }
    let shares = measures.filter(\.isShare)
    // Figures of other kinds would need a third axis; a curve of shares is drawn with those alone.
    let drawn = shares.isEmpty ? measures : shares
    let curves: [(String, (MetricsRecord) -> Double?, LineChart.Side)] =
      [("training loss", \.loss, .left), ("validation loss", \.validationLoss, .left)]
      + drawn.map { measure in
        let scale = measure.isShare ? 100.0 : 1
        return (measure.label, { $0.measures[measure].map { scale * $0 } }, .right)
      }
    let series = curves.compactMap { name, value, side -> LineChart.Series? in
      let points = epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } }
      guard !points.isEmpty else { return nil }
      return LineChart.Series(name, x: points.map(\.0), y: points.map(\.1), on: side)
    }
    return LineChart(
      title: title, xTitle: "epoch",
      left: .init("loss in nats", logarithmic: true),
      right: .init(shares.isEmpty ? "" : "error rate in %", including: [0]), series: series)
  }

  /// Draws the chart of a metrics log into a PNG file, which is the old or the new one at any time.
  ///
  /// - Returns: Whether there was an epoch to draw.
  /// - Throws: `PictureError` naming the file and the reason.
  @discardableResult
  public static func write(
    _ records: [MetricsRecord], title: String, to path: String
  ) throws(PictureError) -> Bool {
    let chart = chart(records, title: title)
    guard !chart.series.isEmpty else { return false }
    try chart.write(to: path)
    return true
  }
}

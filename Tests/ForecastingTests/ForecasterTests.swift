import Autograd
import Forecasting
import Foundation
import ModelFiles
import Tensors
import Testing

private func table(_ reference: Reference, _ columns: String) throws -> SeriesTable {
  let (target, past) = (try reference.values("target"), try reference.values("past"))
  let known = try reference.values("known")
  let rows = target.indices.map { "\($0),\(target[$0]),\(past[$0]),\(known[$0])\n" }
  return try seriesTable("time,y,p,k\n" + rows.joined(), columns)
}

private let allColumns = "{targets: [y], pastCovariates: [p], knownCovariates: [k]}"
private let direct = """
  data: \(allColumns)
  split: {unit: rows, train: 40, validation: 0, test: 20}
  contextLength: 8
  predictionLength: 3
  normalization: standard
  seasonLength: 4
  model: {kind: direct, hiddenSize: 4, linearSkip: true}
  output: {kind: quantiles, levels: [0.1, 0.5, 0.9]}
  """
private let autoregressive = """
  data: {targets: [y], knownCovariates: [k]}
  split: {unit: rows, train: 40, validation: 0, test: 20}
  contextLength: 8
  predictionLength: 3
  normalization: last
  seasonLength: 4
  model: {kind: autoregressive, hiddenSize: 4, linearSkip: true}
  output: {kind: gaussian}
  """

/// The network of the reference, and all windows of the test part.
private func loaded(
  _ name: String, _ yaml: String
) throws -> (
  forecaster: Forecaster, table: SeriesTable, parts: [SeriesParts], places: [WindowPlace]
) {
  let (reference, configuration) = (try Reference(), try forecasterConfiguration(yaml))
  let columns = name == "direct" ? allColumns : "{targets: [y], knownCovariates: [k]}"
  let table = try table(reference, columns)
  var (forecaster, parts) = try forecaster(table, configuration)
  try reference.load(name + ".weights", into: &forecaster.network)
  let origins = configuration.window.origins(in: parts[0].test)
  #expect(origins.map(Double.init) == (try reference.values("origins")))
  return (forecaster, table, parts, origins.map { WindowPlace(series: 0, origin: $0) })
}

@Suite struct ForecasterTests {
  @Test func directForecastsAreThoseOfTorch() throws {
    let (forecaster, table, _, places) = try loaded("direct", direct)
    let forecasts = forecaster.forecasts(at: places, of: forecaster.prepared(table))
    let found = forecasts.flatMap { forecast in
      (0..<3).flatMap { step in
        [0.1, 0.5, 0.9].map { forecast.quantile($0, step: step) ?? .nan }
      }
    }
    expectClose(found, try Reference().values("direct.quantiles"), 2e-5)
    let batch = ForecastBatch(
      places, of: forecaster.prepared(table), forecaster.configuration.window, withFuture: true)
    expectClose(
      [Double(forecaster.network.loss(batch, on: nil).tensor.item)],
      try Reference().values("direct.loss"), 1e-5)
  }

  @Test func scoresAreThoseOfNumpy() throws {
    let reference = try Reference()
    let (forecaster, table, parts, _) = try loaded("direct", direct)
    let test = try BackTest(
      forecaster, on: table, ranges: parts.map(\.test), training: parts.map(\.train))
    #expect(test.windowCount == 18 && test.seasonLength == 4 && test.methods.count == 3)
    for (method, name) in zip(test.methods, ["direct", "naive", "seasonal"]) {
      let scores = method.overall
      expectClose(
        [
          scores.meanSquaredError, scores.meanAbsoluteError, scores.rootMeanSquaredError,
          scores.meanAbsoluteScaledError ?? .nan, scores.rankedProbabilityScore,
        ], try reference.values(name + ".scores"), 1e-4, name)
      expectClose(
        method.steps.map(\.meanSquaredError), try reference.values(name + ".scores.steps"), 1e-4)
    }
    let interval = try #require(test.methods[0].overall.coverage.first)
    expectClose(
      [interval.coverage, interval.width], try reference.values("direct.scores.interval"), 1e-4)
    let deviation = forecaster.statistics.scaling.targets[0].deviation
    let (original, scaled) = (test.methods[0].targets[0], test.methods[0].overall)
    #expect(abs(original.meanAbsoluteError - deviation * scaled.meanAbsoluteError) < 1e-9)
  }

  @Test func autoregressiveForecastsAreThoseOfTorch() throws {
    let reference = try Reference()
    let (forecaster, table, _, places) = try loaded("autoregressive", autoregressive)
    let batch = ForecastBatch(
      places, of: forecaster.prepared(table), forecaster.configuration.window, withFuture: true)
    // The reference's deviations and targets are in units of the training part, as the windows' are.
    expectClose(
      [Double(forecaster.network.loss(batch, on: nil).tensor.item)],
      try reference.values("autoregressive.loss"), 1e-5)
    var options = Forecaster.Options()
    options.sampleCount = 0
    let forecasts = forecaster.forecasts(at: places, of: forecaster.prepared(table), options)
    let steps = forecasts.flatMap { forecast in (0..<3).map { (forecast, $0) } }
    let means = steps.map { $0.value(step: $1) }
    expectClose(means, try reference.values("autoregressive.means"), 2e-5)
    let oneDeviation = steps.map { $0.quantile(0.841_344_746_068_543, step: $1) ?? .nan }
    expectClose(
      zip(oneDeviation, means).map { $0 - $1 }, try reference.values("autoregressive.deviations"),
      2e-5)
  }

  @Test func pathsScatterAsTheNormalDistributionSays() throws {
    let (forecaster, table, _, places) = try loaded("autoregressive", autoregressive)
    var options = Forecaster.Options()
    options.sampleCount = 4000
    let reference = try Reference()
    let (means, deviations) = (
      try reference.values("autoregressive.means"),
      try reference.values("autoregressive.deviations")
    )
    let first = forecaster.forecasts(
      at: Array(places.prefix(2)), of: forecaster.prepared(table), options)
    for (window, forecast) in first.enumerated() {
      // The first step depends on no draw before it: five standard errors of the mean.
      let (mean, deviation) = (means[3 * window], deviations[3 * window])
      #expect(abs(forecast.value(step: 0) - mean) < 5 * deviation / 4000.0.squareRoot())
      let width = (forecast.quantile(0.95, step: 0) ?? 0) - (forecast.quantile(0.05, step: 0) ?? 0)
      #expect(abs(width / deviation - 2 * 1.644_854) < 0.2)
    }
  }

  @Test func whatIsDrawnDependsOnTheWindowAlone() throws {
    let (forecaster, table, _, places) = try loaded("autoregressive", autoregressive)
    let series = forecaster.prepared(table)
    var options = Forecaster.Options()
    options.sampleCount = 20
    let all = forecaster.forecasts(at: places, of: series, options)
    options.batchSize = 3
    #expect(forecaster.forecasts(at: places, of: series, options) == all)
    #expect(forecaster.forecasts(at: [places[7]], of: series, options) == [all[7]])
    options.seed = 2
    #expect(forecaster.forecasts(at: [places[7]], of: series, options) != [all[7]])
  }

  @Test func modelFilesHoldAllThatIsNeeded() throws {
    let (forecaster, table, _, places) = try loaded("direct", direct)
    let path = NSTemporaryDirectory() + "forecaster-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try forecaster.modelFile().write(to: path)
    let read = try Forecaster(ModelFile(reading: path))
    #expect(read.configuration == forecaster.configuration)
    #expect(read.statistics == forecaster.statistics)
    #expect(
      read.forecasts(at: places, of: read.prepared(table))
        == forecaster.forecasts(at: places, of: forecaster.prepared(table)))
    #expect(throws: CheckpointError.self) { try Forecaster(ModelFile(kind: "classifier")) }
    var other = try forecaster.modelFile()
    other[.statistics] = other[.statistics]?.replacing(
      "\"pastCovariates\":[{", with: "\"pastCovariates\":[{\"deviation\":1,\"mean\":0},{")
    #expect(throws: CheckpointError.self) { try Forecaster(other) }
  }

  @Test func whatFollowsIsForecastInUnitsOfTheFile() throws {
    let (forecaster, full, _, _) = try loaded("autoregressive", autoregressive)
    let values = try #require(full.series.first)
    func text(_ rows: Int, future: Int) -> String {
      "time,y,k\n"
        + (0..<rows + future).map { row in
          "\(row),\(row < rows ? "\(values.targets[0][row])" : ""),\(values.knownCovariates[0][row])\n"
        }.joined()
    }
    func table(_ rows: Int, future: Int) throws -> SeriesTable {
      try seriesTable(text(rows, future: future), "{targets: [y], knownCovariates: [k]}")
    }
    let forecast = try #require(forecaster.forecasts(following: table(40, future: 3)).first)
    let inside = forecaster.forecasts(
      at: [WindowPlace(series: 0, origin: 40)], of: forecaster.prepared(full))[0]
    expectClose(
      (0..<3).map { forecast.value(step: $0) },
      (0..<3).map {
        forecaster.statistics.scaling.targets[0].unscaled(inside.value(step: $0))
      }, 1e-9)
    #expect(
      throws: SeriesError.tooShort(
        file: "x.csv", series: "", found: 7, expected: 8,
        purpose: "for the context that the model sees")
    ) { try forecaster.forecasts(following: table(7, future: 3)) }
    #expect(
      throws: SeriesError.missingFuture(
        file: "x.csv", series: "", columns: ["k"], found: 2, expected: 3)
    ) { try forecaster.forecasts(following: table(20, future: 2)) }
    let sparse = try seriesTable(
      text(20, future: 3), "{targets: [y], knownCovariates: [k], frequency: 0.5, gaps: linear}")
    #expect(
      throws: SeriesError.otherFrequency(file: "x.csv", found: "0.5", expected: "1")
    ) { try forecaster.forecasts(following: sparse) }
  }

  @Test func backTestsNeedAWindow() throws {
    let (forecaster, table, _, _) = try loaded("direct", direct)
    #expect(throws: SeriesError.self) {
      try BackTest(forecaster, on: table, ranges: [58..<60], training: [0..<40])
    }
  }
}

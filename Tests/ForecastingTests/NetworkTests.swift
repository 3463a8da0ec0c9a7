import Autograd
import Forecasting
import Layers
import Tensors
import TestSupport
import Testing

private let everything = "{targets: [y, z], pastCovariates: [p], knownCovariates: [k], group: g}"
private let withoutPast = "{targets: [y, z], knownCovariates: [k], group: g}"

/// Two series with two targets and covariates of both kinds.
private func table(_ data: String, names: [String] = ["a", "b"]) throws -> SeriesTable {
  var random = RandomSource(seed: 4)
  var text = "time,g,y,z,p,k\n"
  for series in names {
    for row in 0..<30 {
      let values = (0..<4).map { _ in "\(random.uniform(in: -2...2))" }.joined(separator: ",")
      text += "\(row),\(series),\(values)\n"
    }
  }
  return try seriesTable(text, data)
}

private func configuration(
  _ kind: String, _ output: String, normalization: String = "standard", data: String = everything
) throws -> ForecasterConfiguration {
  try forecasterConfiguration(
    """
    data: \(data)
    contextLength: 6
    predictionLength: 3
    normalization: \(normalization)
    model: {\(kind), hiddenSize: 4, linearSkip: true, groupEmbeddingSize: 2}
    output: {\(output)}
    """)
}

@Suite struct NetworkTests {
  @Test(
    arguments: [
      ("kind: direct, cell: lstm, layerCount: 2, dropout: 0.2", "kind: point", everything),
      ("kind: direct, cell: gru", "kind: point, loss: huber", everything),
      ("kind: direct, cell: rnn", "kind: gaussian", everything),
      ("kind: autoregressive, cell: lstm", "kind: gaussian", withoutPast),
      ("kind: autoregressive, cell: gru, layerCount: 2", "kind: point", withoutPast),
      (
        "kind: attention, feedback: true, cell: gru, attention: {size: 5}", "kind: gaussian",
        everything
      ),
      (
        "kind: attention, feedback: false, cell: lstm, attention: {kind: general}", "kind: point",
        everything
      ),
    ], ["none", "last", "standard"])
  func gradientsAreDifferences(
    _ kinds: (model: String, output: String, data: String), normalization: String
  ) throws {
    let table = try table(kinds.data)
    let configuration = try configuration(
      kinds.model, kinds.output, normalization: normalization, data: kinds.data)
    var (forecaster, _) = try forecaster(table, configuration)
    forecaster.network.redraw()
    let places = [(0, 7), (1, 12), (1, 6)].map { WindowPlace(series: $0.0, origin: $0.1) }
    let batch = ForecastBatch(
      places, of: forecaster.prepared(table), configuration.window, withFuture: true)
    expectGradients(of: forecaster.network, inputs: [], samples: 12) { network, _, tape in
      network.loss(batch, on: tape)
    }
  }

  @Test func quantileGradientsAreThoseOfTheirLoss() throws {
    // The loss is piecewise linear: the step is small enough not to cross a kink.
    let table = try table(everything)
    let configuration = try configuration("kind: direct", "kind: quantiles, levels: [0.2, 0.7]")
    var (forecaster, _) = try forecaster(table, configuration)
    forecaster.network.redraw()
    let batch = ForecastBatch(
      [WindowPlace(series: 0, origin: 8)], of: forecaster.prepared(table), configuration.window,
      withFuture: true)
    expectGradients(
      of: forecaster.network, inputs: [], step: 2e-3, tolerance: 3e-2, samples: 12
    ) { network, _, tape in network.loss(batch, on: tape) }
  }

  @Test func seriesThatTrainingHasNotSeenHaveNoVector() throws {
    let seenTable = try table(everything)
    let configuration = try configuration("kind: direct", "kind: point")
    var (forecaster, _) = try forecaster(seenTable, configuration)
    forecaster.network.redraw()
    let places = [WindowPlace(series: 0, origin: 10), WindowPlace(series: 1, origin: 10)]
    let seen = forecaster.forecasts(at: places, of: forecaster.prepared(seenTable))
    let unseen = forecaster.forecasts(
      at: places, of: forecaster.prepared(try table(everything, names: ["a", "new"])))
    #expect(seen[0] == unseen[0] && seen[1] != unseen[1])
  }

  @Test func aDecoderThatIsFedGoesOnAsItWasTaught() throws {
    // With the mean fed back, the first step is that of teacher forcing; the others follow from it.
    let table = try table(withoutPast)
    let series = { (forecaster: Forecaster) in forecaster.prepared(table) }
    for feedback in [false, true] {
      let configuration = try configuration(
        "kind: attention, feedback: \(feedback), attention: {size: 5}", "kind: point",
        data: withoutPast)
      var (forecaster, _) = try forecaster(table, configuration)
      forecaster.network.redraw()
      let places = (6..<20).map { WindowPlace(series: 1, origin: $0) }
      let alone = places.map { forecaster.forecasts(at: [$0], of: series(forecaster))[0] }
      let together = forecaster.forecasts(at: places, of: series(forecaster))
      #expect(alone == together)
      let batch = ForecastBatch(
        places, of: series(forecaster), configuration.window, withFuture: true)
      let errors = zip(places, together).flatMap { place, forecast in
        (0..<3).flatMap { step in
          (0..<2).map { target in
            let column = forecaster.statistics.scaling.targets[target]
            let truth = table.series[1].targets[target][place.origin + step]
            return forecast.value(step: step, target: target) - column.scaled(truth)
          }
        }
      }
      let free = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
      let taught = Double(forecaster.network.loss(batch, on: nil).tensor.item)
      if feedback { #expect(abs(free - taught) > 1e-3) } else { #expect(abs(free - taught) < 1e-4) }
    }
  }

  @Test(arguments: [
    ("{kind: autoregressive}", "{kind: quantiles}", "{targets: [y]}"),
    ("{kind: autoregressive}", "{kind: point}", "{targets: [y], pastCovariates: [p]}"),
    ("{kind: attention, feedback: true}", "{kind: quantiles}", "{targets: [y]}"),
    ("{kind: attention, cell: rnn}", "{}", "{targets: [y]}"),
    ("{hiddenSize: 0}", "{}", "{targets: [y]}"), ("{dropout: 1}", "{}", "{targets: [y]}"),
    ("{}", "{levels: [0.5, 0.1]}", "{targets: [y]}"), ("{}", "{levels: [1]}", "{targets: [y]}"),
    ("{kind: oracle}", "{}", "{targets: [y]}"),
  ])
  func whatDoesNotGoTogetherIsRefused(_ parts: (model: String, output: String, data: String)) {
    #expect(throws: (any Error).self) {
      try forecasterConfiguration(
        "{data: \(parts.data), model: \(parts.model), output: \(parts.output)}")
    }
  }
}

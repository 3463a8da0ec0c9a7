import Forecasting
import Testing

@Suite struct ForecastTests {
  private func forecast(_ form: Forecast.Form, _ numbers: [Double]) -> Forecast {
    Forecast(form, predictionLength: 1, targetCount: 1) { _, _, place in numbers[place] }
  }

  @Test func scoresOfNormalDistributionsAreTheirIntegrals() throws {
    let reference = try Reference()
    let cases = try reference.values("normal.cases")
    let found = stride(from: 0, to: cases.count, by: 3).map { index in
      forecast(.gaussian, [cases[index], cases[index + 1]])
        .rankedProbabilityScore(cases[index + 2], step: 0)
    }
    expectClose(found, try reference.values("normal.scores"), 1e-9)
  }

  @Test func drawsAreScoredByTheirDistances() throws {
    let reference = try Reference()
    let samples = try reference.values("samples")
    let forecast = forecast(.samples(samples.count), samples)
    expectClose(
      [-1.0, 1, 4].map { forecast.rankedProbabilityScore($0, step: 0) },
      try reference.values("samples.scores"), 1e-12)
    expectClose(
      [0.05, 0.25, 0.5, 0.9].compactMap { forecast.quantile($0, step: 0) },
      try reference.values("samples.quantiles"), 1e-12)
    #expect(abs(forecast.value(step: 0) - samples.reduce(0, +) / Double(samples.count)) < 1e-12)
  }

  /// Levels and z of a table of the normal distribution.
  private static let levels: [(Double, Double)] = [
    (0.5, 0), (0.841_344_746_068_543, 1), (0.025, -1.959_963_984_540_054),
    (0.999, 3.090_232_306_167_813), (1e-12, -7.034_483_825_301_131),
    (0.500_000_1, 2.506_628_274_631_0e-7),
  ]

  @Test(arguments: levels)
  func quantilesOfTheNormalDistribution(level: Double, z: Double) throws {
    let found = try #require(forecast(.gaussian, [3, 2]).quantile(level, step: 0))
    #expect(abs(found - (3 + 2 * z)) < 1e-9)
  }

  @Test func quantilesThatCrossAreSorted() throws {
    let forecast = forecast(.quantiles([0.1, 0.5, 0.9]), [3, 1, 2])
    #expect(forecast.quantile(0.1, step: 0) == 1 && forecast.quantile(0.9, step: 0) == 3)
    #expect(forecast.value(step: 0) == 2)
    #expect(abs(try #require(forecast.quantile(0.3, step: 0)) - 1.5) < 1e-12)
    #expect(forecast.quantile(0.05, step: 0) == nil && forecast.quantile(0.95, step: 0) == nil)
    #expect(forecast.intervals == [0.8])
    // Worked by hand: twice the mean of 0.1 · 0.5, 0.5 · 0.5 and 0.1 · 1.5.
    #expect(
      abs(forecast.rankedProbabilityScore(1.5, step: 0) - 2 * (0.05 + 0.25 + 0.15) / 3) < 1e-12)
  }

  @Test func scoresWorkedByHand() {
    var scores = ForecastScores()
    for (value, truth) in [(1.0, 2.0), (5, 2)] {
      scores.add(
        forecast(.point, [value]), truth: truth, step: 0, target: 0, seasonalError: 0.5)
    }
    #expect(scores.meanAbsoluteError == 2 && scores.meanSquaredError == 5)
    #expect(scores.rootMeanSquaredError == 5.0.squareRoot())
    #expect(scores.meanAbsoluteScaledError == 4 && scores.rankedProbabilityScore == 2)
    #expect(scores.coverage.isEmpty)
    var constant = ForecastScores()
    constant.add(forecast(.point, [1]), truth: 2, step: 0, target: 0, seasonalError: 0)
    #expect(constant.meanAbsoluteScaledError == nil)
  }

  @Test func intervalsCountWhatTheyHold() {
    var scores = ForecastScores()
    for truth in [0.0, 1, 2, 5] {
      scores.add(
        forecast(.quantiles([0.25, 0.5, 0.75]), [0, 1, 2]), truth: truth, step: 0, target: 0,
        seasonalError: nil)
    }
    let interval = scores.coverage.first
    #expect(interval?.nominal == 0.5 && interval?.coverage == 0.75 && interval?.width == 2)
  }

  @Test func unitsOfTheFileAreRestored() {
    var column = SeriesScaling.Column()
    (column.mean, column.deviation) = (10, 2)
    let forecast = forecast(.gaussian, [1, 0.5]).unscaled(by: [column])
    #expect(forecast.value(step: 0) == 12)
    #expect(abs((forecast.quantile(0.841_344_746_068_543, step: 0) ?? 0) - 13) < 1e-9)
  }
}

import Forecasting
import Tensors
import TestSupport
import Testing

@Suite struct WindowTests {
  private func batch(_ normalization: String, future: Bool = true) throws -> ForecastBatch {
    let table = try seriesTable(
      "time,y,p,k\n" + (0..<10).map { "\($0),\($0 * $0),\($0),\(-$0)\n" }.joined()
        + "10,,,-10\n11,,,-11\n",
      "{targets: [y], pastCovariates: [p], knownCovariates: [k]}")
    let configuration = try forecasterConfiguration(
      """
      data: {targets: [y], pastCovariates: [p], knownCovariates: [k]}
      contextLength: 3
      predictionLength: 2
      normalization: \(normalization)
      """)
    var scaling = SeriesScaling(table.series, over: [0..<10])
    scaling.targets = [.init()]
    scaling.pastCovariates = [.init()]
    scaling.knownCovariates = [.init()]
    let series = table.series.map {
      PreparedSeries($0, of: table, scaling: scaling, horizon: 2, group: 0)
    }
    let places = (future ? [4, 8] : [10]).map { WindowPlace(series: 0, origin: $0) }
    return ForecastBatch(places, of: series, configuration.window, withFuture: future)
  }

  @Test func windowsLieWhereTheirOriginSays() throws {
    let batch = try batch("none")
    #expect(batch.past == Tensor([1, 25, 4, 36, 9, 49], shape: [3, 2, 1]))
    #expect(batch.pastCovariates == Tensor([1, 5, 2, 6, 3, 7], shape: [3, 2, 1]))
    #expect(batch.known == Tensor([-1, -5, -2, -6, -3, -7, -4, -8, -5, -9], shape: [5, 2, 1]))
    #expect(batch.future == Tensor([16, 64, 25, 81], shape: [2, 2, 1]))
    #expect(batch.target == batch.future)
  }

  @Test func theFutureNeedsNoTargets() throws {
    let batch = try batch("none", future: false)
    #expect(batch.future == nil && batch.target == nil)
    #expect(batch.past == Tensor([49, 64, 81], shape: [3, 1, 1]))
    #expect(batch.known == Tensor([-7, -8, -9, -10, -11], shape: [5, 1, 1]))
  }

  private static let kinds: [(String, [Double], [Double])] = [
    ("mean", [14.0 / 3, 110.0 / 3], [1.0, 1]), ("last", [9, 49], [1, 1]),
    ("standard", [14.0 / 3, 110.0 / 3], [10.888_893, 96.222_23]),
  ]

  @Test(arguments: kinds)
  func normalisationIsPutBack(kind: String, offsets: [Double], variances: [Double]) throws {
    let (batch, plain) = (try batch(kind), try batch("none"))
    expectClose(batch.offset.scalars.map { Double($0) }, offsets, 1e-5)
    expectClose(batch.scale.scalars.map { Double($0 * $0) }, variances, 1e-4)
    expectClose(
      try #require(batch.target), try #require(plain.future), absolute: 1e-5, relative: 1e-6)
    let mean = batch.past.scalars.enumerated().reduce(0) { $0 + ($1.0 % 2 == 0 ? $1.1 : 0) } / 3
    if kind != "last" { #expect(abs(mean) < 1e-5) }
  }

  @Test func originsStayInsideTheirPart() {
    let window = WindowShape(contextLength: 3, predictionLength: 2)
    #expect(window.innerOrigins(in: 0..<8) == [3, 4, 5, 6])
    #expect(window.origins(in: 8..<12) == [8, 9, 10])
    #expect(window.origins(in: 0..<8, stride: 2) == [3, 5])
    #expect(window.origins(in: 8..<9).isEmpty && window.innerOrigins(in: 8..<12).isEmpty)
  }

  @Test func scalingIsThatOfTheTrainingPart() throws {
    let table = try seriesTable("time,y,c\n0,1,7\n1,3,7\n2,100,7\n3,5,8\n", "targets: [y, c]")
    let scaling = SeriesScaling(table.series, over: [0..<2])
    #expect(scaling.targets[0].mean == 2 && scaling.targets[0].deviation == 1)
    #expect(scaling.targets[1].mean == 7 && scaling.targets[1].deviation == 1)
    #expect(scaling.targets[0].unscaled(scaling.targets[0].scaled(100)) == 100)
  }
}

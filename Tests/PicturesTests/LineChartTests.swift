import Foundation
import Pictures
import Testing

private let epochs: [Double] = [0, 2, 4, 6, 8, 10]

private func chart(_ series: [LineChart.Series], logarithmic: Bool = false) -> LineChart {
  LineChart(
    title: "Training", xTitle: "epoch", left: .init("loss", logarithmic: logarithmic),
    right: .init("WER in %"), series: series)
}

/// The middle of the rows where the curve's colour stands at a fraction of the plot's width.
private func center(
  _ pixels: Pixels, _ plot: Rectangle, at fraction: Double, series: Int = 0
) -> Double? {
  let x = (plot.x + fraction * plot.width).rounded(.down)
  let rows = pixels.rows(of: Color.series[series], atX: x, in: plot)
  guard let first = rows.first, let last = rows.last else { return nil }
  return Double(first + last) / 2 + 0.5
}

@Suite struct LineChartTests {
  @Test func pictureHasTheAskedSize() throws {
    var picture = chart([.init("loss", x: epochs, y: epochs)])
    (picture.width, picture.height) = (640, 400)
    let (pixels, plots) = try written(picture)
    #expect(pixels.width == 640 && pixels.height == 400)
    let plot = try #require(plots["curves"])
    #expect(plot.x > 0 && plot.y > 0 && plot.maxX < 640 && plot.maxY < 400)
  }

  @Test func linearCurveStandsWhereItsNumbersSay() throws {
    let (pixels, plots) = try written(chart([.init("loss", x: epochs, y: epochs)]))
    let plot = try #require(plots["curves"])
    for fraction in [0.15, 0.33, 0.5, 0.71, 0.9] {
      let row = try #require(center(pixels, plot, at: fraction))
      #expect(abs(row - (plot.maxY - fraction * plot.height)) < 2, "at \(fraction)")
    }
  }

  @Test func logarithmicAxisMakesDecadesEqual() throws {
    let values: [Double] = [1, 10, 100, 1000, 10_000, 100_000]
    let (pixels, plots) = try written(
      chart([.init("loss", x: epochs, y: values)], logarithmic: true))
    let plot = try #require(plots["curves"])
    for fraction in [0.13, 0.5, 0.77] {
      let row = try #require(center(pixels, plot, at: fraction))
      #expect(abs(row - (plot.maxY - fraction * plot.height)) < 2, "at \(fraction)")
    }
  }

  @Test func rightAxisHasItsOwnScale() throws {
    // Both run from 0 to the top of their axis, so the second covers the first's diagonal reversed.
    let (pixels, plots) = try written(
      chart([
        .init("loss", x: epochs, y: epochs),
        .init("WER", x: epochs, y: epochs.map { 100 - 10 * $0 }, on: .right),
      ]))
    let plot = try #require(plots["curves"])
    let rows = (0..<12).compactMap { step -> Double? in
      let fraction = 0.2 + 0.002 * Double(step)
      guard let row = center(pixels, plot, at: fraction, series: 1) else { return nil }
      #expect(abs(row - (plot.y + fraction * plot.height)) < 2.5)
      return row
    }
    #expect(rows.count >= 6, "the dashes of the curve are there")
  }

  @Test func valuesWithoutAPlaceInterruptTheCurve() throws {
    for bad in [Double.nan, .infinity, -.infinity] {
      let (pixels, plots) = try written(
        chart([.init("loss", x: epochs, y: [5, 5, 5, bad, 5, 6])]))
      let plot = try #require(plots["curves"])
      #expect(center(pixels, plot, at: 0.3) != nil)
      #expect(center(pixels, plot, at: 0.5) == nil)
      #expect(center(pixels, plot, at: 0.9) != nil)
    }
    let (pixels, plots) = try written(
      chart([.init("loss", x: epochs, y: [1, 1, 1, 0, 1, 10])], logarithmic: true))
    #expect(center(pixels, try #require(plots["curves"]), at: 0.5) == nil)
  }

  @Test func longCurvesKeepTheirPeaks() throws {
    let count = 300_000
    var values = [Double](repeating: 1, count: count)
    values[0] = 0
    values[count / 2] = 10
    let (pixels, plots) = try written(
      chart([.init("loss", x: (0..<count).map(Double.init), y: values)]))
    let plot = try #require(plots["curves"])
    let columns = (-3...3).map { Double($0) + plot.x + 0.5 * plot.width }
    let top = columns.flatMap {
      pixels.rows(of: Color.series[0], atX: $0, in: plot, tolerance: 90)
    }.min()
    #expect(abs(Double(try #require(top)) - plot.y) < 4)
  }

  @Test func chartsOfLittleOrNothingAreDrawn() throws {
    for series in [
      [], [LineChart.Series("none", x: [], y: [])], [.init("one", x: [3], y: [7])],
      [.init("flat", x: epochs, y: [2, 2, 2, 2, 2, 2])],
      [.init("lost", x: [.nan], y: [.nan])],
    ] {
      for logarithmic in [false, true] {
        #expect(try chart(series, logarithmic: logarithmic).draw().png().count > 1000)
      }
    }
  }

  @Test func legendsOfManyNamesDoNotOverflow() throws {
    let names = (0..<12).map {
      LineChart.Series("a rather long name \($0)", x: [0, 1], y: [0, 1])
    }
    let few = try #require(try chart(Array(names.prefix(1))).draw().plots["curves"])
    let many = try #require(try chart(names).draw().plots["curves"])
    #expect(many.y > few.y + 20)
  }

  @Test func bandsLieBetweenTheirBoundsAndBehindTheCurves() throws {
    var banded = chart([.init("loss", x: epochs, y: epochs.map { _ in 5 })])
    banded.bands = [
      .init("likely", x: epochs, low: [2, 2, 2, 2, 2, 2], high: [8, 8, 8, 8, 10, 10], colorOf: 1)
    ]
    banded.left.including = [0]
    let (pixels, plots) = try written(banded)
    let plot = try #require(plots["curves"])
    func isCovered(_ value: Double, at fraction: Double) -> Bool {
      let pixel = pixels[plot.x + fraction * plot.width, plot.maxY - value / 10 * plot.height]
      return pixel >> 16 & 255 > (pixel & 255) + 10
    }
    #expect(isCovered(3, at: 0.33) && isCovered(7.5, at: 0.33) && isCovered(9.5, at: 0.9))
    #expect(!isCovered(1, at: 0.33) && !isCovered(9, at: 0.33))
    #expect(center(pixels, plot, at: 0.33) != nil, "the curve is seen over the band")
  }

  @Test func marksTakeThePlaceOfNumbers() throws {
    let plain = chart([.init("loss", x: epochs, y: epochs)])
    var marked = plain
    marked.marks = [.init(2, "Tuesday"), .init(8, "Friday"), .init(100, "never")]
    let (numbers, plots) = try written(plain)
    let (words, _) = try written(marked)
    let plot = try #require(plots["curves"])
    // A line of the grid stands at 2 and 8 of both, and at 4 of the numbers only.
    func hasLine(_ pixels: Pixels, at fraction: Double) -> Bool {
      let x = (plot.x + fraction * plot.width).rounded(.down)
      return [-1.0, 0, 1].contains { offset in
        pixels[x + offset, plot.y + 0.13 * plot.height] >> 16 & 255 < 245
      }
    }
    #expect(hasLine(words, at: 0.2) && hasLine(words, at: 0.8) && !hasLine(words, at: 0.4))
    #expect(hasLine(numbers, at: 0.4))
  }
}

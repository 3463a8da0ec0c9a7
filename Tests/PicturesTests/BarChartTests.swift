import Foundation
import Pictures
import Testing

private func chart(_ bars: [BarChart.Bar], reference: Double? = nil) -> BarChart {
  BarChart(
    title: "Training step", axisTitle: "ms", groups: [.init("a network", bars)],
    reference: reference)
}

/// The columns, inside a box, where a row has the colour.
private func columns(
  _ pixels: Pixels, _ plot: Rectangle, ofRow row: Double, color: Int
) -> ClosedRange<Int>? {
  let found = (Int(plot.x)..<Int(plot.maxX)).filter {
    near(pixels[Double($0), row], Color.series[color])
  }
  guard let first = found.first, let last = found.last else { return nil }
  return first...last
}

/// The rows in which the colour stands beside the left edge of the plot, as runs of rows.
private func bands(_ pixels: Pixels, _ plot: Rectangle, color: Int) -> [[Int]] {
  let rows = pixels.rows(of: Color.series[color], atX: plot.x + 3, in: plot)
  return rows.reduce(into: []) { runs, row in
    if let last = runs.last?.last, last + 1 == row {
      runs[runs.count - 1].append(row)
    } else {
      runs.append([row])
    }
  }
}

@Suite struct BarChartTests {
  @Test func lengthsAreAsTheirNumbers() throws {
    // 10 is a round number, so it is the end of the axis.
    let values = [10.0, 5, 2.5, 1]
    let (pixels, plots) = try written(
      chart(values.enumerated().map { .init("b\($0)", $1, color: $0) }))
    let plot = try #require(plots["bars"])
    for (index, value) in values.enumerated() {
      let band = try #require(bands(pixels, plot, color: index).first)
      let middle = Double(band[band.count / 2])
      let range = try #require(columns(pixels, plot, ofRow: middle, color: index))
      #expect(abs(Double(range.lowerBound) - plot.x) <= 1)
      #expect(abs(Double(range.upperBound) - (plot.x + plot.width * value / 10)) <= 2, "\(value)")
    }
  }

  @Test func barsStandInOrderAndDoNotTouch() throws {
    let (pixels, plots) = try written(chart([.init("a", 3), .init("b", 4), .init("c", 5)]))
    let plot = try #require(plots["bars"])
    let bands = bands(pixels, plot, color: 0)
    #expect(bands.count == 3)
    let lengths = bands.compactMap {
      columns(pixels, plot, ofRow: Double($0[$0.count / 2]), color: 0)?.count
    }
    #expect(lengths == lengths.sorted() && Set(lengths).count == 3)
    #expect(Set(bands.map(\.count)).count == 1, "all are equally thick")
  }

  @Test func whiskersCoverTheSpread() throws {
    let (pixels, plots) = try written(chart([.init("a", 5, spread: 4...8), .init("b", 10)]))
    let plot = try #require(plots["bars"])
    let band = try #require(bands(pixels, plot, color: 0).first)
    let row = Double(band[band.count / 2])
    let dark = Color(0x22272E)
    let end = plot.x + 0.8 * plot.width
    let isDark = { (x: Double) in
      [row - 1, row, row + 1].contains { near(pixels[x, $0], dark, 60) }
    }
    #expect(isDark(plot.x + 0.7 * plot.width))
    #expect(isDark(end - 2))
    #expect(!isDark(end + 4))
    #expect(!isDark(plot.x + 0.3 * plot.width))
  }

  @Test func referenceCrossesEveryGroup() throws {
    var picture = chart([.init("a", 10)], reference: 2)
    picture.groups.append(.init("another", [.init("b", 1)]))
    let (pixels, plots) = try written(picture)
    let plot = try #require(plots["bars"])
    let x = (plot.x + 0.2 * plot.width).rounded()
    let marked = (Int(plot.y)..<Int(plot.maxY)).filter { row in
      [x - 1, x, x + 1].contains { near(pixels[$0, Double(row)], Color(0x22272E), 140) }
    }
    #expect(Double(marked.count) > 0.4 * plot.height, "a dashed line is more than half there")
    #expect(try #require(marked.first) < Int(plot.y) + 8)
    #expect(try #require(marked.last) > Int(plot.maxY) - 8)
  }

  @Test func valuesWithoutALengthHaveNoBar() throws {
    for bad in [Double.nan, .infinity, -3, 0] {
      let (pixels, plots) = try written(chart([.init("a", bad), .init("b", 10, color: 1)]))
      let plot = try #require(plots["bars"])
      #expect(bands(pixels, plot, color: 0).isEmpty, "\(bad)")
      #expect(bands(pixels, plot, color: 1).count == 1)
    }
  }

  @Test func heightGrowsWithTheBarsAndEmptyChartsAreDrawn() throws {
    let few = try chart([.init("a", 1)]).draw().height
    let many = try chart((0..<9).map { .init("b\($0)", 1) }).draw().height
    #expect(many > few + 8 * 15)
    #expect(try chart([]).draw().png().count > 500)
    #expect(
      try BarChart(title: "", axisTitle: "", groups: []).draw().png().count > 200)
  }

  @Test func longTextsLeaveRoomForTheBars() throws {
    let text = String(repeating: "a rather long name ", count: 20)
    let plot = try #require(
      try chart([.init(text, 1, note: text)]).draw().plots["bars"])
    #expect(plot.width >= 0.25 * 860)
  }

  @Test func vectorsAreWrittenWhereTheNameAsksForThem() throws {
    let folder = try Folder()
    let picture = chart([.init("a", 3, note: "3 ms"), .init("b", 4)])
    try picture.write(to: folder.path + "/chart.svg")
    let text = try String(contentsOfFile: folder.path + "/chart.svg", encoding: .utf8)
    let size = (picture.width, try picture.draw().height)
    #expect(text.contains("viewBox=\"0 0 \(size.0) \(size.1)\""))
    #expect(text.hasSuffix("</svg>\n"))
    #expect(!text.contains("<image"), "shapes, not pixels")
  }

  @Test func picturesOfPixelsRefuseToBeVectors() throws {
    let folder = try Folder()
    let picture = SpectrogramPicture(
      title: "",
      matrix: Matrix(values: [Float](repeating: 0, count: 12), frameCount: 4, binCount: 3),
      frameDuration: 0.01, bins: .numbered("bin"))
    let path = folder.path + "/a.svg"
    #expect(
      throws: PictureError.unwritable(
        file: path, reason: "it is made of pixels; give it a name that ends in .png")
    ) { try picture.write(to: path) }
    #expect(try folder.contents() == [])
  }
}

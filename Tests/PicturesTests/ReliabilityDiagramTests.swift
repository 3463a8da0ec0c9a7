import Foundation
import Pictures
import Testing

private let bins = [
  ReliabilityDiagram.Bin(lower: 0, upper: 0.25, count: 10, confidence: 0.2, accuracy: 0.1),
  ReliabilityDiagram.Bin(lower: 0.25, upper: 0.5, count: 0, confidence: 0, accuracy: 0),
  ReliabilityDiagram.Bin(lower: 0.5, upper: 0.75, count: 20, confidence: 0.6, accuracy: 0.6),
  ReliabilityDiagram.Bin(lower: 0.75, upper: 1, count: 40, confidence: 0.9, accuracy: 0.8),
]

@Suite struct ReliabilityDiagramTests {
  @Test func barsAreAsHighAsTheShares() throws {
    let (pixels, plots) = try written(
      ReliabilityDiagram(title: "t", panels: [.init(title: "raw", bins: bins)]))
    let plot = try #require(plots["accuracy 0"])
    for bin in bins {
      // Beside the middle, where the dot and the diagonal may be.
      let x = plot.x + (bin.upper - 0.02) * plot.width
      let rows = pixels.rows(of: Color.series[0], atX: x, in: plot)
      guard bin.count > 0 else {
        #expect(rows.isEmpty)
        continue
      }
      let bottom = try #require(rows.last)
      #expect(abs(Double(bottom) - plot.maxY) <= 3)
      // What is missing from the bar up to the diagonal has another colour; beyond it none is.
      let top = plot.maxY - bin.accuracy * plot.height
      #expect(abs(Double(try #require(rows.first)) - top) <= 3, "\(bin)")
    }
  }

  @Test func countsStandBelow() throws {
    let (pixels, plots) = try written(
      ReliabilityDiagram(title: "t", panels: [.init(title: "raw", bins: bins)]))
    let plot = try #require(plots["count 0"])
    let heights = bins.map { bin in
      pixels.rows(
        of: Color.series[5], atX: plot.x + (bin.lower + 0.1) * plot.width, in: plot
      ).count
    }
    #expect(heights[1] == 0)
    #expect(abs(heights[2] - 2 * heights[0]) <= 3 && abs(heights[3] - 4 * heights[0]) <= 6)
    #expect(heights[0] > 5)
  }

  @Test func panelsStandSideBySide() throws {
    let two = ReliabilityDiagram(
      title: "t", panels: [.init(title: "before", bins: bins), .init(title: "after", bins: [])])
    let (pixels, plots) = try written(two)
    let (left, right) = (try #require(plots["accuracy 0"]), try #require(plots["accuracy 1"]))
    #expect(left.maxX < right.x && left.y == right.y && Int(right.maxX) < pixels.width)
    let svg = try #require(try two.svg())
    #expect(String(decoding: svg.prefix(200), as: UTF8.self).contains("<svg"))
    let none = ReliabilityDiagram(title: "nothing", panels: [])
    #expect(try !none.draw().png().isEmpty)
  }
}

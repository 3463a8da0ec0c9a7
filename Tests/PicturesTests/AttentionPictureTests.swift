import Foundation
import Pictures
import Testing

@Suite struct AttentionPictureTests {
  @Test func everyWeightHasItsColourAndPlace() throws {
    let weights: [[Float]] = [[0.5, 0.25, 0.25], [0, 1, 0]]
    let (pixels, plots) = try written(
      AttentionPicture(
        title: "attention", weights: weights, outputs: ["das", "Haus"],
        positions: .labels(["the", "old", "house"])))
    let heat = try #require(plots["heat"])
    for (row, line) in weights.enumerated() {
      for (column, weight) in line.enumerated() {
        let x = heat.x + (Double(column) + 0.5) / 3 * heat.width
        let y = heat.y + (Double(row) + 0.5) / 2 * heat.height
        #expect(near(pixels[x, y], ColorMap.ember[weight]), "row \(row), column \(column)")
      }
    }
    // Each output stands beside its row, each label over its column.
    func inked(_ columns: Range<Int>, _ rows: Range<Int>) -> Bool {
      rows.contains { y in columns.contains { pixels[Double($0), Double(y)] & 0xFF < 0x80 } }
    }
    let (left, top) = (Int(heat.x), Int(heat.y))
    #expect(inked(left - 30..<left - 8, top..<top + Int(heat.height) / 2))
    #expect(inked(left..<left + Int(heat.width) / 3, top - 30..<top - 8))
    #expect(!inked(0..<20, top..<top + Int(heat.height)))
  }

  @Test func theGreatestWeightIsTheBrightest() throws {
    let (pixels, plots) = try written(
      AttentionPicture(
        title: "", weights: [[0.02, 0.01]], outputs: ["a"], positions: .seconds(0.03)))
    let heat = try #require(plots["heat"])
    #expect(near(pixels[heat.x + 3, heat.y + 3], ColorMap.ember[1]))
    #expect(near(pixels[heat.maxX - 3, heat.y + 3], ColorMap.ember[0.5]))
  }

  @Test func longInputsGiveBoundedPicturesThatKeepPeaks() throws {
    let weights = (0..<1300).map { row in
      (0..<2600).map { $0 == row * 2 ? Float(1) : 0 }
    }
    let (pixels, plots) = try written(
      AttentionPicture(
        title: "long", weights: weights, outputs: weights.map { _ in "x" },
        positions: .steps(4, title: "columns")))
    #expect(pixels.width <= 2400 && pixels.height <= 1400)
    let heat = try #require(plots["heat"])
    for share in [0.1, 0.5, 0.9] {
      let y = heat.y + share * heat.height
      let bright = (Int(heat.x)..<Int(heat.maxX)).filter {
        near(pixels[Double($0), y], ColorMap.ember[1])
      }
      #expect(!bright.isEmpty)
      #expect(bright.allSatisfy { abs(Double($0) - heat.x - share * heat.width) < 4 })
    }
  }

  @Test func oddNumbersAndTextsAreDrawn() throws {
    for value in [Float.nan, .infinity, -1, 0] {
      let picture = AttentionPicture(
        title: "a\u{0}b", weights: [[value, value]],
        outputs: ["\u{7}" + String(repeating: "w", count: 500)], positions: .labels([" ", ""]))
      #expect(try picture.draw().png().count > 500)
      #expect(try picture.svg()?.isEmpty == false)
    }
  }
}

import Foundation
import Pictures
import Testing

@Suite struct ClassificationPictureTests {
  @Test func cellsAreColouredByTheirShare() throws {
    let picture = ConfusionPicture(
      title: "t", classes: ["a", "b"], counts: [8, 2, 0, 5])
    let (pixels, plots) = try written(picture)
    let cells = try #require(plots["cells"])
    let half = cells.width / 2
    func corner(_ row: Int, _ column: Int) -> UInt32 {
      pixels[cells.x + Double(column) * half + 4, cells.y + Double(row) * half + 4]
    }
    func blue(_ pixel: UInt32) -> Int { Int(pixel & 255) - Int(pixel >> 16) }
    #expect(blue(corner(0, 0)) > 30 && blue(corner(1, 1)) > blue(corner(0, 0)))
    #expect(blue(corner(0, 1)) < -30)
    #expect(near(corner(1, 0), Color(0xFFFFFF)))
    let svg = try #require(try picture.svg())
    #expect(String(decoding: svg.prefix(200), as: UTF8.self).contains("<svg"))
  }

  @Test(arguments: [1, 3, 40, 150]) func anyNumberOfClassesHasRoom(count: Int) throws {
    let names = (0..<count).map { "class number \($0)" }
    let picture = ConfusionPicture(
      title: "t", classes: names, counts: [Int](repeating: 1, count: count * count))
    let drawing = try picture.draw()
    let cells = try #require(drawing.plots["cells"])
    #expect(cells.maxX < Double(drawing.width) && cells.maxY < Double(drawing.height))
  }

  @Test func weightsAreRedAboveZeroAndBlueBelow() throws {
    let picture = WeightPicture(
      title: "t", weights: [[0.1, -0.1, 0, 0], [2, -2, 0, 1]], width: 2, height: 2)
    let (pixels, plots) = try written(picture)
    // The unit with the longest weights comes first.
    let tile = try #require(plots["tile 0"])
    let (x, y) = (tile.x + tile.width / 4, tile.y + tile.height / 4)
    let (positive, negative) = (pixels[x, y], pixels[x + tile.width / 2, y])
    let (zero, one) = (
      pixels[x, y + tile.height / 2], pixels[x + tile.width / 2, y + tile.height / 2]
    )
    #expect(Int(positive >> 16) > Int(positive & 255) + 80)
    #expect(Int(negative & 255) > Int(negative >> 16) + 80)
    #expect(near(zero, ColorMap.diverging[0.5]))
    #expect(Int(one >> 16) > Int(one & 255) && (one & 255) > (positive & 255))
    #expect(plots.count == 2)
  }

  @Test func onlySomeUnitsAreDrawn() throws {
    let weights = (0..<9).map { [Float($0)] }
    let picture = WeightPicture(title: "t", weights: weights, width: 1, height: 1, most: 4)
    #expect(picture.units == [[8], [7], [6], [5]])
    #expect(try picture.draw().plots.count == 4)
  }

  /// A plane whose left half is of class 0 and whose right half is of class 1.
  private func halves(wrong: Bool) -> DecisionPicture {
    let plane = DecisionPicture.Plane(x: [0, 1], y: [0, 1], columnCount: 100, rowCount: 80)
    return DecisionPicture(
      title: "t", xTitle: "x", yTitle: "y", classes: ["left", "right"],
      examples: [
        .init(x: 0, y: 0, label: 0, isWrong: false), .init(x: 1, y: 1, label: 1, isWrong: wrong),
      ],
      plane: plane, labels: plane.places.map { $0.x < 0.5 ? 0 : 1 },
      certainties: plane.places.map { Float(abs($0.x - 0.5)) })
  }

  @Test func placesExamplesAndBoundaryAreWhereTheyShould() throws {
    let (pixels, plots) = try written(halves(wrong: false))
    let plane = try #require(plots["plane"])
    let ink: UInt32 = 0x22272E
    let middle = plane.y + plane.height / 2
    let boundary = (0..<Int(plane.width)).filter {
      near(pixels[plane.x + Double($0), middle], Color(ink))
    }
    #expect(!boundary.isEmpty)
    #expect(boundary.allSatisfy { abs(Double($0) - plane.width / 2) <= 3 })
    // Examples stand at 0 and 1 of −0.12...1.12.
    func pixel(_ x: Double, _ y: Double) -> UInt32 {
      pixels[
        plane.x + plane.width * (x + 0.12) / 1.24, plane.maxY - plane.height * (y + 0.12) / 1.24]
    }
    #expect(near(pixel(0, 0), Color.series[0]) && near(pixel(1, 1), Color.series[1]))
    #expect(!near(pixel(1, 0), Color.series[1], 30))
  }

  @Test func wrongExamplesHaveARing() throws {
    let (right, _) = try written(halves(wrong: false))
    let (wrong, plots) = try written(halves(wrong: true))
    let plane = try #require(plots["plane"])
    let (x, y) = (plane.x + plane.width * 1.12 / 1.24, plane.maxY - plane.height * 1.12 / 1.24)
    #expect(near(wrong[x + 7.5, y], Color(0x22272E), 60))
    #expect(!near(right[x + 7.5, y], Color(0x22272E), 60))
  }

  @Test func planesOfOnePointHaveAnExtent() {
    let plane = DecisionPicture.Plane(x: [3, 3], y: [], columnCount: 2, rowCount: 2)
    #expect(plane.x == 2...4 && plane.y == 0...1)
    #expect(plane.places.map(\.x) == [2.5, 3.5, 2.5, 3.5])
    #expect(plane.places.map(\.y) == [0.75, 0.75, 0.25, 0.25])
  }
}

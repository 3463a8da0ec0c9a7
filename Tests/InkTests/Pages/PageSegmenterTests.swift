import Configuration
import Ink
import Tensors
import Testing

@Suite struct PageSegmenterTests {
  private func expectAll(
    _ page: WrittenPage, _ configuration: PageConfiguration = PageConfiguration(),
    location: SourceLocation = #_sourceLocation
  ) throws {
    let layout = try PageSegmenter(configuration)(page.image)
    #expect(
      page.matches(layout) == Array(0..<page.lineCount), "\(layout.skew)",
      sourceLocation: location)
  }

  @Test(arguments: 1...4) func aLevelPage(seed: Int) throws {
    try expectAll(.ofLines(12, seed: UInt64(seed)))
  }

  @Test(arguments: [Float(9), 36]) func smallAndLargeWriting(letter: Float) throws {
    try expectAll(
      .ofLines(8, pitch: Int(letter * 3.4), width: Int(letter * 55), letter: letter))
  }

  @Test(arguments: 1...3) func linesThatTouchAreCut(seed: Int) throws {
    try expectAll(.ofLines(10, pitch: 46, seed: UInt64(seed)))
  }

  @Test func linesOfTheirOwnSlopes() throws {
    try expectAll(.ofLines(9, pitch: 74, slope: 0.02))
  }

  @Test(arguments: [-4.0, -1.5, 2, 4]) func aSkewedPage(degrees: Double) throws {
    let page = WrittenPage.ofLines(12, seed: 5).turned(by: degrees)
    let layout = try PageSegmenter()(page.image)
    #expect(abs(layout.skew - degrees) <= 0.5)
    #expect(page.matches(layout) == Array(0..<12))
  }

  @Test func ruledPaper() throws {
    var page = WrittenPage.ofLines(10, pitch: 64)
    page.change { x, y, old in y % 64 >= 40 && y % 64 < 42 || x == 40 ? min(old, 90) : old }
    try expectAll(page)
  }

  @Test func aScannersBorder() throws {
    var page = WrittenPage.ofLines(10)
    page.change { x, y, old in x < 25 + y / 60 || y > 710 ? UInt8(5 + (x ^ y) % 20) : old }
    try expectAll(page)
  }

  @Test(arguments: PageConfiguration.Background.allCases)
  func unevenLight(background: PageConfiguration.Background) throws {
    var page = WrittenPage.ofLines(10)
    // Without treatment, only paper that stays lighter than all ink can be told from it.
    let fall = background == .none ? 60 : 150
    page.change { x, y, old in
      UInt8((Int(old) * 8 / 10 + 50) * (255 - fall * (x + y) / (1000 + 744)) / 255)
    }
    var configuration = PageConfiguration()
    configuration.background = background
    try expectAll(page, configuration)
  }

  @Test func lightOnDark() throws {
    var page = WrittenPage.ofLines(8)
    page.change { _, _, old in 255 - old }
    try expectAll(page)
  }

  @Test func aHeadingOverTwoColumns() throws {
    var random = RandomSource(seed: 3)
    var page = WrittenPage(width: 1500, height: 760)
    page.write(x: 350, y: 80, width: 800, letter: 22, random: &random)
    for x in [60, 800] {
      for line in 0..<9 { page.write(x: x, y: 160 + 60 * line, width: 620, random: &random) }
    }
    try expectAll(page)
  }

  @Test func linesHoldNoInkOfOthers() throws {
    let page = WrittenPage.ofLines(10, pitch: 50)
    for line in try PageSegmenter()(page.image).lines {
      let corner = line.onPage(PagePoint(x: 0, y: 0))
      #expect(corner.x >= Double(line.box.x) - 1 && corner.y >= Double(line.box.y) - 1)
      #expect(line.box.x >= 0 && line.box.x + line.box.width <= page.image.width)
      let ink = line.image.pixels.filter { $0 < 128 }.count
      #expect(ink > 500 && ink * 3 < line.image.pixels.count)
    }
  }

  @Test func outlinesAreNumberedInReadingOrder() throws {
    let layout = try PageSegmenter()(WrittenPage.ofLines(5).image)
    #expect(layout.outlines.map(\.order) == [1, 2, 3, 4, 5])
    for (outline, line) in zip(layout.outlines, layout.lines) {
      #expect(outline.polygon == line.polygon && outline.box == line.box)
      #expect(outline.polygon.count >= 4)
    }
  }

  @Test func theSamePageGivesTheSameLines() throws {
    let page = WrittenPage.ofLines(6, pitch: 50, seed: 9).turned(by: 2)
    #expect(try PageSegmenter()(page.image) == PageSegmenter()(page.image))
  }
}

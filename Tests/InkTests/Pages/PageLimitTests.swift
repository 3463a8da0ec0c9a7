import Configuration
import Foundation
import Ink
import Tensors
import Testing

@Suite struct PageLimitTests {
  @Test(arguments: [(0, 0), (1, 1), (5, 5), (40, 40), (100_000, 3), (3, 20_000), (700, 500)])
  func nothingIsFoundOnEmptyPaper(width: Int, height: Int) throws {
    for shade: UInt8 in [0, 128, 255] {
      let image = GrayImage(width: width, height: height, filledWith: shade)
      #expect(try PageSegmenter()(image).lines.isEmpty)
      #expect(try !PageSegmenter().isPage(image))
    }
  }

  @Test(arguments: PageConfiguration.Background.allCases)
  func noiseIsNoPage(background: PageConfiguration.Background) throws {
    var configuration = PageConfiguration()
    configuration.background = background
    var random = RandomSource(seed: 2)
    var image = GrayImage(width: 400, height: 400)
    for index in image.pixels.indices { image.pixels[index] = UInt8(random.next() >> 56) }
    #expect(try !PageSegmenter(configuration).isPage(image))
    for index in image.pixels.indices { image.pixels[index] = random.chance(0.02) ? 0 : 255 }
    #expect(try PageSegmenter(configuration)(image).lines.isEmpty)
  }

  @Test func aPageOnItsSideDoesNotCrash() throws {
    let page = WrittenPage.ofLines(8).image
    var side = GrayImage(width: page.height, height: page.width)
    for y in 0..<page.height { for x in 0..<page.width { side[y, x] = page[x, y] } }
    let layout = try PageSegmenter()(side)
    #expect(layout.width == page.height && layout.height == page.width)
  }

  @Test(arguments: 1...12) func aLineIsNoPage(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var page = WrittenPage(width: 900, height: 80)
    page.write(x: 10, y: 40, width: 860, slope: 0.01, random: &random)
    #expect(try !PageSegmenter().isPage(page.image))
    #expect(try PageSegmenter()(page.image).lines.count == 1)
  }

  @Test(arguments: 2...12) func severalLinesAreAPage(count: Int) throws {
    let page = WrittenPage.ofLines(count, seed: UInt64(count))
    #expect(try PageSegmenter().isPage(page.image))
  }

  @Test func columnsAreReadOneAfterTheOther() {
    func extent(_ left: Float, _ right: Float, _ row: Float) -> ReadingOrder.Extent {
      ReadingOrder.Extent(left: left, right: right, row: row)
    }
    let lines = [
      extent(60, 100, 30), extent(0, 45, 22), extent(0, 45, 31), extent(20, 80, 10),
      extent(60, 100, 20), extent(0, 100, 50),
    ]
    #expect(ReadingOrder.order(lines) == [3, 1, 2, 4, 0, 5])
    #expect(ReadingOrder.order([]).isEmpty)
  }

  @Test func configurationsAreChecked() throws {
    func decoded(_ text: String) throws -> PageConfiguration {
      try JSONDecoder().decode(PageConfiguration.self, from: Data(text.utf8))
    }
    let found = try decoded(#"{"background": "sauvola", "margin": 9, "columns": false}"#)
    #expect(found.background == .sauvola && found.margin == 9 && !found.columns && found.deskew)
    #expect(throws: (any Error).self) { try decoded(#"{"deskewing": true}"#) }
    #expect(throws: (any Error).self) { try decoded(#"{"background": "blur"}"#) }
    var wrong = PageConfiguration()
    wrong.maximumSkew = 45
    #expect(throws: ConfigurationError.self) { try PageSegmenter(wrong) }
    (wrong.maximumSkew, wrong.minimumLineHeight) = (5, 0)
    #expect(throws: ConfigurationError.self) { try PageSegmenter(wrong) }
  }
}

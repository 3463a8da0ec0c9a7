import Pictures
import Testing

@Suite struct LinePictureTests {
  private let line = GrayRaster(width: 4, height: 2, pixels: [0, 255, 0, 255, 255, 0, 255, 0])

  @Test func pixelsAreEnlarged() throws {
    let drawing = try LinePicture(title: "", line: line).draw()
    let plot = try #require(drawing.plots["line"])
    #expect(plot.width == 12 && plot.height == 6)
    for column in 0..<4 {
      let x = Int(plot.x) + column * 3 + 1
      #expect(
        try drawing.surface.pixel(x, Int(plot.y) + 1) == (column % 2 == 0 ? 0 : 0xFFFFFF))
      #expect(
        try drawing.surface.pixel(x, Int(plot.y) + 4) == (column % 2 == 1 ? 0 : 0xFFFFFF))
    }
  }

  @Test func lettersAreShadedOverTheirColumns() throws {
    var picture = LinePicture(title: "", line: line)
    picture.marks = [.init(text: "x", start: 1, end: 2, confidence: 1)]
    let drawing = try picture.draw()
    let plot = try #require(drawing.plots["line"])
    let inside = try drawing.surface.pixel(Int(plot.x) + 4, Int(plot.y) + 1)
    #expect(inside != 0xFFFFFF, "tinted")
    #expect(try drawing.surface.pixel(Int(plot.x) + 10, Int(plot.y) + 1) == 0xFFFFFF)
  }

  @Test func rowsOfNumbersMakeThePictureHigher() throws {
    var picture = LinePicture(title: "", line: line)
    let plain = try picture.draw().height
    picture.rows = [("ink", [0, 1, 2, .nan]), ("nothing", [])]
    #expect(try picture.draw().height > plain)
  }

  @Test func aLineThatNoSurfaceHoldsIsRefused() {
    let wide = GrayRaster(width: 40_000, height: 1, pixels: [UInt8](repeating: 0, count: 40_000))
    #expect(throws: PictureError.self) { try LinePicture(title: "", line: wide).draw() }
  }

  @Test func outlinesAreDrawnOnThePage() throws {
    let page = GrayRaster(
      width: 60, height: 40, pixels: [UInt8](repeating: 200, count: 2400))
    let drawing = try LayoutPicture(
      page: page,
      lines: [
        .init(outline: [(10, 10), (50, 10), (50, 30), (10, 30)], label: (8, 20))
      ]
    ).draw()
    #expect(drawing.width == 60 && drawing.height == 40)
    #expect(try drawing.surface.pixel(30, 20) == 0xC8C8C8, "inside, the page is as it was")
    #expect(try drawing.surface.pixel(30, 10) != 0xC8C8C8, "the outline")
  }
}

import Ink
import Testing

@Suite struct GrayImageTests {
  @Test func aPixelIsFoundByColumnAndRow() {
    var image = GrayImage(width: 3, height: 2)
    image[2, 1] = 7
    #expect(image.pixels == [255, 255, 255, 255, 255, 7])
  }
}

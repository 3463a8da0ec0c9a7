import Foundation
import Ink
import Testing

@Suite struct ImageFileTests {
  @Test func textNamedPNGIsToldFromAnImage() {
    #expect(
      throws: ImageError.unknownFormat(
        file: "a.png", found: "text (“hello”)", expected: "a PNG or JPEG image")
    ) {
      try ImageFile.decode(Array("hello\nworld".utf8), name: "a.png")
    }
  }
}

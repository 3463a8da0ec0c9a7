import Foundation
import Ink
import Testing

@Suite struct ImageWritingTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "written-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/a.png")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count <= 1)
  }

  @Test(arguments: [(1, 1), (100_000, 3), (3, 100_000), (64, 50), (3000, 2500)])
  func whatIsWrittenIsRead(_ width: Int, _ height: Int) throws {
    let image = HostileImageTests.noise(width: width, height: height, seed: 5)
    try withFile { path in
      try ImageFile.write(image, to: path)
      let isSame = try ImageFile.read(path) == image
      #expect(isSame)
      let information = try ImageFile.information(path)
      #expect(information.width == width && information.height == height)
      #expect(information.colorType == .gray && information.bitDepth == 8)
    }
  }

  @Test(arguments: [UInt8(0), 255])
  func imageOfOneShadeIsWrittenAndRead(_ shade: UInt8) throws {
    let image = GrayImage(width: 1000, height: 40, filledWith: shade)
    try withFile { path in
      try ImageFile.write(image, to: path)
      let isSame = try ImageFile.read(path) == image
      #expect(isSame)
    }
  }

  @Test func colorsAreWritten() throws {
    var image = ColorImage(GrayImage(width: 2, height: 2, pixels: [0, 50, 200, 255]))
    image.pixels.replaceSubrange(3..<6, with: [255, 0, 0])
    try withFile { path in
      try ImageFile.write(image, to: path)
      #expect(try ImageFile.information(path).colorType == .rgb)
      #expect(try ImageFile.read(path).pixels == [0, 76, 200, 255])
    }
  }

  @Test func failureLeavesTheOldFile() throws {
    try withFile { path in
      let image = GrayImage(width: 2, height: 1, pixels: [1, 2])
      try ImageFile.write(image, to: path)
      #expect(
        throws: ImageError.unwritable(
          file: path, reason: "0 × 4 pixels, expected 1 to 1000000 a side")
      ) { try ImageFile.write(GrayImage(width: 0, height: 4), to: path) }
      let isSame = try ImageFile.read(path) == image
      #expect(isSame)
      let error = #expect(throws: ImageError.self) {
        try ImageFile.write(image, to: path + "/b.png")
      }
      #expect(error?.category == .inputOutput)
    }
  }
}

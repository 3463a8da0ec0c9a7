import Foundation
import Ink
import Testing

/// PNG files written out by hand: shades, limits and damage.
@Suite struct PNGTests {
  private func decode(_ bytes: [UInt8]) throws -> [UInt8] {
    try ImageFile.decode(bytes, name: "a.png").pixels
  }

  @Test func sixteenBitsAreRounded() throws {
    let values = Array(0...65535)
    var builder = PNGBuilder(width: 256, height: 256, depth: 16)
    builder.finish(
      rows: (0..<256).map { row in
        values[(256 * row)..<(256 * row + 256)].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
      })
    #expect(try decode(builder.bytes) == values.map { UInt8((2 * 255 * $0 + 65535) / 131070) })
  }

  @Test func colorsBecomeTheirLuma() throws {
    let colors: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30]
    #expect(try decode(PNGBuilder.row(colors, width: 5, type: 2)) == [76, 150, 29, 255, 18])
    let palette: (String, [UInt8]) = ("PLTE", [255, 0, 0, 0, 255, 0])
    #expect(
      try decode(PNGBuilder.row([0x40], width: 2, depth: 1, type: 3, chunks: [palette]))
        == [76, 150])
  }

  @Test func opacityIsLaidOnWhite() throws {
    let half = UInt8((255 * pow(1 - 128 / 255.0, 1 / 2.2)).rounded())
    #expect(
      try decode(PNGBuilder.row([0, 0, 0, 128, 0, 255, 77, 255], width: 4, type: 4))
        == [255, half, 0, 77])
    #expect(
      try decode(PNGBuilder.row([1, 2, 3], width: 3, chunks: [("tRNS", [0, 2])])) == [1, 255, 3])
  }

  @Test func statedGammaIsHeededUnlessTheFileIsSRGB() throws {
    let linear: (String, [UInt8]) = ("gAMA", number(100_000))
    let lit = UInt8((255 * pow(100 / 255.0, 1 / 2.2)).rounded())
    #expect(
      try decode(PNGBuilder.row([0, 100, 255], width: 3, chunks: [linear])) == [0, lit, 255])
    #expect(
      try decode(PNGBuilder.row([0, 100, 255], width: 3, chunks: [linear, ("sRGB", [0])]))
        == [0, 100, 255])
    let usual: (String, [UInt8]) = ("gAMA", number(45455))
    #expect(try decode(PNGBuilder.row([0, 100, 255], width: 3, chunks: [usual])) == [0, 100, 255])
  }

  @Test func hugeHeaderIsRefusedBeforeAnythingElse() {
    func error(_ width: Int, _ height: Int, limits: ImageLimits = ImageLimits()) -> ImageError? {
      var builder = PNGBuilder(width: width, height: height)
      builder.finish(rows: [[0]])
      return #expect(throws: ImageError.self) {
        try ImageFile.decode(builder.bytes, name: "a.png", limits: limits)
      }
    }
    #expect(
      error(100_001, 1)
        == .tooLarge(file: "a.png", found: "100001 × 1 pixels", limit: "100000 pixels a side"))
    #expect(
      error(100_000, 100_000)
        == .tooLarge(
          file: "a.png", found: "100000 × 100000 pixels", limit: "200000000 pixels in all"))
    #expect(
      error(0xFFFF_FFFF, 0xFFFF_FFFF)
        == .tooLarge(
          file: "a.png", found: "4294967295 × 4294967295 pixels", limit: "100000 pixels a side"))
    #expect(
      error(11, 10, limits: ImageLimits(pixelCount: 109))
        == .tooLarge(file: "a.png", found: "11 × 10 pixels", limit: "109 pixels in all"))
    #expect(
      error(1, 1, limits: ImageLimits(byteCount: 9))
        == .tooLarge(file: "a.png", found: "70 bytes", limit: "9 bytes"))
    #expect(error(0, 3) == .zeroSized(file: "a.png", width: 0, height: 3))
    #expect(error(3, 0) == .zeroSized(file: "a.png", width: 3, height: 0))
  }

  @Test func pixelsFewerThanPromisedAreRefused() {
    var builder = PNGBuilder(width: 4, height: 100)
    builder.finish(rows: [[1, 2, 3, 4]])
    #expect(throws: ImageError.self) { try decode(builder.bytes) }
  }

  @Test func largeAncillaryChunksAreSkipped() throws {
    let text = Array("Comment\0\0".utf8) + zlibStream([UInt8](repeating: 65, count: 2_000_000))
    let profile = Array("profile\0\0".utf8) + zlibStream([UInt8](repeating: 66, count: 1_500_000))
    #expect(
      try decode(
        PNGBuilder.row([5], width: 1, chunks: [("iCCP", profile), ("zTXt", text), ("quUx", [1])]))
        == [5])
  }

  @Test func bytesAfterTheEndAreIgnored() throws {
    #expect(try decode(PNGBuilder.row([5], width: 1) + [1, 2, 3]) == [5])
  }

  @Test func damageIsToldWithItsPlace() {
    let bytes = PNGBuilder.row([5], width: 1)
    var damaged = bytes
    damaged[43] ^= 1
    let error = #expect(throws: ImageError.self) { try decode(damaged) }
    #expect(error?.description.contains("in the chunk IDAT at byte 33, expected ") == true)
    let short = #expect(throws: ImageError.self) { try decode(bytes.dropLast(12)) }
    #expect(short?.description.contains("is truncated: ends after ") == true)
  }
}

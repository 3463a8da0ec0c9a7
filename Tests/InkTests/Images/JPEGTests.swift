import Foundation
import Ink
import Testing

/// JPEG files of many kinds beside what another program decodes of them.
@Suite struct JPEGTests {
  static let folder = Bundle.module.bundleURL.appending(path: "References/JPEG")
  static let names = [
    "baseline", "full-chroma", "progressive", "restarts", "gray", "gray-progressive", "cmyk", "rgb",
  ]

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  /// A binary portable greymap without comments.
  private static func graymap(_ name: String) throws -> GrayImage {
    let bytes = try bytes(name)
    let fields = bytes.split(maxSplits: 4, omittingEmptySubsequences: false) {
      $0 == 0x0A || $0 == 0x20
    }
    try #require(fields.count == 5 && fields[0].elementsEqual("P5".utf8))
    let sizes = fields[1...2].compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    return GrayImage(width: sizes[0], height: sizes[1], pixels: Array(fields[4]))
  }

  private static func expectClose(_ image: GrayImage, _ expected: GrayImage, _ tolerance: Int) {
    #expect(image.width == expected.width && image.height == expected.height)
    let differences = zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 0 <= tolerance)
  }

  @Test(arguments: names)
  func imageDecodesAsAnotherProgramDecodesIt(_ name: String) throws {
    let image = try ImageFile.read(Self.path(name + ".jpeg"))
    Self.expectClose(image, try Self.graymap(name + ".pgm"), 1)
  }

  @Test(arguments: 1...8)
  func orientationIsHeeded(_ orientation: Int) throws {
    let name = "orientation-\(orientation)"
    let image = try ImageFile.read(Self.path(name + ".jpeg"))
    Self.expectClose(image, try Self.graymap(name + ".pgm"), 1)
    let information = try ImageFile.information(Self.path(name + ".jpeg"))
    #expect(information.width == image.width && information.height == image.height)
    #expect((image.width < image.height) == (orientation > 4))
  }

  @Test func headerTellsTheKind() throws {
    let gray = try ImageFile.information(Self.path("gray.jpeg"))
    #expect(gray.format == .jpeg && gray.colorType == .gray && !gray.isInterlaced)
    #expect(gray.width == 45 && gray.height == 27 && gray.bitDepth == 8)
    #expect(try ImageFile.information(Self.path("cmyk.jpeg")).colorType == .cmyk)
    let progressive = try ImageFile.information(Self.path("progressive.jpeg"))
    #expect(progressive.colorType == .rgb && progressive.isInterlaced)
  }

  @Test(arguments: ["baseline", "progressive", "cmyk", "orientation-6"])
  func truncationAtEveryByteIsRefused(_ name: String) throws {
    let bytes = try Self.bytes(name + ".jpeg")
    for count in 0..<bytes.count {
      let error = #expect(throws: ImageError.self) {
        try ImageFile.decode(Array(bytes[..<count]), name: "a.jpeg")
      }
      #expect(error?.category == .badData)
    }
  }

  @Test func frameBeyondTheFirstSixtyFourKilobytesIsFound() throws {
    var bytes = try Self.bytes("gray.jpeg")
    let filler: [UInt8] = [0xFF, 0xEF, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 65533)
    bytes.insert(contentsOf: filler + filler, at: 2)
    let path = FileManager.default.temporaryDirectory
      .appending(path: "far-\(UUID().uuidString).jpeg")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(bytes).write(to: path)
    #expect(try ImageFile.information(path.path).width == 45)
    #expect(try ImageFile.read(path.path) == ImageFile.read(Self.path("gray.jpeg")))
  }

  @Test func largeHeaderIsRefusedBeforeDecoding() throws {
    var bytes = try Self.bytes("gray.jpeg")
    let frame = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0, 0x00, 0x0B]) })
    bytes.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      throws: ImageError.tooLarge(
        file: "a.jpeg", found: "65535 × 65535 pixels", limit: "200000000 pixels in all")
    ) { try ImageFile.decode(bytes, name: "a.jpeg") }
  }

  @Test func otherKindsOfJPEGAreNamed() throws {
    var bytes = try Self.bytes("gray.jpeg")
    let frame = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0, 0x00, 0x0B]) })
    bytes[frame + 1] = 0xC3
    #expect(
      throws: ImageError.unsupported(
        file: "a.jpeg", found: "a JPEG frame of type 3 with 8 bits a sample",
        expected: "a sequential or progressive one with 8")
    ) { try ImageFile.decode(bytes, name: "a.jpeg") }
  }

  @Test(arguments: [UInt8(0), 9])
  func orientationOutOfRangeIsIgnored(_ value: UInt8) throws {
    var bytes = try Self.bytes("orientation-6.jpeg")
    let entry = try #require(
      bytes.indices.first {
        bytes[$0...].starts(with: [0x01, 0x12, 0x00, 0x03])
          || bytes[$0...].starts(with: [0x12, 0x01, 0x03, 0x00])
      })
    let value16 = bytes[entry] == 1 ? [0, value] : [value, 0]
    bytes.replaceSubrange((entry + 8)..<(entry + 10), with: value16)
    #expect(try ImageFile.decode(bytes, name: "a.jpeg").width == 45)
  }
}

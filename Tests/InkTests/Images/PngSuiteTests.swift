import Foundation
import Ink
import Testing

/// Every image of Willem van Schaik's PngSuite beside what other programs make of it.
@Suite struct PngSuiteTests {
  struct Reference: Sendable, CustomTestStringConvertible {
    var name: String
    var width: Int
    var height: Int
    /// Of the grey bytes, from Netpbm's samples and computation in double precision.
    var checksum: String
    /// The grey bytes from libpng's simplified interface.
    var libpng: ArraySlice<UInt8>
    var testDescription: String { name }
  }

  static let folder = Bundle.module.bundleURL.appending(path: "References/PngSuite")
  static let references: [Reference] = {
    guard
      let text = try? String(contentsOf: folder.appending(path: "reference.txt"), encoding: .utf8),
      let bytes = try? Data(contentsOf: folder.appending(path: "libpng.bin"))
    else { return [] }
    var position = 0
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 4, let width = Int(fields[1]), let height = Int(fields[2]) else {
        return nil
      }
      defer { position += width * height }
      return Reference(
        name: fields[0], width: width, height: height, checksum: fields[3],
        libpng: [UInt8](bytes)[position..<position + width * height])
    }
  }()

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".png") }.sorted()

  @Test func suiteIsWhole() {
    #expect(Self.references.count == 160)
    #expect(Self.names.filter { $0.hasPrefix("x") }.count == 14)
    #expect(Self.names.filter { !$0.hasPrefix("x") } == Self.references.map(\.name))
  }

  @Test(arguments: references)
  func imageDecodesAsOtherProgramsDecodeIt(_ reference: Reference) throws {
    let path = Self.folder.appending(path: reference.name).path
    let image = try ImageFile.read(path)
    try #require(image.width == reference.width && image.height == reference.height)
    #expect(hexadecimal(checksum(image.pixels)) == reference.checksum)
    let differences = zip(image.pixels, reference.libpng).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 0 <= 1)
    let information = try ImageFile.information(path)
    #expect(information.width == reference.width && information.height == reference.height)
    #expect(information.isInterlaced == (Array(reference.name)[3] == "i"))
    #expect(information.bitDepth == Int(reference.name.dropFirst(6).prefix(2)))
  }

  @Test(arguments: names.filter { $0.hasPrefix("x") })
  func brokenImageIsRefused(_ name: String) {
    let path = Self.folder.appending(path: name).path
    let error = #expect(throws: ImageError.self) { try ImageFile.read(path) }
    #expect(error?.category == .badData)
    #expect(error?.description.hasPrefix(path + ": ") == true)
  }
}

import Foundation
import Ink
import Testing

/// IDX files written out by hand, plain and in gzip's wrapping.
@Suite struct IDXFileTests {
  private let images: [UInt8] =
    [0, 0, 8, 3] + number(2) + number(2) + number(3) + [UInt8](1...12)
  private let labels: [UInt8] = [0, 0, 8, 1] + number(3) + [7, 0, 9]

  /// RFC 1952 with a file name, as the gzip program writes it.
  private func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3] + Array("digits\0".utf8) + storedBlocks(bytes)
      + number(Int(checksum(bytes))).reversed() + number(bytes.count).reversed()
  }

  @Test func imagesAndLabelsAreRead() throws {
    let file = try IDXFile(images, name: "a")
    #expect(file.dimensions == [2, 2, 3])
    #expect(
      try file.images() == [
        GrayImage(width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6]),
        GrayImage(width: 3, height: 2, pixels: [7, 8, 9, 10, 11, 12]),
      ])
    #expect(try IDXFile(labels, name: "a").labels() == [7, 0, 9])
  }

  @Test func gzipIsUnpacked() throws {
    let plain = try IDXFile(images, name: "a")
    #expect(try IDXFile(gzipped(images), name: "a") == plain)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(gzipped(images)).write(to: path)
    #expect(try IDXFile(path.path).images() == plain.images())
  }

  @Test func truncationAtEveryByteIsRefused() {
    for whole in [images, labels, gzipped(images)] {
      for count in 0..<whole.count {
        let error = #expect(throws: ImageError.self) {
          try IDXFile(Array(whole[..<count]), name: "a")
        }
        #expect(error?.category == .badData)
      }
    }
  }

  @Test func wrongFilesAreTold() {
    func error(_ bytes: [UInt8]) -> ImageError? {
      #expect(throws: ImageError.self) { try IDXFile(bytes, name: "a") }
    }
    #expect(
      error(images + [0])
        == .damaged(file: "a", found: "29 bytes", expected: "28 for 2 × 2 × 3 elements"))
    #expect(
      error([0, 0, 13, 1, 0, 0, 0, 0])
        == .unsupported(
          file: "a", found: "elements of type 13 in 1 dimensions",
          expected: "type 8 (unsigned bytes) in 1 to 8"))
    #expect(
      error(Array("text".utf8))
        == .unknownFormat(
          file: "a", found: "text (“text”)",
          expected: "an IDX file, which starts with two zero bytes"))
    #expect(
      error([0, 0, 8, 2] + number(0xFFFF_FFFF) + number(0xFFFF_FFFF))
        == .tooLarge(
          file: "a", found: "4294967295 × 4294967295 elements", limit: "1073741824 bytes"))
    #expect(
      error([0, 0, 8, 3] + number(0) + number(0) + number(5))
        == .zeroSized(file: "a", width: 5, height: 0))
    var damaged = gzipped(images)
    damaged[30] ^= 1
    #expect(error(damaged)?.category == .badData)
    #expect(error(gzipped(images) + [1])?.category == .badData)
  }

  @Test func imagesAreNoLabels() throws {
    #expect(
      throws: ImageError.unsupported(
        file: "a", found: "3 dimensions (2 × 2 × 3)", expected: "1 (labels)")
    ) { try IDXFile(images, name: "a").labels() }
    #expect(throws: ImageError.self) { try IDXFile(labels, name: "a").images() }
  }

  @Test func unpackingStopsAtTheLimit() {
    let limits = ImageLimits(byteCount: 100)
    let bytes = gzipped([UInt8](repeating: 0, count: 50))  // Smaller than the limit until unpacked.
    #expect(throws: ImageError.self) { try IDXFile(bytes, name: "a", limits: limits) }
    #expect(
      throws: ImageError.tooLarge(
        file: "a", found: "more when unpacked", limit: "100 bytes")
    ) {
      try IDXFile(
        gzipped([UInt8](repeating: 0, count: 101)), name: "a", limits: limits)
    }
  }
}

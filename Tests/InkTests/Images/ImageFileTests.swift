import Foundation
import Ink
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are no images, or none that may be read.
@Suite struct ImageFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "images-\(UUID().uuidString)")

  private func path(_ name: String, _ bytes: [UInt8]) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return url.path
  }

  private func expect(
    _ error: ImageError, _ category: ImageError.Category, reading path: String,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: location) { try ImageFile.read(path) }
    #expect(throws: error, sourceLocation: location) { try ImageFile.information(path) }
    #expect(error.category == category, sourceLocation: location)
    #expect(error.description.hasPrefix(path + ": "), sourceLocation: location)
    #expect(!error.description.contains("\n"), sourceLocation: location)
  }

  @Test func fileThatCannotBeOpenedIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let empty = try path("empty.png", [])
    expect(.empty(file: empty), .badData, reading: empty)
    let missing = folder.path + "/none.png"
    expect(.missing(file: missing), .missingInput, reading: missing)
    let inside = empty + "/a.png"
    expect(.missing(file: inside), .missingInput, reading: inside)
    expect(.isDirectory(file: folder.path), .missingInput, reading: folder.path)
    expect(.notAFile(file: "/dev/null"), .missingInput, reading: "/dev/null")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func fileThatMayNotBeReadIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try path("closed.png", [1])
    chmod(path, 0)
    expect(.permissionDenied(file: path), .missingInput, reading: path)
  }

  @Test func otherFilesAreToldByTheirBytes() {
    let cases: [([UInt8], String)] = [
      (Array("hello\nworld".utf8), "text (“hello”)"),
      (Array("Ein längerer Text mit Umlauten".utf8), "text (“Ein längerer Text mit Um…”)"),
      (Array("GIF89a........".utf8), "a GIF image"),
      ([0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0], "a TIFF image"),
      (Array("RIFF....WAVEfmt ".utf8), "a recording (RIFF WAVE)"),
      (Array("RIFF....WEBPVP8 ".utf8), "a WebP image"),
      (Array("%PDF-1.7".utf8), "a PDF document"),
      ([0, 1, 2, 0x80], "bytes 00 01 02 80, which no known format starts with"),
      (
        [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A, 0x00],
        "a PNG image whose line ends were changed in transfer as text"
      ),
    ]
    for (bytes, found) in cases {
      #expect(
        throws: ImageError.unknownFormat(
          file: "a.png", found: found, expected: "a PNG or JPEG image")
      ) { try ImageFile.decode(bytes, name: "a.png") }
    }
  }

  @Test func beginningOfASignatureIsATruncatedImage() {
    for count in 1..<8 {
      #expect(
        throws: ImageError.truncated(
          file: "a.png", found: count, missing: "the signature of an image")
      ) { try ImageFile.decode(Array(PNGBuilder.signature[..<count]), name: "a.png") }
    }
  }

  @Test func everyErrorIsOneLineThatNamesTheFile() {
    let errors: [ImageError] = [
      .missing(file: "a"), .isDirectory(file: "a"), .permissionDenied(file: "a"),
      .unreadable(file: "a", reason: "b"), .notAFile(file: "a"), .empty(file: "a"),
      .unknownFormat(file: "a", found: "b", expected: "c"),
      .unsupported(file: "a", found: "b", expected: "c"),
      .tooLarge(file: "a", found: "b", limit: "c"), .zeroSized(file: "a", width: 0, height: 1),
      .truncated(file: "a", found: 1, missing: "b"),
      .damaged(file: "a", found: "b", expected: "c"), .decoding(file: "a", reason: "b"),
      .unwritable(file: "a", reason: "b"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("a: ") && !error.description.contains("\n"))
    }
    #expect(errors.filter { $0.category == .missingInput }.count == 4)
    #expect(errors.filter { $0.category == .inputOutput }.count == 2)
  }
}

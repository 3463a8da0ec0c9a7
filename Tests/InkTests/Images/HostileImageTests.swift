import Foundation
import Ink
import Tensors
import Testing

/// Damage at every place and at random, read on many threads at once.
@Suite struct HostileImageTests {
  private static let small = [
    "basn0g01", "basi2c16", "basn3p04", "basi6a08", "tbwn0g16", "tp1n3p08", "s03i3p01", "g05n3p04",
  ]

  private static func png(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: PngSuiteTests.folder.appending(path: name + ".png")))
  }

  @Test(arguments: small)
  func truncationAtEveryByteIsRefused(_ name: String) throws {
    let bytes = try Self.png(name)
    for count in 0..<bytes.count {
      let error = #expect(throws: ImageError.self) {
        try ImageFile.decode(Array(bytes[..<count]), name: "a.png")
      }
      #expect(error?.category == .badData)
    }
  }

  @Test func truncationAtEveryKilobyteOfALargeFileIsRefused() throws {
    let noise = Self.noise(width: 700, height: 300, seed: 1)
    let bytes = try ImageFile.encode(noise, file: "a.png")
    #expect(bytes.count > 200_000)
    for count in stride(from: 0, to: bytes.count, by: 1024) {
      #expect(throws: ImageError.self) {
        try ImageFile.decode(Array(bytes[..<count]), name: "a.png")
      }
    }
  }

  /// Whatever is flipped, the checksums tell.
  @Test func flippedBitsOfPNGAreFound() async throws {
    try await Self.onFourThreads(seed: 2) { bytes, random in
      let flipped = Self.flipped(bytes, &random)
      #expect(throws: ImageError.self) { try ImageFile.decode(flipped, name: "a.png") }
    }
  }

  /// With the checksums repaired, the damage goes all the way into the decoder.
  @Test func flippedBitsUnderRightChecksumsNeverCrash() async throws {
    let limits = ImageLimits(side: 4096, pixelCount: 1 << 20)
    try await Self.onFourThreads(seed: 3) { bytes, random in
      let flipped = PNGBuilder.repaired(Self.flipped(bytes, &random))
      do throws(ImageError) {
        let image = try ImageFile.decode(flipped, name: "a.png", limits: limits)
        #expect(image.width > 0 && image.height > 0)
      } catch {
        #expect(error.category == .badData)
      }
    }
  }

  @Test(arguments: JPEGTests.names + ["orientation-6"])
  func flippedBitsOfJPEGNeverCrash(_ name: String) throws {
    let bytes = try JPEGTests.bytes(name + ".jpeg")
    var random = RandomSource(seed: 4)
    let limits = ImageLimits(side: 4096, pixelCount: 1 << 20)
    for _ in 0..<300 {
      let flipped = Self.flipped(bytes, &random)
      do throws(ImageError) {
        let image = try ImageFile.decode(flipped, name: "a.jpeg", limits: limits)
        #expect(image.width > 0 && image.height > 0)
      } catch {
        #expect(error.category == .badData)
      }
    }
  }

  @Test func manyThreadsReadTheSame() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try PngSuiteTests.references.allSatisfy { reference in
            let path = PngSuiteTests.folder.appending(path: reference.name).path
            return try hexadecimal(checksum(ImageFile.read(path).pixels)) == reference.checksum
          }
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }

  static func noise(width: Int, height: Int, seed: UInt64) -> GrayImage {
    var random = RandomSource(seed: seed)
    var image = GrayImage(width: width, height: height)
    for index in image.pixels.indices {
      image.pixels[index] = UInt8(truncatingIfNeeded: random.next())
    }
    return image
  }

  /// One to seven bits turned over.
  private static func flipped(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    // Places may repeat and undo each other, but an odd number of flips cannot undo them all.
    for _ in 0..<(2 * random.integer(in: 0...3) + 1) {
      bytes[random.integer(in: 0...(bytes.count - 1))] ^= 1 << UInt8(random.integer(in: 0...7))
    }
    return bytes
  }

  private static func onFourThreads(
    seed: UInt64, _ body: @escaping @Sendable ([UInt8], inout RandomSource) -> Void
  ) async throws {
    let files = try small.map(png)
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          var random = RandomSource(seed: seed, thread)
          for round in 0..<800 { body(files[round % files.count], &random) }
        }
      }
    }
  }
}

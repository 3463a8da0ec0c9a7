import ModelFiles
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SafetensorsTests {
  static let example = SafetensorsFile(
    metadata: ["b": "two", "a": "a \"quoted\" \\ line\n\u{1} 😀", "é": ""],
    tensors: [
      ("layers.1.weight", Tensor(rows: [[1, 2, 3], [-4, 5.5, .infinity]])),
      ("layers.0.bias", Tensor([0.1, -0.0])),
      ("scalar", Tensor(scalar: 3)),
      ("empty", Tensor(zeros: [0, 7])),
      ("größe \"q\"\t", Tensor([.leastNonzeroMagnitude])),
    ])

  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    try Self.example.write(to: folder.file("x.safetensors"))
    let read = try SafetensorsFile(reading: folder.file("x.safetensors"), checksum: .required)
    #expect(read.metadata == Self.example.metadata)
    #expect(
      read.tensors.map(\.name)
        == ["empty", "größe \"q\"\t", "layers.0.bias", "layers.1.weight", "scalar"])
    for (name, tensor) in Self.example.tensors {
      let found = try #require(read.tensors.first { $0.name == name }?.tensor)
      #expect(found.shape == tensor.shape)
      #expect(found.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern))
    }
  }

  @Test func bitsOfNaNsAreKept() throws {
    let folder = try TemporaryFolder()
    let patterns: [UInt32] = [0x7FC0_0001, 0xFF80_1234, 0x7F80_0001, 0x8000_0000]
    let tensor = Tensor(patterns.map { Float(bitPattern: $0) })
    try SafetensorsFile(tensors: [("x", tensor)]).write(to: folder.file("x"))
    let read = try SafetensorsFile(reading: folder.file("x"))
    #expect(read.tensors[0].tensor.scalars.map(\.bitPattern) == patterns)
  }

  @Test func theSameContentsGiveTheSameBytes() throws {
    let folder = try TemporaryFolder()
    try Self.example.write(to: folder.file("a"))
    var shuffled = Self.example
    shuffled.tensors.reverse()
    try shuffled.write(to: folder.file("b"))
    try SafetensorsFile(reading: folder.file("a")).write(to: folder.file("c"))
    let bytes = try contents(of: folder.file("a"))
    #expect(try contents(of: folder.file("b")) == bytes)
    #expect(try contents(of: folder.file("c")) == bytes)
    #expect(folder.names() == ["a", "b", "c"])
  }

  @Test func theLayoutIsTheOneOfTheFormat() throws {
    let folder = try TemporaryFolder()
    let file = SafetensorsFile(metadata: ["k": "v"], tensors: [("w", Tensor(rows: [[1, 2]]))])
    try file.write(to: folder.file("x"))
    let bytes = try contents(of: folder.file("x"))
    #expect(bytes[0] == 120 && bytes[1..<8].allSatisfy { $0 == 0 })
    let header = String(decoding: bytes[8..<128], as: UTF8.self)
    #expect(header.hasPrefix("{\"__metadata__\":{\"checksum\":\"xxh64:"))
    #expect(
      header.contains(
        ",\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}} "))
    #expect(Array(bytes[128...]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
  }

  /// The Python library reads this file, and `Reference/make_reference.py` computed the same
  /// checksum from the definition; a change of any byte that is written shows here.
  @Test func theBytesAreTheOnesThatPythonVerified() throws {
    let folder = try TemporaryFolder()
    try Self.example.write(to: folder.file("x"))
    #expect(try SafetensorsHeader(reading: folder.file("x")).checksum == "xxh64:f2f88978563b18d4")
  }

  @Test func theHeaderAloneTellsNamesShapesAndMetadata() throws {
    let folder = try TemporaryFolder()
    try Self.example.write(to: folder.file("x"))
    let header = try SafetensorsHeader(reading: folder.file("x"))
    #expect(header.metadata == Self.example.metadata)
    #expect(header.entries.count == 5)
    let weight = try #require(header.entries.first { $0.name == "layers.1.weight" })
    #expect(weight.shape == [2, 3] && weight.type == .float32 && weight.range == 12..<36)
    #expect(header.fileSize == (try contents(of: folder.file("x"))).count)
    #expect(header.checksum?.hasPrefix("xxh64:") == true)
  }

  @Test func anEmptyFileOfTensorsIsAFile() throws {
    let folder = try TemporaryFolder()
    try SafetensorsFile().write(to: folder.file("x"))
    let read = try SafetensorsFile(reading: folder.file("x"), checksum: .required)
    #expect(read.metadata.isEmpty && read.tensors.isEmpty)
  }

  @Test func everySizeAroundABlockOfTheHashIsRead() throws {
    let folder = try TemporaryFolder()
    for count in [1, 7, 8, 9, 15, 16, 17, 1000, 4097] {
      let values = (0..<count).map { Float($0) / 3 }
      try SafetensorsFile(tensors: [("x", Tensor(values)), ("y", Tensor([1]))])
        .write(to: folder.file("x"))
      let read = try SafetensorsFile(reading: folder.file("x"))
      #expect(read.tensors[0].tensor.scalars == values)
    }
  }

  @Test func twoTensorsOfOneNameTrap() async {
    await #expect(processExitsWith: .failure) {
      let tensor = Tensor([1])
      try? SafetensorsFile(tensors: [("x", tensor), ("x", tensor)]).write(to: "/tmp/never")
    }
  }

  @Test func halfPrecisionIsExact() throws {
    let folder = try TemporaryFolder()
    // Sign, exponent and fraction spelt out as powers of two, for every pattern that is a number.
    var patterns: [UInt16] = []
    var expected: [Float] = []
    for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 {
      let exponent = Int(bits >> 10) & 31
      let fraction = Float(bits & 1023) / 1024
      let magnitude =
        exponent == 0
        ? fraction * Float(sign: .plus, exponent: -14, significand: 1)
        : (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      patterns.append(bits)
      expected.append(bits & 0x8000 == 0 ? magnitude : -magnitude)
    }
    let data = patterns.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let header =
      "{\"h\":{\"dtype\":\"F16\",\"shape\":[\(patterns.count)],\"data_offsets\":[0,\(data.count)]}}"
    try put(file(header, data), at: folder.file("x"))
    let found = try SafetensorsFile(reading: folder.file("x")).tensors[0].tensor.scalars
    #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
  }
}

/// A file of this header and data.
func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8 + data
}

import Files
import ModelFiles
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that lie: each is refused with an error that names the file, and none is believed.
@Suite struct HostileSafetensorsTests {
  private func refusal(_ bytes: [UInt8]) throws -> CheckpointError {
    let folder = try TemporaryFolder()
    let path = folder.file("bad.safetensors")
    try put(bytes, at: path)
    let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(reading: path) }
    #expect("\(error)".hasPrefix(path), "\(error)")
    #expect(throws: error) { try ModelFile(reading: path) }
    return error
  }

  private func entry(
    _ name: String = "w", dtype: String = "F32", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  private static let eight = [UInt8](repeating: 0, count: 8)

  @Test func sixteenBytesThatAreSoundAreRead() throws {
    let folder = try TemporaryFolder()
    try put(file("{\(entry())}", Self.eight), at: folder.file("x"))
    #expect(try SafetensorsFile(reading: folder.file("x")).tensors[0].tensor == Tensor([0, 0]))
  }

  @Test func lengthsOfTheHeader() throws {
    for (bytes, words) in [
      ([], "the file is empty"),
      ([1, 0, 0], "only 3 bytes"),
      (Self.eight, "a header of 0 bytes"),
      ([UInt8](repeating: 255, count: 8), "a header of 18446744073709551615 bytes"),
      ([0, 0, 0, 0, 0, 0, 0, 0x80] + Self.eight, "a header of 9223372036854775808 bytes"),
      ([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0] + Self.eight, "a header of 100000001 bytes"),
      (Array("RIFF....WAVEfmt ".utf8), "its first 8 bytes announce a header of"),
    ] as [([UInt8], String)] {
      let error = try refusal(bytes)
      guard case .notSafetensors(_, let found) = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(found.contains(words))
    }
    let short = try refusal([0, 0xE1, 0xF5, 0x05, 0, 0, 0, 0] + Self.eight)
    guard case .wrongSize(_, 16, 100_000_008) = short else {
      Issue.record("\(short)")
      return
    }
  }

  @Test(arguments: [
    ("[]", "expected '{'"), ("{ ", "expected a string"), ("{}x", "found 'x' at byte 10"),
    ("{\"w\"}", "expected ':'"), ("{\"w\":3}", "found '3' at byte 13, expected '{'"),
    ("{\"w\":{}}", "'w' incomplete"), ("{,}", "found ','"), ("  ", "the end of the header"),
    ("{\"__metadata__\":[]}", "expected '{'"), ("{\"__metadata__\":{\"k\":1}}", "a string"),
    ("{\"__metadata__\":{\"k\":null}}", "a string"), ("{\"\u{1}\":{}}", "control character"),
    ("{\"__metadata__\":{\"k\":\"v\"},}", "expected a string"),
    ("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", "'k' again"),
    ("{\"__metadata__\":{},\"__metadata__\":{}}", "'__metadata__' again"),
    ("{\"__metadata__\":{\"checksum\":\"crc\"}}", "the checksum 'crc'"),
    ("{\"__metadata__\":{\"checksum\":\"xxh64:\\u0030000000000000000\"}}", "checksum"),
    ("{\"k\\x\":{}}", "an escape"), ("{\"\\u12G4\":{}}", "four hexadecimal"),
    ("{\"\\uD800\":{}}", "surrogate"), ("{\"\\uD800\\u0041\":{}}", "second half"),
    ("{\"\\uDC00\":{}}", "surrogate"), ("{\"unfinished", "the end of the string"),
  ]) func headersThatAreNotJSON(header: String, words: String) throws {
    let error = try refusal(file(header))
    guard case .malformedHeader = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(words), "\(error)")
  }

  @Test func bytesThatAreNotUTF8() throws {
    let header = [UInt8]("{\"__metadata__\":{\"k\":\"".utf8) + [0xC3, 0x28] + [UInt8]("\"}}".utf8)
    let length: [UInt8] = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]
    #expect("\(try refusal(length + header))".contains("not UTF-8"))
  }

  @Test func deepNestingDoesNotExhaustTheStack() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect("\(try refusal(file("{\"w\":" + deep)))".contains("expected '{'"))
    #expect("\(try refusal(file("{\"w\":{\"shape\":" + deep)))".contains("whole number"))
  }

  @Test func entriesThatContradictThemselves() throws {
    for (header, words) in [
      (entry(dtype: "F64"), "type 'F64'"), (entry(dtype: "I64"), "one of F32, F16, BF16"),
      (entry(dtype: "f32"), "type 'f32'"), (entry(shape: "[3]"), "expected 12 bytes"),
      (entry(shape: "[]"), "expected 4 bytes"), (entry(shape: "[-2]"), "found '-'"),
      (entry(shape: "[2.0]"), "found '.'"), (entry(shape: "[02]"), "leading zero"),
      (entry(shape: "[2e0]"), "found 'e'"), (entry(shape: "[\"2\"]"), "whole number"),
      (entry(shape: "[2,]"), "found ']'"), (entry(shape: "2"), "expected '['"),
      (entry(shape: "[9223372036854775808]"), "above"),
      (entry(shape: "[4611686018427387904,4]"), "memory can hold"),
      (entry(shape: "[4294967296,4294967296,0]", offsets: "[0,0]"), "memory can hold"),
      (entry(shape: "[9223372036854775807]", offsets: "[0,8]"), "memory can hold"),
      (entry(offsets: "[8,0]"), "a start and an end"), (entry(offsets: "[0]"), "a start and"),
      (entry(offsets: "[0,8,8]"), "a start and"), (entry(offsets: "[0,9]"), "in 9 bytes"),
      (entry() + "," + entry(), "'w' again"),
      ("\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}", "'dtype' in 'w'"),
      ("\"w\":{\"colour\":\"red\"}", "'colour' in 'w'"),
    ] {
      let error = try refusal(file("{\(header)}", Self.eight))
      guard case .malformedHeader = error else {
        Issue.record("\(header): \(error)")
        continue
      }
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test func entriesThatContradictTheirNeighbours() throws {
    let data = Self.eight + Self.eight
    for (second, words) in [
      (entry("v", offsets: "[4,12]"), "data from byte 4"),  // overlap
      (entry("v", offsets: "[0,8]"), "data from byte 0"),  // the same bytes twice
      (entry("v", offsets: "[12,20]"), "data from byte 12"),  // a hole
    ] {
      let error = try refusal(file("{\(entry()),\(second)}", data))
      guard case .invalidTensor = error else {
        Issue.record("\(error)")
        continue
      }
      #expect("\(error)".contains(words), "\(error)")
    }
    guard case .invalidTensor = try refusal(file("{\(entry(offsets: "[8,16]"))}", data)) else {
      Issue.record("a hole before the first tensor was accepted")
      return
    }
  }

  @Test func entriesThatContradictTheSizeOfTheFile() throws {
    let tooShort = "{\(entry(shape: "[268435456,1024]", offsets: "[0,1099511627776]"))}"
    for (bytes, words) in [
      (file(tooShort, Self.eight), "cut short"),  // a terabyte announced, nothing allocated
      (file("{\(entry())}", Array(Self.eight.dropLast())), "cut short"),
      (file("{\(entry())}", Self.eight + [0]), "bytes after the end"),
      (file("{}", Self.eight), "bytes after the end"),
      (
        file("{\(entry(shape: "[2305843009213693950]", offsets: "[0,9223372036854775800]"))}"),
        "cut short"
      ),
    ] {
      let error = try refusal(bytes)
      guard case .wrongSize = error else {
        Issue.record("\(error)")
        continue
      }
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("whole")
    try Self.model.write(to: path)
    let whole = try contents(of: path)
    let cuts = Set(stride(from: 0, to: whole.count, by: 1024)).union(0..<300)
      .union([whole.count - 1])
    for count in cuts {
      try put(Array(whole.prefix(count)), at: folder.file("cut"))
      #expect(throws: CheckpointError.self, "cut at \(count)") {
        try ModelFile(reading: folder.file("cut"))
      }
    }
  }

  /// Every byte of a small file, one random bit each, and every bit of its header.
  @Test func aFlippedBitAnywhereIsRefused() throws {
    let folder = try TemporaryFolder()
    var small = Self.model
    small.tensors = [("w", Tensor([1, 2, 3]))]
    try small.write(to: folder.file("whole"))
    let whole = try contents(of: folder.file("whole"))
    #expect(throws: Never.self) { try ModelFile(reading: folder.file("whole")) }
    for position in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[position] ^= 1 << UInt8(bit)
        try put(damaged, at: folder.file("damaged"))
        #expect(throws: CheckpointError.self, "bit \(bit) of byte \(position)") {
          try ModelFile(reading: folder.file("damaged"))
        }
      }
    }
  }

  @Test func damageInTheDataIsCalledDamage() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x")
    try Self.model.write(to: path)
    var bytes = try contents(of: path)
    bytes[bytes.count - 100] ^= 4
    try put(bytes, at: path)
    let error = try #require(throws: CheckpointError.self) { try ModelFile(reading: path) }
    guard case .damaged(path, let found, let expected) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(found != expected && found.hasPrefix("xxh64:"))
  }

  /// Random changes of a sound file: refused or read, never a crash.
  @Test func randomChangesNeverCrash() throws {
    let seed: UInt64 = 20
    var random = RandomSource(seed: seed)
    let folder = try TemporaryFolder()
    let header = "{\"__metadata__\":{\"k\":\"v\"},\(entry())}"
    let whole = file(header, Self.eight)
    let alphabet = [UInt8]("{}[]\",:\\u0123456789eE+-.abdtrn \u{0}".utf8)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<random.integer(in: 1...4) {
        let position = random.integer(in: 0...bytes.count - 1)
        switch random.integer(in: 0...2) {
        case 0: bytes[position] = alphabet[random.integer(in: 0...alphabet.count - 1)]
        case 1: bytes.remove(at: position)
        default: bytes.insert(alphabet[random.integer(in: 0...alphabet.count - 1)], at: position)
        }
      }
      try put(bytes, at: folder.file("x"))
      do {
        _ = try SafetensorsFile(reading: folder.file("x"))
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1000, "seed \(seed)")
  }

  @Test func thingsThatAreNotFiles() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, expected) in [
      (folder.path, FileError.isFolder(path: folder.path)),
      (pipe, .notARegularFile(path: pipe)),
      ("/dev/zero", .notARegularFile(path: "/dev/zero")),
      (folder.file("none"), .notFound(path: folder.file("none"))),
      ("/etc/passwd/x", .notAFolder(path: "/etc/passwd/x")),
    ] {
      #expect(throws: CheckpointError.file(expected)) { try SafetensorsFile(reading: path) }
      #expect(throws: CheckpointError.file(expected)) { try SafetensorsHeader(reading: path) }
    }
  }

  private static let model = {
    var random = RandomSource(seed: 3)
    var model = ModelFile(kind: "test")
    model.metadata["configuration"] = "{\"hiddenSize\":5}"
    model.tensors = [
      ("a", Tensor((0..<3000).map { _ in random.uniform() })), ("b", Tensor(zeros: [50, 50])),
    ]
    return model
  }()
}

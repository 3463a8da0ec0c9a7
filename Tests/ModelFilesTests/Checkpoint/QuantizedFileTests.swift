import Autograd
import Layers
import ModelFiles
import Tensors
import TestSupport
import Testing

/// 8-bit integers in files: what is written, read and refused.
@Suite struct QuantizedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let form = QuantizedTensor(
    QuantizedMatrix(values: [127, -3, 0, 2, -127, 1], scales: [0.5, 0.25], columns: 3),
    shape: [2, 3])

  private static func example(_ others: [(String, Tensor)] = []) -> SafetensorsFile {
    var file = SafetensorsFile(tensors: [("w", form.value)] + others)
    file.quantized["w"] = form
    return file
  }

  @Test func integersAndScalesAreThoseOfTheFormat() throws {
    try Self.example().write(to: folder.file("x"))
    let bytes = try contents(of: folder.file("x"))
    let header = try SafetensorsHeader(reading: folder.file("x"))
    #expect(header.entries.map(\.name) == ["w", "w.scales"])
    #expect(header.entries.map(\.type) == [.int8, .float32])
    #expect(header.entries.map(\.shape) == [[2, 3], [2]])
    #expect(header.scaleNames == ["w.scales"] && header.mainType == .int8)
    #expect(
      bytes.suffix(14) == [127, 253, 0, 2, 129, 1, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x3E])
  }

  @Test(arguments: [SafetensorsHeader.ElementType.float32, .float16])
  func aFileThatIsReadAndWrittenIsTheSame(type: SafetensorsHeader.ElementType) throws {
    var file = Self.example([("bias", Tensor([0.1, 0.2])), ("kept", Tensor(rows: [[1, 2]]))])
    file.elementType = type
    try file.write(to: folder.file("a"))
    let read = try SafetensorsFile(reading: folder.file("a"), checksum: .required)
    #expect(read.elementType == type && read.tensors.map(\.name) == ["bias", "kept", "w"])
    #expect(read.quantized.keys.sorted() == ["w"])
    #expect(read.quantized["w"]?.matrix == Self.form.matrix)
    #expect(read.tensors[2].tensor == Tensor(rows: [[63.5, -1.5, 0], [0.5, -31.75, 0.25]]))
    try read.write(to: folder.file("b"))
    #expect(try contents(of: folder.file("a")) == contents(of: folder.file("b")))
  }

  @Test func aNewValueIsWrittenAsFloats() throws {
    var file = Self.example()
    file.tensors[0].tensor[0, 0] = 0.125
    try file.write(to: folder.file("x"))
    let read = try SafetensorsFile(reading: folder.file("x"))
    #expect(read.quantized.isEmpty && read.tensors[0].tensor[0, 0] == 0.125)
    #expect(try SafetensorsHeader(reading: folder.file("x")).entries.map(\.type) == [.float32])
  }

  // MARK: - Files that lie

  private func entry(_ name: String, _ type: String, _ shape: String, _ range: Range<Int>) -> String
  {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),"
      + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}"
  }

  private func refusal(
    _ entries: [String], _ data: [UInt8], name: String, words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = folder.file("bad.safetensors")
    try put(file("{" + entries.joined(separator: ",") + "}", data), at: path)
    let error = try #require(
      throws: CheckpointError.self, sourceLocation: sourceLocation
    ) { try SafetensorsFile(reading: path) }
    guard case .invalidTensor(path, name, _, _) = error else {
      Issue.record("\(error)", sourceLocation: sourceLocation)
      return
    }
    for word in words {
      #expect("\(error)".contains(word), "\(error)", sourceLocation: sourceLocation)
    }
  }

  private static func bytes(_ scales: [Float]) -> [UInt8] {
    scales.flatMap { scale in withUnsafeBytes(of: scale.bitPattern.littleEndian) { Array($0) } }
  }

  @Test func integersWithoutTheirScales() throws {
    let integers = entry("w", "I8", "[2,2]", 0..<4)
    let data = [UInt8](repeating: 1, count: 4)
    try refusal([integers], data, name: "w", words: ["without scales", "'w.scales'", "[2]"])
    try refusal(
      [entry("w", "I8", "[4]", 0..<4)], data, name: "w", words: ["[4]", "two or more axes"])
    try refusal(
      [integers, entry("w.scales", "F32", "[3]", 4..<16)], data + Self.bytes([1, 1, 1]),
      name: "w.scales", words: ["[3]", "[2]", "each row of 'w'"])
    try refusal(
      [integers, entry("w.scales", "F32", "[2,1]", 4..<12)], data + Self.bytes([1, 1]),
      name: "w.scales", words: ["[2, 1]"])
    try refusal(
      [integers, entry("w.scales", "F16", "[2]", 4..<8)], data + data, name: "w.scales",
      words: ["type F16", "type F32"])
  }

  @Test func scalesAndValuesThatCannotBe() throws {
    let entries = [entry("w", "I8", "[2,2]", 0..<4), entry("w.scales", "F32", "[2]", 4..<12)]
    let sound: [UInt8] = [1, 127, 129, 255]
    for scale in [-1, -0x1p-149, .nan, .infinity, .greatestFiniteMagnitude / 126] as [Float] {
      try refusal(
        entries, sound + Self.bytes([1, scale]), name: "w.scales",
        words: ["\(scale)", "row 1", "0 or more"])
    }
    try refusal(
      entries, [1, 2, 0x80, 3] + Self.bytes([1, 1]), name: "w",
      words: ["-128 at place 2", "-127 to 127"])
    let path = folder.file("sound.safetensors")
    try put(
      file("{" + entries.joined(separator: ",") + "}", sound + Self.bytes([1, 0])), at: path)
    #expect(
      try SafetensorsFile(reading: path).tensors[0].tensor == Tensor(rows: [[1, 127], [0, 0]]))
  }

  @Test func damageIsNamedAsSuch() throws {
    let path = folder.file("x")
    try Self.example().write(to: path)
    var bytes = try contents(of: path)
    bytes[bytes.count - 14] = 0x80
    try put(bytes, at: path)
    let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(reading: path) }
    guard case .damaged(path, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    for length in stride(from: 0, to: bytes.count, by: 7) {
      try put(Array(bytes[..<length]), at: path)
      #expect(throws: CheckpointError.self) { try SafetensorsFile(reading: path) }
    }
  }
}

import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite struct HalfPrecisionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func stored(_ values: [Float]) throws -> [Float] {
    var file = SafetensorsFile(tensors: [("x", Tensor(values))])
    file.elementType = .float16
    try file.write(to: folder.file("half"))
    let read = try SafetensorsFile(reading: folder.file("half"), checksum: .required)
    #expect(read.elementType == .float16)
    return read.tensors[0].tensor.scalars
  }

  @Test func everyHalfIsStoredExactly() throws {
    // All finite halves: the sign, 2¹¹ steps of each power of two, and the subnormals.
    var values: [Float] = []
    for exponent in -14...15 {
      for step in 0..<1024 { values.append(Float(1024 + step) * scale(exponent - 10)) }
    }
    values += (0..<1024).map { Float($0) * scale(-24) }
    values += values.map { -$0 }
    #expect(try stored(values).map(\.bitPattern) == values.map(\.bitPattern))
  }

  private func scale(_ exponent: Int) -> Float {
    Float(sign: .plus, exponent: exponent, significand: 1)
  }

  @Test func otherNumbersBecomeTheNearestAndTiesTheEven() throws {
    let ulp: Float = 0x1p-10  // between 1 and 2
    #expect(
      try stored([
        1 + 0.49 * ulp, 1 + 0.5 * ulp, 1 + 0.51 * ulp, 1 + 1.5 * ulp, 2 - 0.25 * ulp, 65_519,
        0x1.8p-25, 0x1p-25, -0x1p-26, 1e-30,
      ]) == [1, 1, 1 + ulp, 1 + 2 * ulp, 2, 65_504, 0x1p-24, 0, 0, 0])
    #expect(try stored([.infinity, -.infinity]) == [.infinity, -.infinity])
    #expect(try stored([.nan])[0].isNaN)
  }

  @Test func aWeightThatNoHalfHoldsIsRefusedByName() throws {
    var file = SafetensorsFile(tensors: [("small", Tensor([1])), ("large", Tensor([1, -70_000]))])
    file.elementType = .float16
    let error = #expect(throws: CheckpointError.self) { try file.write(to: folder.file("x")) }
    #expect("\(try #require(error))".contains("large"))
    #expect("\(try #require(error))".contains("-70000"))
  }

  @Test func aModelThatIsReadAndWrittenKeepsItsPrecision() throws {
    var model = ModelFile(kind: "test")
    model.tensors = [("w", Tensor([0.1, 0.2]))]
    model.elementType = .float16
    try model.write(to: folder.file("a"))
    try ModelFile(reading: folder.file("a")).write(to: folder.file("b"))
    #expect(try contents(of: folder.file("a")) == contents(of: folder.file("b")))
    #expect(try SafetensorsHeader(reading: folder.file("b")).entries[0].type == .float16)
  }
}

import ModelFiles
import Tensors
import Testing

/// `Reference/reference.safetensors` was written by the Python library; see `make_reference.py`.
@Suite struct SafetensorsReferenceTests {
  static let path =
    #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    + "/Reference/reference.safetensors"

  private func tensor(_ name: String) throws -> Tensor {
    let file = try SafetensorsFile(reading: Self.path)
    return try #require(file.tensors.first { $0.name == name }?.tensor)
  }

  @Test func metadataAndNamesAreRead() throws {
    let file = try SafetensorsFile(reading: Self.path)
    #expect(
      file.metadata == ["format": "np", "né": "line\nbreak \"quoted\" \u{1} 😀"])
    #expect(
      Set(file.tensors.map(\.name))
        == ["ramp", "scalar", "empty", "half", "brain", "größe \"q\" \\ 😀\t"])
  }

  @Test func singlePrecisionIsRead() throws {
    let ramp = try tensor("ramp")
    #expect(ramp.shape == [2, 3, 4])
    #expect(ramp.scalars == (0..<24).map { Float($0) / 8 - 1 })
    #expect(try tensor("scalar") == Tensor(scalar: 3.25))
    #expect(try tensor("empty").shape == [0, 5])
    #expect(try tensor("größe \"q\" \\ 😀\t") == Tensor([7]))
  }

  @Test func halfPrecisionIsRead() throws {
    let half: [Float] = [
      0, -0.0, 1, -2, 65504, 0x1p-14, 0x1p-24, .infinity, -.infinity, 0.333251953125,
    ]
    #expect(try tensor("half").scalars.map(\.bitPattern) == half.map(\.bitPattern))
  }

  @Test func brainFloatsAreRead() throws {
    let brain = try tensor("brain")
    #expect(brain.shape == [2, 2])
    // 3e38 and 1e-38 rounded to 8 bits of significand: relative error at most 2⁻⁹
    let expected: [Float] = [1, -1.5, 3e38, 1e-38]
    for (found, value) in zip(brain.scalars, expected) {
      #expect(abs(found - value) <= abs(value) * 0x1p-8)
    }
    #expect(brain.scalars[0] == 1 && brain.scalars[1] == -1.5)
  }

  @Test func aFileWithoutChecksumIsRefusedWhereOneIsRequired() {
    #expect(throws: CheckpointError.missingEntry(path: Self.path, key: "checksum")) {
      try SafetensorsFile(reading: Self.path, checksum: .required)
    }
  }
}

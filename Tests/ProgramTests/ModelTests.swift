import Foundation
import ModelFiles
import Recognition
import Testing

/// Models that are not there, do not fit or are damaged.
@Suite struct ModelTests {
  let materials: Materials
  let folder: TemporaryFolder

  init() throws {
    materials = try Materials.shared.get()
    folder = try TemporaryFolder()
  }

  private func run(model: String) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["transcribe", "-m", model, materials.recording])
  }

  @Test func aModelCutAtEveryKilobyte() throws {
    let bytes = try Data(contentsOf: URL(filePath: materials.model))
    #expect(bytes.count > 4096, "the model was to be larger")
    for length in stride(from: 0, to: bytes.count, by: 1024) {
      let path = try folder.write("cut.safetensors", bytes.prefix(length))
      let run = try run(model: path)
      #expect(run.code == 65, "\(length) bytes: \(run.errors)")
      #expect(run.errors.contains(path) && run.output == "", "\(length) bytes")
    }
  }

  @Test func aModelThatDoesNotFit() throws {
    var file = try ModelFile(reading: materials.model)
    let first = try #require(file.tensors.first)
    file.tensors[0].tensor = first.tensor.reshaped([1, first.tensor.count])
    let path = folder.file("other.safetensors")
    try file.write(to: path)
    let run = try run(model: path)
    #expect(run.code == 65)
    #expect(run.errors.contains(path) && run.errors.contains(first.name))
  }

  @Test func aFlippedBit() throws {
    var bytes = try Data(contentsOf: URL(filePath: materials.model))
    bytes[bytes.count - 100] ^= 4
    let path = try folder.write("flipped.safetensors", bytes)
    let run = try run(model: path)
    #expect(run.code == 65 && run.errors.contains(path) && run.errors.contains("checksum"))
  }

  @Test func aMissingModel() throws {
    let path = folder.file("none.safetensors")
    let run = try run(model: path)
    #expect(run.code == 66 && run.errors.contains(path))
  }

  @Test func aNameWithATypo() throws {
    let run = try ScribeProgram.run(
      ["transcribe", "-m", "tinny", materials.recording],
      environment: ["SCRIBE_MODELS": materials.folder.path])
    #expect(run.code == 66)
    #expect(run.errors.contains("did you mean 'tiny'"))
  }

  @Test func modelsAreListed() throws {
    let environment = ["SCRIBE_MODELS": materials.folder.path]
    let table = try ScribeProgram.run(["models"], environment: environment)
    #expect(table.code == 0)
    #expect(table.output.contains("tiny") && table.output.contains("deepSpeech2"))
    let json = try ScribeProgram.run(["models", "--json"], environment: environment)
    struct Row: Decodable {
      var name: String
      var path: String
      var kind: String
      var size: Int
    }
    let rows = try JSONDecoder().decode([Row].self, from: Data(json.output.utf8))
    let row = try #require(rows.first { $0.name == "tiny" })
    #expect(row.path == materials.model && row.kind == "deepSpeech2")
    #expect(row.size == (try Data(contentsOf: URL(filePath: materials.model)).count))
  }

  @Test func aDamagedModelIsListedAsSuch() throws {
    let path = try folder.write("broken.safetensors", "no model".utf8)
    let run = try ScribeProgram.run(["models"], environment: ["SCRIBE_MODELS": folder.path])
    #expect(run.code == 65 && run.errors.contains(path))
  }
}

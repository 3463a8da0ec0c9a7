import Foundation
import ModelFiles
import Recognition
import Testing

/// `scribe quantize`, and what other commands make of its files.
@Suite struct QuantizeTests {
  let materials: Materials
  let folder: TemporaryFolder
  var output: String { folder.file("small.safetensors") }

  init() throws {
    materials = try Materials.shared.get()
    folder = try TemporaryFolder()
  }

  private func run(_ arguments: String..., model: String? = nil) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["quantize", model ?? materials.model, "-o", output] + arguments)
  }

  private func size(_ path: String) throws -> Int {
    try Data(contentsOf: URL(filePath: path)).count
  }

  private struct Report: Decodable {
    struct Change: Decodable { var before, after, difference: Double }
    struct Check: Decodable {
      var count: Int
      var characterErrorRate, wordErrorRate: Change
    }
    var bytesBefore, bytesAfter: Int
    var quantization: Quantization
    var check: Check?
  }

  @Test func sizesAndErrorAreTold() throws {
    let told = try run()
    #expect(told.code == 0 && told.errors == "", "\(told.errors)")
    for words in ["MB", "times smaller", "weight matrices in 8 bits", "greatest relative"] {
      #expect(told.output.contains(words), "\(told.output)")
    }
    let first = try Data(contentsOf: URL(filePath: output))
    let json = try run("--json")
    let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
    #expect(try report.bytesBefore == size(materials.model))
    #expect(report.bytesAfter == first.count && first.count < report.bytesBefore)
    #expect(report.quantization.kept == [] && report.check == nil)
    #expect(try Data(contentsOf: URL(filePath: output)) == first, "the same bytes every time")
    let file = try ModelFile(reading: output)
    #expect(file.isQuantized && file.quantized.count == report.quantization.matrixCount)
  }

  @Test func theFileIsAModelLikeOthers() throws {
    _ = try run()
    let heard = try ScribeProgram.run(["transcribe", "-m", output, materials.recording])
    #expect(heard.code == 0 && heard.output != "")
    let listed = try ScribeProgram.run(["models"], environment: ["SCRIBE_MODELS": folder.path])
    #expect(listed.output.contains("small") && listed.output.contains("int8"))
    let json = try ScribeProgram.run(
      ["models", "--json"], environment: ["SCRIBE_MODELS": folder.path])
    #expect(json.output.contains("\"weights\":\"int8\""))
    let floats = folder.file("floats.safetensors")
    let converted = try ScribeProgram.run(
      ["convert", output, "-o", floats, "--precision", "float32"])
    #expect(converted.code == 0)
    #expect(try !ModelFile(reading: floats).isQuantized)
    let again = try ScribeProgram.run(["transcribe", "-m", floats, materials.recording])
    #expect(again.output == heard.output)
  }

  @Test func inspectListsTheTensors() throws {
    _ = try run("--keep", "output.*")
    let inspected = try ScribeProgram.run(["inspect", output])
    #expect(inspected.code == 0 && inspected.errors == "")
    let rows = inspected.output.split(separator: "\n").map { $0.split(separator: " ") }
    let weight = try #require(rows.first { $0.first == "output.weight" })
    #expect(weight[1] == "float32")
    let recurrent = try #require(rows.first { $0.first?.hasSuffix("recurrent_weight") ?? false })
    #expect(recurrent[1] == "int8")
    #expect(!inspected.output.contains(".scales") && inspected.output.contains("mostly int8"))
    // A row of 16 integers and its scale of four bytes, for the gates of 16 cells.
    let rowCount = try #require(Int(recurrent[2].dropFirst().dropLast()))
    #expect(recurrent.last.map(String.init) == "\(rowCount * (16 + 4))")
    let picture = try ScribeProgram.run(["inspect", output, "-o", folder.file("x.png")])
    #expect(picture.code == 64 && picture.errors.contains("-o"))
  }

  @Test func checkedOnAManifest() throws {
    let row = "{\"audio_filepath\": \"\(materials.recording)\", \"text\": \"ten two\"}\n"
    let manifest = try folder.write("m.jsonl", (row + row).utf8)
    let told = try run("--check", manifest)
    #expect(told.code == 0, "\(told.errors)")
    for words in ["CER", "WER", "BEFORE", "AFTER", "points", "2 samples"] {
      #expect(told.output.contains(words), "\(told.output)")
    }
    let json = try run("--check", manifest, "--json")
    let check = try #require(
      try JSONDecoder().decode(Report.self, from: Data(json.output.utf8)).check)
    #expect(check.count == 2 && check.characterErrorRate.before > 0)
    for change in [check.characterErrorRate, check.wordErrorRate] {
      #expect(change.difference == change.after - change.before)
    }
    let before = try ScribeProgram.run(
      ["evaluate", "--json", "-m", materials.model, manifest])
    struct Evaluated: Decodable {
      struct Rate: Decodable { var rate: Double }
      var characterErrorRate: Rate
    }
    let evaluated = try JSONDecoder().decode(Evaluated.self, from: Data(before.output.utf8))
    #expect(evaluated.characterErrorRate.rate == check.characterErrorRate.before)
  }

  @Test func keptWeightsAndPatternsThatNameNone() throws {
    let kept = try run("--keep", "output.weight", "--keep", "*recurrent_weight")
    #expect(kept.code == 0 && kept.output.contains("kept: output.weight, "))
    try FileManager.default.removeItem(atPath: output)
    let none = try run("--keep", "outptu.weight")
    #expect(none.code == 65 && none.errors.contains("'outptu.weight'"))
    #expect(none.errors.contains("output.weight"))
    #expect(try folder.names() == [], "nothing was written")
  }

  @Test func refusals() throws {
    _ = try run()
    let once = folder.file("once.safetensors")
    try FileManager.default.moveItem(atPath: output, toPath: once)
    let twice = try run(model: once)
    #expect(twice.code == 65 && twice.errors.contains(once) && twice.errors.contains("already"))
    #expect(try run("--check", folder.file("none.jsonl")).code == 66)
    #expect(try folder.names() == ["once.safetensors"], "nothing was written")
    #expect(try run(model: folder.file("none.safetensors")).code == 66)
    #expect(try run("--batch", "0").code == 64)
    let unwritable = try ScribeProgram.run(
      ["quantize", materials.model, "-o", folder.file("no/such/folder.safetensors")])
    #expect([66, 73].contains(unwritable.code), "\(unwritable.code)")
  }

  @Test func theModelMayBeReplaced() throws {
    let path = folder.file("model.safetensors")
    try FileManager.default.copyItem(atPath: materials.model, toPath: path)
    let before = try size(path)
    let run = try ScribeProgram.run(["quantize", path, "-o", path, "--json"])
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    let after = try size(path)
    #expect(report.bytesBefore == before && report.bytesAfter == after)
    #expect(try ModelFile(reading: path).isQuantized)
  }
}

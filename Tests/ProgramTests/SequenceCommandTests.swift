import Foundation
import Testing

/// `scribe classify` of sequences and `scribe sample`, with models that the program trained.
@Suite struct SequenceCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = folder.file(name)
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// Trains by a recipe and returns the path of the model.
  private func train(_ task: String, data: String, _ rest: String) throws -> String {
    let recipe = try write(
      "recipe.yaml",
      """
      task: \(task)
      epochs: 12
      data: {train: [\(data)], validation: [\(data)]}
      batching: {size: 8}
      optimizer: {kind: adam, learningRate: 0.03}
      \(rest)
      """)
    let run = try ScribeProgram.run(["train", recipe, "-o", folder.file("out")])
    try #require(run.code == 0, "\(run.errors)")
    return folder.file("out/best.safetensors")
  }

  private func classes() throws -> String {
    let lines = (0..<30).flatMap { number in
      ["one\t" + String(repeating: "ab", count: 1 + number % 4), "two\tcd c" + "\(number % 3)"]
    }
    return try write("classes.tsv", lines.map { $0 + "\n" }.joined())
  }

  @Test func textsAreClassified() throws {
    let data = try classes()
    let model = try train(
      "sequenceClassification", data: data, "model: {pooling: attention, embeddingSize: 8}")
    let run = try ScribeProgram.run(
      ["classify", "--model", model, "-"], input: Data("abab\n\ncd c1\n".utf8))
    #expect(run.code == 0, "\(run.errors)")
    let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.map { $0[0] } == ["standard input:1", "standard input:3"])
    #expect(rows.map { $0[1] } == ["one", "two"])
    let report = try ScribeProgram.run(
      ["classify", "--model", model, "--labels", "inside", data])
    #expect(report.code == 0 && report.output.contains("error 0.00 %"), "\(report)")
    #expect(report.output.contains("PRECISION"))
    let json = try ScribeProgram.run(
      ["classify", "--model", model, "--top", "2", "--json", "-"], input: Data("ab\n".utf8))
    #expect(json.output.contains(#""label":"one""#) && json.output.contains("attention"))
    let wrong = try ScribeProgram.run(
      ["classify", "--model", model, "--labels", "species", data])
    #expect(wrong.code == 64 && wrong.errors.contains("--labels inside"), "\(wrong)")
  }

  @Test func tokensAreLabelled() throws {
    let data = try write(
      "tagged.tsv", String(repeating: "the\tD\ndog\tN\n\nthe\tD\ncat\tN\nruns\tV\n\n", count: 12))
    let model = try train(
      "sequenceLabelling", data: data, "input: {unit: word}\nmodel: {embeddingSize: 8}")
    let run = try ScribeProgram.run(
      ["classify", "--model", model, "-"], input: Data("the dog runs\n".utf8))
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output == "the\tD\ndog\tN\nruns\tV\n\n")
  }

  @Test func textIsWrittenAndMeasured() throws {
    let data = try write("text.txt", String(repeating: "abcabc\n", count: 60))
    let model = try train(
      "languageModelling", data: data,
      "stepLength: 10\nmodel: {embeddingSize: 8, recurrent: {hiddenSize: 24}}")
    let arguments = ["sample", "--model", model, "--prompt", "ab", "--length", "5"]
    let run = try ScribeProgram.run(arguments + ["--temperature", "0"])
    #expect(run.code == 0 && run.output == "abcabc\n\n", "\(run)")
    let drawn = try ScribeProgram.run(arguments + ["--temperature", "3", "--seed", "4"])
    let again = try ScribeProgram.run(arguments + ["--temperature", "3", "--seed", "4"])
    #expect(drawn.output == again.output && drawn.errors == "")
    #expect(try ScribeProgram.run(arguments).errors.contains("--seed "))
    let measured = try ScribeProgram.run(["sample", "--model", model, "--measure", data])
    #expect(measured.code == 0 && measured.output.contains("bits per character"), "\(measured)")
    #expect(try ScribeProgram.run(arguments + ["--top-p", "0"]).code == 64)
    let missing = folder.file("missing.txt")
    #expect(
      try ScribeProgram.run(["sample", "--model", model, "--measure", missing]).code == 66)
  }

  @Test func unfitDataHasItsExitCode() throws {
    let data = try write("broken.tsv", "one\tab\nno tab\n")
    let recipe = try write(
      "recipe.yaml", "task: sequenceClassification\ndata: {train: [\(data)]}\n")
    let run = try ScribeProgram.run(["train", recipe, "-o", folder.file("out")])
    #expect(run.code == 65 && run.errors.contains("broken.tsv:2: found"), "\(run)")
  }
}

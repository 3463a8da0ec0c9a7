import Foundation
import Testing

/// `scribe lm` as a user calls it.
@Suite struct LanguageModelTests {
  let folder: TemporaryFolder
  let text: String

  init() throws {
    folder = try TemporaryFolder()
    text = try folder.write("text.txt", Data("the old boat\nthe boat sees a boat\na lamp\n".utf8))
  }

  private func run(_ arguments: String...) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["lm"] + arguments)
  }

  @Test func trainsMeasuresAndConverts() throws {
    let (model, arpa) = (folder.file("m.lm"), folder.file("m.arpa"))
    let trained = try run("train", text, "--order", "2", "--bits", "32", "-o", model)
    #expect(trained.code == 0 && trained.output.hasPrefix("3 lines, 10 words\n"), "\(trained)")
    let info = try run("info", model)
    #expect(info.output.contains("order   2\nunit    word\n"), "\(info)")
    let perplexity = try run("perplexity", model, text, "--json")
    #expect(perplexity.code == 0 && perplexity.output.contains("\"unknown\":0"))
    #expect(try run("convert", model, "-o", arpa).code == 0)
    #expect(try run("perplexity", arpa, text, "--json").output == perplexity.output)
    let other = folder.file("other.lm")
    #expect(try run("convert", arpa, "-o", other, "--bits", "32").code == 0)
    #expect(try run("perplexity", other, text, "--json").output == perplexity.output)
  }

  @Test func trainsOnCharactersIntoARPA() throws {
    let arpa = folder.file("m.arpa")
    let run = try run(
      "train", text, "--order", "3", "--unit", "character", "--prune", "0", "0", "1",
      "--vocabulary", "9", "--arpa", "-o", arpa)
    #expect(run.code == 0, "\(run)")
    let written = try String(contentsOfFile: arpa, encoding: .utf8)
    #expect(written.hasPrefix("\\data\\\nngram 1=12\n") && written.contains("<space>"))
  }

  @Test func textIsWrittenAsAModelWritesIt() throws {
    let materials = try Materials.shared.get()
    let mixed = try folder.write(
      "mixed.txt", Data("one — two,ten!\r\n\nzwölf one\none 2\n  ...\nten".utf8))
    let manifest = try folder.write(
      "set.jsonl",
      Data("{\"audio_filepath\":\"\(materials.recording)\",\"text\":\"two  two\"}\n".utf8))
    let arpa = folder.file("m.arpa")
    let made = try run(
      "train", mixed, manifest, "--for", materials.model, "--order", "1", "--arpa", "-o", arpa)
    #expect(made.code == 0 && made.output.hasPrefix("3 lines, 6 words\n"), "\(made)")
    #expect(made.errors.contains("2 lines left out"), "\(made)")
    let plain = try run("train", manifest, "--order", "1", "--arpa", "-o", arpa)
    #expect(plain.code == 0 && plain.output.hasPrefix("1 lines, 2 words\n"), "\(plain)")
    let missing = try run("train", text, "--for", "no-such-model", "-o", arpa)
    #expect(missing.code == 66 && missing.errors.contains("no-such-model"), "\(missing)")
  }

  @Test func whatIsRefused() throws {
    let missing = try run("info", folder.file("none"))
    #expect(missing.code == 66 && missing.errors.contains(folder.file("none")))
    let damaged = try run("info", text)
    #expect(damaged.code == 65 && damaged.errors.contains("\(text):3: the file has no \\data\\"))
    let order = try run("train", text, "--order", "0", "-o", folder.file("m"))
    #expect(order.code == 64 && order.errors.contains("order: found 0"))
    #expect(try run("train", text, "--bits", "9", "-o", folder.file("m")).code == 64)
    let output = try run("train", text, "-o", folder.file("no/m"))
    #expect(output.code == 66 && output.errors.contains(folder.file("no/m")), "\(output)")
  }
}

import Foundation
import Testing

/// The formats of `scribe transcribe`.
@Suite struct FormatTests {
  let materials: Materials

  init() throws { materials = try Materials.shared.get() }

  private func transcribe(_ arguments: String...) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["transcribe", "-m", materials.model] + arguments)
  }

  @Test func allWritesEveryFormatAsEachAloneDoes() throws {
    let folder = try TemporaryFolder()
    let run = try transcribe("-f", "all", "-o", folder.path, materials.recording)
    #expect(run.code == 0 && run.output == "" && run.errors == "")
    let extensions = [
      "txt": "txt", "srt": "srt", "vtt": "vtt", "tsv": "tsv", "json": "json",
      "verbose_json": "verbose.json", "ctm": "ctm", "stm": "stm", "textgrid": "TextGrid",
    ]
    #expect(try folder.names() == extensions.values.map { "tone.\($0)" }.sorted())
    for (format, name) in extensions {
      let alone = try transcribe("-f", format, materials.recording)
      #expect(alone.code == 0)
      #expect(try folder.text("tone.\(name)") == alone.output, "\(format)")
    }
  }

  @Test(arguments: [
    ("srt", "00:00:00,", "1\n"), ("vtt", "00:00:00.", "WEBVTT\n\n"),
    ("tsv", "\t", "start\tend\ttext\n"), ("ctm", "tone 1 0.", ";;"),
    ("stm", "tone 1 tone 0.", ";;"), ("textgrid", "xmax = 0.660", "File type = \"ooTextFile\"\n"),
    ("verbose_json", "\"task\":\"transcribe\"", "{"),
  ])
  func everyFormatBeginsAsItMust(format: String, inside: String, start: String) throws {
    let run = try transcribe("-f", format, materials.recording)
    #expect(run.code == 0 && run.output.hasPrefix(start) && run.output.contains(inside))
  }

  @Test(arguments: ["tsv", "ctm", "stm"]) func severalAreOneTable(format: String) throws {
    let folder = try TemporaryFolder()
    let second = try folder.write("a second.wav", WAV.pcm(Materials.tone(seconds: 0.5)))
    let run = try transcribe("-f", format, materials.recording, second)
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    let isHeading = { (line: Substring) in line.hasPrefix(";;") || line.hasPrefix("start\t") }
    #expect(lines.count(where: isHeading) == 1 && lines.first.map(isHeading) == true)
    #expect(lines.dropFirst().contains { $0.contains("second") })
    #expect(lines.dropFirst().contains { $0.contains("tone") })
    if format != "tsv" { #expect(lines.dropFirst().first?.hasPrefix("a%20second 1 ") == true) }
  }

  @Test(arguments: ["srt", "vtt", "textgrid"]) func whatHoldsOneNeedsAFolder(format: String) throws
  {
    let run = try transcribe("-f", format, materials.recording, materials.recording)
    #expect(run.code == 64 && run.errors.contains("--output-dir") && run.output == "")
  }

  @Test func allNeedsAFolder() throws {
    let run = try transcribe("-f", "all", materials.recording)
    #expect(run.code == 64 && run.errors.contains("--output-dir") && run.output == "")
  }

  @Test func timesOfAPartAreThoseOfTheWhole() throws {
    let run = try transcribe(
      "--offset", "0.3", "--duration", "0.2", "-f", "ctm", "--channel", "0", materials.recording)
    let rows = run.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
    #expect(!rows.isEmpty)
    for row in rows {
      let start = try #require(Double(row[2]))
      #expect(start >= 0.3 && start < 0.5 && row[1] == "1")
    }
  }

  @Test func captionsObeyTheirOptions() throws {
    let text = ["align", materials.model, materials.recording, "one two ten", "-f"]
    let whole = try ScribeProgram.run(text + ["srt"])
    #expect(whole.output.hasPrefix("1\n00:00:00,") && whole.output.hasSuffix("one two ten\n\n"))
    let options = ["--max-line-count", "1", "--max-words-per-line", "1"]
    let single = try ScribeProgram.run(text + ["srt"] + options)
    let blocks = single.output.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    #expect(blocks.compactMap { $0.split(separator: "\n").last } == ["one", "two", "ten"])
    let narrow = try ScribeProgram.run(text + ["srt", "--max-line-width", "8"])
    #expect(narrow.output.contains("\none two\nten\n"))
    let tagged = try ScribeProgram.run(text + ["vtt", "--word-timestamps"])
    #expect(tagged.output.count { $0 == "<" } == 2)
  }

  @Test(arguments: [
    ["--max-line-width", "0"], ["--max-line-count", "-1"], ["--max-words-per-line", "0"],
    ["--max-caption-duration", "nan"], ["--max-caption-pause", "-1"], ["-f", "docx"],
  ])
  func wrongOptions(arguments: [String]) throws {
    let run = try ScribeProgram.run(["transcribe"] + arguments + ["x.wav"])
    #expect(run.code == 64 && run.errors.contains(arguments[0] == "-f" ? "docx" : arguments[0]))
  }
}

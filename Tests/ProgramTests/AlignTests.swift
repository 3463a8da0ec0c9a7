import Foundation
import Testing

/// `scribe align`.
@Suite struct AlignTests {
  let materials: Materials

  init() throws { materials = try Materials.shared.get() }

  private func align(_ arguments: String..., input: String = "") throws -> ScribeProgram.Run {
    try ScribeProgram.run(
      ["align", materials.model, materials.recording] + arguments, input: Data(input.utf8))
  }

  /// The rows of a CTM file: start, end and word.
  private func words(_ ctm: String) -> [(start: Double, end: Double, word: String)] {
    ctm.split(separator: "\n").filter { !$0.hasPrefix(";;") }.compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count == 6, let start = Double(fields[2]), let length = Double(fields[3]) else {
        return nil
      }
      return (start, start + length, String(fields[4]))
    }
  }

  @Test func theWordsOfTheTextHaveTimesInOrder() throws {
    let run = try align("One two  TEN", "-f", "ctm")
    #expect(run.code == 0 && run.errors == "")
    let words = words(run.output)
    #expect(words.map(\.word) == ["one", "two", "ten"])
    var clock = 0.0
    for word in words {
      #expect(word.start >= clock - 1e-9 && word.end > word.start && word.end <= 0.7)
      clock = word.end
    }
  }

  @Test func theTextComesFromAnywhere() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text.txt", "\u{FEFF}one\ntwo\n".utf8)
    let given = try align("one\ntwo", "-f", "json")
    #expect(given.code == 0 && given.output.contains("\"text\":\"one two\""))
    #expect(try align("@" + path, "-f", "json").output == given.output)
    #expect(try align("--text-file", path, "-f", "json").output == given.output)
    #expect(try align("-", "-f", "json", input: "one\r\ntwo").output == given.output)
  }

  @Test func linesAreSegments() throws {
    let run = try align("one\n\ntwo ten", "-f", "tsv")
    let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.dropFirst().map { $0[2] } == ["one", "two ten"])
  }

  @Test func aTextGridIsWrittenUnlessAnythingElseIsAskedFor() throws {
    let run = try align("one two")
    #expect(run.code == 0 && run.output.hasPrefix("File type = \"ooTextFile\""))
    #expect(run.output.contains("text = \"one\"") && run.output.contains("text = \"w\""))
    let folder = try TemporaryFolder()
    #expect(try align("one", "-f", "all", "-o", folder.file("out")).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(names.count == 9 && names.contains("tone.TextGrid"))
  }

  @Test func aPartHasTimesOfTheWhole() throws {
    let run = try align("one", "-f", "ctm", "--offset", "0.3")
    #expect(words(run.output).first.map { $0.start >= 0.3 && $0.end <= 0.7 } == true)
  }

  @Test func whatCannotBeSaidIsNamed() throws {
    let run = try align("one 42 two naïve")
    #expect(run.code == 65 && run.output == "")
    for found in ["'42'", "'naïve'", "U+0034", "U+00EF"] {
      #expect(run.errors.contains(found), "\(found) in \(run.errors)")
    }
    #expect(!run.errors.contains("'two'"))
  }

  @Test func aTextThatDoesNotFitIsRefused() throws {
    let run = try align(String(repeating: "one two ", count: 50))
    #expect(run.code == 65 && run.errors.contains("tone.wav") && run.errors.contains("frames"))
    #expect(try align(" \n ").code == 65)
    #expect(try align("@/nowhere/text.txt").code == 66)
    let folder = try TemporaryFolder()
    let latin = try folder.write("latin.txt", [0x6E, 0xE9])
    #expect(try align("@" + latin).code == 65)
  }

  @Test func wrongUsageIsRefused() throws {
    #expect(try align().code == 64)
    #expect(try align("one", "--text-file", "x").code == 64)
    #expect(try align("one", "-f", "all").code == 64)
    #expect(try ScribeProgram.run(["align", materials.model, "-", "-"]).code == 64)
  }

  /// Rows made in pieces are those of the whole, so that times far into a recording are right.
  @Test func aLongRecordingKeepsItsTimes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("long.wav", WAV.pcm(Materials.tone(seconds: 100)))
    let text = Array(repeating: "one two ten", count: 40).joined(separator: "\n")
    let run = try ScribeProgram.run(["align", materials.model, path, text, "-f", "ctm"])
    #expect(run.code == 0, "\(run.errors)")
    let words = words(run.output)
    #expect(words.count == 120 && (words.last?.end ?? 0) <= 100.05)
    #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start + 1e-9 })
  }
}

import Foundation
import Testing

/// `scribe score`, and what `scribe evaluate` scores.
@Suite struct ScoreTests {
  let folder: TemporaryFolder
  let reference: String
  let hypothesis: String

  init() throws {
    folder = try TemporaryFolder()
    reference = try folder.write(
      "r.trn", "the { cat / dog } (uh) sat (a_1)\nfo- <b>&amp; It's 日本 (b_1)\n".utf8)
    hypothesis = try folder.write("h.trn", "fox <i> it's 日本 (b_1)\nThe dog sat (a_1)\n".utf8)
  }

  private struct Report: Decodable {
    struct Rate: Decodable {
      var errors: Int
      var referenceCount: Int
    }
    struct Word: Decodable {
      var reference: String?
      var hypothesis: String?
      var verdict: String
    }
    struct Aligned: Decodable { var alignment: [Word] }
    struct Speaker: Decodable { var speaker: String }
    struct Confusion: Decodable {
      var reference: String
      var hypothesis: String
    }
    struct Errors: Decodable { var confusions: [Confusion] }
    struct Scoring: Decodable {
      var method: String
      var unit: String
      var speakers: [Speaker]?
      var errors: Errors?
      var alignments: [Aligned]?
    }
    var wordErrorRate: Rate
    var characterErrorRate: Rate
    var scoring: Scoring
  }

  private func report(_ options: String...) throws -> Report {
    let run = try ScribeProgram.run(["score", "--json", reference, hypothesis] + options)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func normalisationIsWhatTheOptionsSay() throws {
    // Of 12 words all are wrong but `dog`, `sat` and the last one.
    let plain = try report()
    #expect(plain.wordErrorRate.referenceCount == 12 && plain.wordErrorRate.errors == 9)
    #expect(plain.scoring.method == "levenshtein" && plain.scoring.alignments == nil)
    let nist = try report("--nist", "--show", "all")
    #expect(nist.wordErrorRate.referenceCount == 8 && nist.wordErrorRate.errors == 1)
    #expect(nist.scoring.method == "sclite")
    #expect(nist.scoring.speakers?.map(\.speaker) == ["a", "b"])
    #expect(nist.scoring.errors?.confusions.map(\.reference) == ["<b>&amp;"])
    #expect(
      nist.scoring.alignments?.map { $0.alignment.map { $0.verdict.prefix(1) }.joined() }
        == ["cccc", "cscc"])
    let rules = try folder.write("rules", "<i> => <b>&amp; ;; the same\n".utf8)
    #expect(try report("--nist", "--rules", rules).wordErrorRate.errors == 0)
    let fewest = try report("--nist", "--alignment", "levenshtein")
    #expect(fewest.scoring.method == "levenshtein" && fewest.wordErrorRate.errors == 1)
    let characters = try report("--characters", "--show", "alignments")
    let counted = characters.scoring.alignments?.flatMap(\.alignment).count {
      $0.verdict != "correct"
    }
    #expect(characters.scoring.unit == "characters")
    #expect(counted == characters.characterErrorRate.errors)
  }

  @Test func tablesArePrinted() throws {
    let run = try ScribeProgram.run([
      "score", "--nist", reference, hypothesis, "--show", "speakers", "--show", "confusions",
      "--worst", "1",
    ])
    #expect(run.output.contains("WER  12.50 %"), "\(run)")
    #expect(
      run.output.contains("| Sum/Avg |    2      8 | 87.5   12.5    0.0    0.0   12.5   50.0 |"))
    #expect(run.output.contains("   1:    1  ->  <b>&amp; ==> <i>\n"))
    #expect(
      run.output.contains("REF:  fo- <B>&AMP; it's 日本\nHYP:  fox <I>      it's 日本\nEval:     S\n"))
  }

  @Test(.enabled(if: python != nil, "python3 is not installed"))
  func thePageIsValidAndEscaped() throws {
    let page = folder.file("page.html")
    let run = try ScribeProgram.run(["score", "--nist", reference, hypothesis, "--html", page])
    #expect(run.code == 0, "\(run)")
    let html = try folder.text("page.html")
    #expect(html.contains("<del>&lt;b&gt;&amp;amp;</del><ins>&lt;i&gt;</ins>"))
    #expect(html.contains("<span>it&#39;s</span>") && !html.contains("<script"))
    try expectWellFormed(html)
    // In a folder it gets a name.
    #expect(
      try ScribeProgram.run(["score", reference, hypothesis, "--html", folder.path]).code == 0)
    try expectWellFormed(folder.text("report.html"))
  }

  @Test(.enabled(if: python != nil, "python3 is not installed"))
  func theWorstSamplesHavePictures() throws {
    let materials = try Materials.shared.get()
    let row =
      #"{"audio_filepath": "\#(materials.recording)", "text": "one < two", "speaker": "a&b"}"#
    let manifest = try folder.write("m.jsonl", Array((row + "\n").utf8))
    let run = try ScribeProgram.run([
      "evaluate", "-m", materials.model, manifest, "--html", folder.file("e.html"), "--show",
      "edits", "--ignore-case",
    ])
    #expect(run.code == 0 && run.output.contains("DELETIONS"), "\(run)")
    let html = try folder.text("e.html")
    try expectWellFormed(html)
    #expect(html.contains("a&amp;b") && html.contains("case is ignored"))
    let start = try #require(html.range(of: "data:image/png;base64,"))
    let picture = try #require(
      Data(base64Encoded: String(html[start.upperBound...].prefix { $0 != "\"" })))
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func mistakesAreNamed() throws {
    func run(_ arguments: String...) throws -> ScribeProgram.Run {
      try ScribeProgram.run(["score"] + arguments)
    }
    let missing = try run(reference, folder.file("none.trn"))
    #expect(missing.code == 66 && missing.errors.contains("none.trn"), "\(missing)")
    let rules = try folder.write("bad.glm", "a => b\nc -> d\n".utf8)
    let bad = try run(reference, hypothesis, "--rules", rules)
    #expect(bad.code == 65 && bad.errors.contains("bad.glm:2: found 'c -> d'"), "\(bad)")
    let short = try folder.write("short.trn", "x (a_1)\n".utf8)
    #expect(try run(reference, short).code == 65)
    let open = try folder.write("open.txt", "a\n{ b\n".utf8)
    let braces = try run(open, open, "--alternatives")
    #expect(
      braces.code == 65 && braces.errors.contains("open.txt:2: found { without }"), "\(braces)")
    #expect(try run(reference, hypothesis, "--show", "nothing").code == 64)
    #expect(try run(reference, hypothesis, "--top", "-1").code == 64)
    let unwritable = try run(reference, hypothesis, "--html", folder.file("no/page.html"))
    #expect(unwritable.code == 73 && unwritable.errors.contains("no/page.html"), "\(unwritable)")
  }

  /// Checks by Python's parsers that every element that is begun is ended
  /// in order: the page is XML once the two elements without an end have one.
  private func expectWellFormed(_ html: String) throws {
    var text = html
    for name in ["meta", "img"] {
      let parts = text.split(separator: "<\(name) ", omittingEmptySubsequences: false)
      text = parts.dropFirst().reduce(String(parts[0])) { text, part in
        guard let end = part.firstIndex(of: ">") else { return text + "<\(name) " + part }
        return "\(text)<\(name) \(part[..<end])/\(part[end...])"
      }
    }
    let python = """
      import sys, xml.etree.ElementTree as tree
      from html.parser import HTMLParser
      tree.fromstring(open(sys.argv[1], encoding='utf-8').read().split('>', 1)[1])
      parser = HTMLParser(); parser.feed(open(sys.argv[2], encoding='utf-8').read())
      """
    let files = [
      try folder.write("strict.xml", Array(text.utf8)),
      try folder.write("as-is.html", Array(html.utf8)),
    ]
    let path = try #require(Self.python)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["-c", python] + files
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static let python: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/python3" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }()

  @Test func wordsWithTimesAreScoredAgainstSegments() throws {
    let reference = try folder.write("r.stm", "a 1 x 0 1 one two\na 1 y 1 2 three\n".utf8)
    let hypothesis = try folder.write("h.ctm", "a 1 0.1 0.2 one\na 1 1.2 0.2 tree\n".utf8)
    let run = try ScribeProgram.run(["score", reference, hypothesis, "--json"])
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.wordErrorRate.errors == 2 && report.wordErrorRate.referenceCount == 3)
    let other = try ScribeProgram.run(["score", self.reference, hypothesis])
    #expect(other.code == 64 && other.errors.contains(".stm"), "\(other)")
    let broken = try folder.write("b.stm", "a 1 x 1 0 late\n".utf8)
    let refused = try ScribeProgram.run(["score", broken, hypothesis])
    #expect(refused.code == 65 && refused.errors.contains("b.stm:1"), "\(refused)")
  }
}

import Foundation
import Testing

/// `scribe evaluate` and `scribe compose`, which read manifests, and `scribe inspect`.
@Suite struct ManifestCommandTests {
  let materials: Materials
  let folder: TemporaryFolder

  init() throws {
    materials = try Materials.shared.get()
    folder = try TemporaryFolder()
    for index in 0..<6 {
      let tone = Materials.tone(seconds: 0.3 + 0.1 * Double(index))
      _ = try folder.write("\(index).wav", WAV.pcm(tone))
    }
  }

  private func manifest(_ rows: [String]) throws -> String {
    try folder.write("m.jsonl", (rows.joined(separator: "\n") + "\n").utf8)
  }

  private func row(_ file: String, _ text: String, speaker: String = "a") -> String {
    "{\"audio_filepath\": \"\(file)\", \"text\": \"\(text)\", \"speaker\": \"\(speaker)\"}"
  }

  private struct Report: Decodable {
    struct Rate: Decodable {
      var rate: Double
      var lower: Double
      var upper: Double
      var errors: Int
      var substitutions: Int
      var deletions: Int
      var insertions: Int
      var referenceCount: Int
    }
    struct Sentences: Decodable {
      var count: Int
      var wrong: Int
    }
    struct Speaker: Decodable {
      var speaker: String
      var sentences: Sentences
    }
    struct Line: Decodable {
      var file: String
      var reference: String
      var hypothesis: String
    }
    struct Failed: Decodable { var file: String }
    var sentences: Sentences
    var wordErrorRate: Rate
    var characterErrorRate: Rate
    var realTimeFactor: Double
    var speakers: [Speaker]
    var worst: [Line]
    var failed: [Failed]
  }

  private func evaluate(
    _ path: String, _ options: String...
  ) throws -> (ScribeProgram.Run, Report) {
    let run = try ScribeProgram.run(
      ["evaluate", "-m", materials.model, "--json", path] + options)
    return (run, try JSONDecoder().decode(Report.self, from: Data(run.output.utf8)))
  }

  /// What transcribing says is right by definition: then there are no errors, however the samples
  /// are put into batches.
  @Test(arguments: ["1", "4", "16"])
  func evaluatingAgreesWithTranscribing(batch: String) throws {
    let files = (0..<6).map { folder.file("\($0).wav") }
    let said = try ScribeProgram.run(["transcribe", "-m", materials.model] + files)
    let texts = said.output.split(separator: "\n", omittingEmptySubsequences: false)
    let path = try manifest(zip(0..<6, texts).map { row("\($0).wav", String($1)) })
    let (run, report) = try evaluate(path, "--batch", batch, "--worst", "9")
    #expect(run.code == 0, "\(run.errors)")
    #expect(report.sentences.count == 6 && report.sentences.wrong == 0)
    #expect(report.wordErrorRate.errors == 0 && report.characterErrorRate.errors == 0)
    #expect(report.characterErrorRate.referenceCount > 6)
    #expect(report.worst.isEmpty && report.realTimeFactor > 0)
  }

  @Test func errorsAreCountedBySpeakerAndTheWorstShown() throws {
    let heard = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, folder.file("0.wav")]
    ).output.trimmingCharacters(in: .newlines)
    let words = heard.split(separator: " ").count
    let path = try manifest([
      row("0.wav", heard, speaker: "right"), row("0.wav", heard + " XYZ", speaker: "wrong"),
      row("0.wav", "", speaker: "silent"),
    ])
    let (_, report) = try evaluate(path, "--worst", "1")
    #expect(report.sentences.wrong == 2)
    // A word outside the alphabet is deleted, and words over an empty transcript are inserted.
    #expect(report.wordErrorRate.deletions == 1)
    #expect(report.wordErrorRate.insertions == words)
    #expect(report.wordErrorRate.referenceCount == 2 * words + 1)
    #expect(report.speakers.map(\.speaker) == ["right", "silent", "wrong"])
    #expect(report.speakers.map(\.sentences.wrong) == [0, 1, 1])
    #expect(report.worst.map(\.reference) == [""] && report.worst.map(\.hypothesis) == [heard])
    #expect(report.wordErrorRate.lower <= report.wordErrorRate.rate)
    #expect(report.wordErrorRate.rate <= report.wordErrorRate.upper)
  }

  @Test func aRecordingThatIsMissingIsNamedAndTheOthersAreDone() throws {
    let path = try manifest([row("0.wav", "a"), row("gone.wav", "b"), row("1.wav", "c")])
    let (run, report) = try evaluate(path)
    #expect(run.code == 66)
    #expect(run.errors.contains("m.jsonl:2") && run.errors.contains("gone.wav"))
    #expect(report.sentences.count == 2 && report.failed.map(\.file) == ["gone.wav"])
  }

  /// The same words are known to be a thousand seconds later: then all are so early.
  @Test func timesAreComparedWithKnownOnes() throws {
    struct Times: Decodable {
      struct Errors: Decodable {
        var count: Int
        var median: Double
        var bias: Double
      }
      struct Pair: Decodable { var starts, ends: Errors }
      var wordTimes: Pair?
    }
    struct Heard: Decodable {
      struct Word: Decodable {
        var word: String
        var start: Double
        var end: Double
      }
      var words: [Word]
    }
    let transcribed = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, "--format", "json", folder.file("5.wav")])
    let heard = try JSONDecoder().decode(Heard.self, from: Data(transcribed.output.utf8))
    let cuts = heard.words.map {
      "{\"word\": \"\($0.word)\", \"start\": \($0.start + 1000), \"end\": \($0.end + 1000)}"
    }
    let text = heard.words.map(\.word).joined(separator: " ")
    let path = try manifest([
      "{\"audio_filepath\": \"5.wav\", \"text\": \"\(text)\", "
        + "\"words\": [\(cuts.joined(separator: ", "))]}"
    ])
    let run = try ScribeProgram.run(
      ["evaluate", "-m", materials.model, "--json", "--times", path])
    #expect(run.code == 0 && !cuts.isEmpty, "\(run.errors)")
    let times = try JSONDecoder().decode(Times.self, from: Data(run.output.utf8)).wordTimes
    let found = try #require(times)
    #expect(found.starts.count == cuts.count && found.ends.count == cuts.count)
    // The sound is shorter than a second, so no time is further from the decoder's.
    #expect(abs(found.starts.bias + 1000) < 1 && abs(found.ends.bias + 1000) < 1)
    #expect(abs(found.starts.median - 1000) < 1)
    let plain = try manifest([row("5.wav", text)])
    let without = try ScribeProgram.run(["evaluate", "-m", materials.model, "--times", plain])
    #expect(without.code == 64 && without.errors.contains("'words'"))
  }

  @Test(arguments: ["evaluate", "compose"])
  func aManifestWithABrokenLine(command: String) throws {
    let path = try manifest([row("0.wav", "a"), "{\"audio_filepath\": \"1.wav\",,}"])
    let options =
      command == "evaluate"
      ? ["-m", materials.model] : ["-o", folder.file("out"), "--count", "1"]
    let run = try ScribeProgram.run([command, path] + options)
    #expect(run.code == 65)
    #expect(run.errors.contains("m.jsonl:2") && run.output == "")
  }

  @Test func aManifestThatIsMissingOrEmpty() throws {
    let missing = try ScribeProgram.run(["evaluate", "-m", materials.model, folder.file("none")])
    #expect(missing.code == 66 && missing.errors.contains("none"))
    let empty = try folder.write("empty.jsonl", [])
    let run = try ScribeProgram.run(["evaluate", "-m", materials.model, empty])
    #expect(run.code == 65 && run.errors.contains("empty.jsonl"))
  }

  @Test func stringsAreComposedAndReadBack() throws {
    let path = try manifest((0..<6).map { row("\($0).wav", "word\($0)") })
    func compose(_ name: String) throws -> ScribeProgram.Run {
      try ScribeProgram.run([
        "compose", path, "-o", folder.file(name), "--count", "4", "--min", "2", "--max", "3",
        "--seed", "7",
      ])
    }
    #expect(try compose("one/deep").code == 0)
    #expect(try compose("two").code == 0)
    let lines = try folder.text("one/deep/manifest.jsonl").split(separator: "\n")
    #expect(lines.count == 4)
    #expect(try folder.text("two/manifest.jsonl") == folder.text("one/deep/manifest.jsonl"))
    let (run, report) = try evaluate(folder.file("one/deep/manifest.jsonl"))
    #expect(run.code == 0)
    #expect((8...12).contains(report.wordErrorRate.referenceCount))
  }

  @Test func aPictureOfARecording() throws {
    let plain = folder.file("plain.png")
    let run = try ScribeProgram.run(["inspect", materials.recording, "-o", plain])
    #expect(run.code == 0 && run.output == "" && run.errors == "")
    let bytes = try Data(contentsOf: URL(filePath: plain))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && bytes.count > 10_000)
    let heard = try ScribeProgram.run(
      ["inspect", materials.recording, "-o", folder.file("heard.png"), "-m", materials.model])
    let text = try ScribeProgram.run(["transcribe", "-m", materials.model, materials.recording])
    #expect(heard.code == 0 && heard.output == text.output)
    #expect(try Data(contentsOf: URL(filePath: folder.file("heard.png"))) != bytes)
  }

  @Test func aPictureOfNothing() throws {
    let click = try folder.write("click.wav", WAV.pcm([0.5, -0.5]))
    let run = try ScribeProgram.run(["inspect", click, "-o", folder.file("click.png")])
    #expect(run.code == 65 && run.errors.contains("click.wav"))
    let lost = try ScribeProgram.run(
      ["inspect", materials.recording, "-o", folder.file("no/such/folder.png")])
    #expect(lost.code == 74 && lost.errors.contains("no/such/folder.png"))
  }
}

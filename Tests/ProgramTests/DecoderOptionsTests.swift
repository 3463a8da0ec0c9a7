import Foundation
import Recognition
import Testing

/// Beam search, language models, hot words and tuning from the command line.
@Suite struct DecoderOptionsTests {
  let materials: Materials
  let folder: TemporaryFolder

  init() throws {
    materials = try Materials.shared.get()
    folder = try TemporaryFolder()
  }

  private func transcribe(_ arguments: String..., model: String? = nil) throws -> ScribeProgram.Run
  {
    try ScribeProgram.run(
      ["transcribe", materials.recording, "-m", model ?? materials.model] + arguments)
  }

  private func languageModel(_ name: String = "words.lm", unit: String = "word") throws -> String {
    let text = try folder.write("text.txt", Array("one two\none ten\ntwo one\nten two one\n".utf8))
    let path = folder.file(name)
    let made = try ScribeProgram.run(
      ["lm", "train", text, "--order", "2", "--unit", unit, "-o", path])
    #expect(made.code == 0, "\(made.errors)")
    return path
  }

  private func words(_ run: ScribeProgram.Run) -> Set<Substring> {
    Set(run.output.split(whereSeparator: \.isWhitespace))
  }

  @Test func aLexiconAndAVocabularyLimitTheWords() throws {
    let greedy = try transcribe()
    let lexicon = try folder.write("lexicon.txt", Array("one\ntwo\r\nten\n".utf8))
    let limited = try transcribe("--lexicon", lexicon)
    #expect(limited.code == 0, "\(limited.errors)")
    #expect(words(limited).isSubset(of: ["one", "two", "ten"]))
    #expect(!words(greedy).isSubset(of: ["one", "two", "ten"]), "else this shows nothing")
    let known = try transcribe("--lm", languageModel(), "--set", "vocabularyOnly=true")
    #expect(known.code == 0 && words(known).isSubset(of: ["one", "two", "ten"]), "\(known.errors)")
  }

  @Test func aHotWordIsHeardWhereItWasNot() throws {
    let plain = try transcribe("--beam-width", "50")
    #expect(!words(plain).contains("tow"))
    let boosted = try transcribe(
      "--beam-width", "50", "--hot-word", "tow", "--set", "hotWordBoost=40")
    #expect(words(boosted).contains("tow"), "\(boosted)")
    let list = try folder.write("hot.txt", Array("tow\t40\n".utf8))
    let listed = try transcribe("--beam-width", "50", "--hot-words", list)
    #expect(listed.output == boosted.output)
  }

  @Test func decodersAreChosenByName() throws {
    let plain = try transcribe()
    #expect(try transcribe("--decoder", "ctc").output == plain.output)
    for (arguments, words) in [
      (["--decoder", "joint"], "the model has no attentive decoder"),
      (["--decoder", "attention", "--lm", "no.lm"], "--decoder attention works without language"),
      (["--decoder", "joint", "--greedy"], "works without language models"),
      (["--decoder", "ctc", "--ctc-weight", "0.3"], "--ctc-weight is for --decoder joint"),
      (["--ctc-weight", "0.3"], "the model has no attentive decoder"),
      (["--ctc-weight", "1.5"], "expected 0 to 1"),
    ] {
      let run = try ScribeProgram.run(
        ["transcribe", materials.recording, "-m", materials.model] + arguments)
      #expect(run.code == 64 && run.output.isEmpty, "\(arguments)")
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
    }
  }

  @Test func severalReadingsAreTold() throws {
    struct Record: Decodable {
      struct Segment: Decodable {
        struct Alternative: Decodable {
          var text: String
          var score: Double
          var confidence: Double
        }
        var alternatives: [Alternative]
      }
      var text: String
      var segments: [Segment]?
    }
    func record(_ arguments: String...) throws -> Record {
      let run = try ScribeProgram.run(
        ["transcribe", materials.recording, "-m", materials.model, "-f", "json"] + arguments)
      return try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
    }
    let found = try record("--n-best", "4")
    let readings = try #require(found.segments?.first).alternatives
    #expect(readings.count == 4 && readings[0].text == found.text)
    #expect(Set(readings.map(\.text)).count == 4)
    #expect(zip(readings, readings.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(readings.allSatisfy { (0...1).contains($0.confidence) })
    #expect(try record("--beam-width", "9").segments == nil)
  }

  @Test func wrongOptionsAreExplained() throws {
    let model = try languageModel()
    let cases: [([String], Int32, [String])] = [
      (["--beam-width", "0"], 64, ["--beam-width is 0", "1 to 100000"]),
      (["--greedy", "--lm", model], 64, ["--greedy"]),
      (["--n-best", "0"], 64, ["--n-best is 0", "1 to 1000"]),
      (["--hot-word", "zürich"], 64, ["zürich", "z"]),
      (["--hot-word", " "], 64, ["empty"]),
      (["--set", "beamwidth=3"], 64, ["beamwidth", "beamWidth"]),
      (["--set", "languageModelWeight=-1"], 64, ["languageModelWeight", "0.0 to 1000.0"]),
      (["--set", "vocabularyOnly=true"], 64, ["vocabularyOnly", "word model"]),
      (["--lm", model, "--lm", model], 64, ["two language models", "word"]),
      (["--lm", folder.file("none.lm")], 66, ["none.lm"]),
      (["--lm", materials.recording], 65, ["tone.wav"]),
      (["--lexicon", folder.file("none.txt")], 66, ["none.txt"]),
      (["--hot-words", folder.file("none.txt")], 66, ["none.txt"]),
      (["--decoder", folder.file("none.yaml")], 66, ["none.yaml"]),
    ]
    for (arguments, code, told) in cases {
      let run = try ScribeProgram.run(
        ["transcribe", materials.recording, "-m", materials.model] + arguments)
      #expect(run.code == code && run.output == "", "\(arguments): \(run)")
      for words in told { #expect(run.errors.contains(words), "\(arguments): \(run.errors)") }
    }
  }

  private struct Report: Decodable {
    struct Row: Decodable {
      var settings: [String: Float]
      var wordErrorRate, characterErrorRate: Double
    }
    var best: Row?
    var greedy: Row
    var trials: [Row]
    var lines: Int
    var stored: String
  }

  private func tune(_ arguments: String...) throws -> ScribeProgram.Run {
    let manifest = try folder.write(
      "dev.jsonl",
      Array("{\"audio_filepath\":\"\(materials.recording)\",\"text\":\"one two\"}\n".utf8))
    return try ScribeProgram.run(["tune", manifest, "-m", materials.model] + arguments)
  }

  @Test func whatTuningFoundIsUsedFromThenOn() throws {
    let place = folder.file("tuned")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let tuned = place + "/model.safetensors"
    let model = try languageModel()
    let run = try tune("--lm", model, "-o", tuned, "--set", "vocabularyOnly=true", "--json")
    #expect(run.code == 0, "\(run.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.lines == 1 && report.stored == tuned)
    #expect(report.trials.allSatisfy { $0.wordErrorRate >= report.best?.wordErrorRate ?? 1 })
    let record = try #require(try Recognizer(reading: tuned).decoder)
    #expect(record.languageModels == ["words.lm"])
    let decoding = try #require(record.decoding)
    #expect(decoding.vocabularyOnly)
    #expect(decoding.wordBonus == report.best?.settings["wordBonus"])
    #expect(record.calibration != nil && record.greedyCalibration != nil)
    #expect(
      try Data(contentsOf: URL(filePath: place + "/words.lm"))
        == Data(contentsOf: URL(filePath: model)))
    let heard = try transcribe("-v", model: tuned)
    #expect(heard.errors.contains("words.lm") && words(heard).isSubset(of: ["one", "two", "ten"]))
    #expect(try transcribe("--greedy", model: tuned).output == transcribe().output)
    try FileManager.default.removeItem(atPath: place + "/words.lm")
    let without = try transcribe(model: tuned)
    #expect(without.code == 66 && without.errors.contains("--greedy"), "\(without)")
  }

  @Test func weightsCanStandBesideTheModel() throws {
    let before = try Data(contentsOf: URL(filePath: materials.model))
    let (model, yaml) = (try languageModel("letters.lm", unit: "character"), folder.file("w.yaml"))
    let run = try tune("--lm", model, "--write", yaml, "--beam-width", "10")
    #expect(run.code == 0 && run.output.contains("characterModelWeight"), "\(run)")
    #expect(try Data(contentsOf: URL(filePath: materials.model)) == before)
    let text = String(decoding: try Data(contentsOf: URL(filePath: yaml)), as: UTF8.self)
    #expect(text.contains("beamWidth: 10\n"))
    #expect(try transcribe("--lm", model, "--decoder", yaml).code == 0)
  }

  @Test func withoutALanguageModelConfidencesAndTimesAreFound() throws {
    let (tuned, picture) = (folder.file("tuned.safetensors"), folder.file("words.svg"))
    let manifest = try folder.write(
      "cuts.jsonl",
      Array(
        ("{\"audio_filepath\":\"\(materials.recording)\",\"text\":\"\(heard())\",\"words\":["
          + "{\"word\":\"\(heard())\",\"start\":0.1,\"end\":0.5}]}\n").utf8))
    let run = try ScribeProgram.run(
      ["tune", manifest, "-m", materials.model, "-o", tuned, "--reliability", picture])
    #expect(run.code == 0 && run.output.contains("TIMES OF"), "\(run)")
    let record = try #require(try Recognizer(reading: tuned).decoder)
    #expect(record.decoding == nil && record.calibration == nil && record.languageModels == [])
    #expect(record.greedyCalibration != nil && record.timing != nil)
    #expect(FileManager.default.fileExists(atPath: picture))
    #expect(try transcribe(model: tuned).output == transcribe().output)
    let weights = try ScribeProgram.run(
      ["tune", manifest, "-m", materials.model, "--write", folder.file("w.yaml")])
    #expect(weights.code == 64 && weights.errors.contains("--lm"), "\(weights)")
  }

  /// What the model hears.
  private func heard() throws -> String {
    try transcribe().output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func whatCannotBeTuned() throws {
    #expect(try tune("--greedy").code == 64)
    let empty = try folder.write("none.jsonl", Array("".utf8))
    let nothing = try ScribeProgram.run(
      ["tune", empty, "-m", materials.model, "--lm", languageModel()])
    #expect(nothing.code == 65, "\(nothing)")
  }
}

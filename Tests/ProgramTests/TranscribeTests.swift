import Foundation
import Testing

/// `scribe transcribe` on recordings that can be read.
@Suite struct TranscribeTests {
  let materials: Materials

  init() throws { materials = try Materials.shared.get() }

  private func transcribe(_ arguments: String..., input: Data? = nil) throws -> ScribeProgram.Run {
    try ScribeProgram.run(["transcribe", "-m", materials.model] + arguments, input: input)
  }

  private struct Record: Decodable {
    struct Word: Decodable {
      var word: String
      var start: Double
      var end: Double
      var confidence: Double
    }
    var file: String
    var model: String
    var duration: Double
    var text: String
    var confidence: Double
    var words: [Word]
  }

  @Test func oneRecordingGivesItsWordsAlone() throws {
    let run = try transcribe(materials.recording)
    #expect(run.code == 0)
    #expect(run.errors == "")
    #expect(run.output.hasSuffix("\n") && run.output.count(where: \.isNewline) == 1)
    #expect(run.output.count > 1, "the network was to write something")
  }

  @Test func jsonHoldsTheSameWordsWithTimes() throws {
    let words = try transcribe(materials.recording).output
    let run = try transcribe("--format", "json", materials.recording)
    let record = try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
    #expect(run.code == 0)
    #expect(record.text + "\n" == words)
    #expect(record.file == materials.recording && record.model == materials.model)
    #expect(record.duration == 0.66)
    #expect(record.words.map(\.word).joined(separator: " ") == record.text)
    for word in record.words {
      #expect(0 <= word.start && word.start < word.end && word.end <= record.duration + 0.02)
      #expect((0...1).contains(word.confidence))
    }
  }

  @Test func standardInputIsAFileLikeOthers() throws {
    let bytes = try Data(contentsOf: URL(filePath: materials.recording))
    let run = try transcribe("-", input: bytes)
    #expect(run.code == 0)
    #expect(run.output == (try transcribe(materials.recording).output))
  }

  @Test func samplesWithoutHeaderAreDescribedByOptions() throws {
    let bytes = try Data(contentsOf: URL(filePath: materials.recording)).dropFirst(44)
    let run = try transcribe("--raw-rate", "8000", "-", input: bytes)
    #expect(run.code == 0)
    #expect(run.output == (try transcribe(materials.recording).output))
  }

  @Test func aPartHasTimesOfTheWhole() throws {
    let run = try transcribe(
      "--offset", "0.3", "--duration", "0.2", "-f", "json", materials.recording)
    let record = try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
    #expect(record.duration == 0.2)
    let word = try #require(record.words.first)
    #expect(word.start >= 0.3 && word.end <= 0.53)
  }

  @Test func eachChannelIsTranscribedOnItsOwn() throws {
    let mono = try transcribe(materials.recording).output
    let call = try materials.folder.write(
      "call.wav", WAV.pcm(Materials.tone(seconds: 0.66), channels: 2))
    let run = try transcribe("--each-channel", call)
    #expect(run.code == 0)
    #expect(run.output == "channel 0: \(mono)channel 1: \(mono)")
    #expect(try transcribe("--each-channel", "--channel", "1", call).code == 64)
    #expect(try transcribe("--each-channel", "-", input: Data()).code == 64)
  }

  @Test func silenceIsAnEmptyLineAndOptionsOfCutsAreChecked() throws {
    let silence = try materials.folder.write(
      "silence.wav", WAV.pcm([Float](repeating: 0, count: 8000 * 40)))
    #expect(try transcribe(silence).output == "\n")
    #expect(try transcribe("--vad", "off", silence).code == 0)
    for options in [
      ["--max-segment", "0"], ["--min-pause", "-1"], ["--vad", "maybe"], ["--max-segment", "nan"],
    ] {
      let run = try ScribeProgram.run(["transcribe", "-m", materials.model] + options + [silence])
      #expect(run.code == 64 && run.errors.contains(options[0]), "\(options): \(run.errors)")
    }
  }

  @Test(arguments: ["with space.wav", "with\nnewline.wav", "žluťoučký кінь 馬.wav", "-dash.wav"])
  func anyFileNameIsTaken(name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(name, WAV.pcm(Materials.tone(seconds: 0.5)))
    let run = try transcribe("-f", "json", "-o", folder.file("out/deep"), "--", path)
    #expect(run.code == 0 && run.errors == "")
    let stem = name.replacing(".wav", with: "")
    let record = try JSONDecoder().decode(
      Record.self, from: Data(try folder.text("out/deep/\(stem).json").utf8))
    #expect(record.file == path)
  }

  @Test func severalGoToStandardOutputInOrder() throws {
    let folder = try TemporaryFolder()
    let short = try folder.write("short.wav", WAV.pcm(Materials.tone(seconds: 0.4)))
    let run = try transcribe("--names", materials.recording, short)
    let texts = try [materials.recording, short].map { path in
      "\(path): " + (try transcribe(path).output)
    }
    #expect(run.output == texts.joined())
  }

  @Test func theOthersAreDoneWhenOneFails() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("text.wav", "no sound".utf8)
    let run = try transcribe(
      "-f", "json", text, materials.recording, folder.file("missing.wav"), materials.recording)
    #expect(run.code == 65, "the code of the first failure")
    #expect(run.errors.contains("text.wav") && run.errors.contains("missing.wav"))
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      _ = try JSONDecoder().decode(Record.self, from: Data(line.utf8))
    }
  }

  @Test func twoInputsAreNeverWrittenToOneFile() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("out")
    let run = try transcribe("-o", out, "a/x.wav", "b/x.flac")
    #expect(run.code == 64)
    #expect(run.errors.contains("a/x.wav") && run.errors.contains("b/x.flac"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func verboseTellsWhatWasFoundAndWhereTheTimeGoes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "stereo.wav", WAV.pcm(Materials.tone(seconds: 0.5), sampleRate: 44_100, channels: 2))
    let run = try transcribe("-v", path)
    #expect(run.code == 0)
    for words in ["44100 Hz", "2 channels", "resampled to 8000 Hz", "deepSpeech2", "network"] {
      #expect(run.errors.contains(words), "\(words) in \(run.errors)")
    }
  }

  @Test func threadsDoNotChangeTheWords() throws {
    let one = try transcribe("--threads", "1", "-f", "json", materials.recording)
    let two = try transcribe("--threads", "2", "-f", "json", materials.recording)
    #expect(one.output == two.output && one.code == 0)
  }
}

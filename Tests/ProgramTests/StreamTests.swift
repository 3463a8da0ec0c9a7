import Audio
import Foundation
import Recognition
import Testing

/// `scribe transcribe --stream`: sound that is transcribed while it arrives.
@Suite struct StreamTests {
  private static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let model = repository.appending(path: "models/digits-en-streaming.safetensors")
    .path(percentEncoded: false)
  private let folder: TemporaryFolder
  /// "four two seven", then two seconds of silence, "four two seven" again.
  private let samples: [Float]

  init() throws {
    folder = try TemporaryFolder()
    // The program may end before all of its input was written.
    signal(SIGPIPE, SIG_IGN)
    let path = Self.repository.appending(path: "samples/mono-16k-16bit.wav")
    let words = try AudioFile.read(path.path(percentEncoded: false), sampleRate: 8000).samples
    samples = words + [Float](repeating: 0, count: 16_000) + words
  }

  private func bytes(_ samples: some Sequence<Float>) -> Data {
    var data = Data()
    for sample in samples {
      let value = UInt16(bitPattern: Int16(max(-1, min(0.99996, sample)) * 32768))
      data.append(contentsOf: [UInt8(value & 255), UInt8(value >> 8)])
    }
    return data
  }

  private func arguments(_ more: String...) -> [String] {
    ["transcribe", "-m", Self.model, "--stream"] + more + ["-"]
  }

  /// Waits until the program has written a line, but not for ever.
  private func waitForOutput(of launch: ScribeProgram.Launch) throws -> String {
    for _ in 0..<600 {
      let output = try launch.output
      if output.hasSuffix("\n") || !launch.isRunning { return output }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return try launch.output
  }

  @Test func aLineIsPrintedBeforeThePipeIsClosed() throws {
    let pipe = Pipe()
    let launch = try ScribeProgram.Launch(arguments(), pipe: pipe)
    let input = pipe.fileHandleForWriting
    let first = bytes(samples.prefix(samples.count / 2 + 6000))
    // Odd pieces with pauses, as a microphone would give them.
    for start in stride(from: 0, to: first.count, by: 1601) {
      try input.write(contentsOf: first[start..<min(start + 1601, first.count)])
      Thread.sleep(forTimeInterval: 0.005)
    }
    #expect(try waitForOutput(of: launch) == "four two seven\n")
    #expect(launch.isRunning, "the pipe is open")
    try input.write(contentsOf: bytes(samples.suffix(samples.count / 2 - 6000)))
    try input.close()
    let run = try launch.finish()
    #expect(run.code == 0 && run.errors == "")
    #expect(run.output == "four two seven\nfour two seven\n")
  }

  @Test func anInterruptGivesTheLastLine() throws {
    let pipe = Pipe()
    let launch = try ScribeProgram.Launch(arguments("--partials"), pipe: pipe)
    try pipe.fileHandleForWriting.write(contentsOf: bytes(samples.prefix(20_000)))
    _ = try waitForOutput(of: launch)
    launch.send(SIGINT)
    let run = try launch.finish()
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.last.map { $0.hasPrefix("four") } ?? false, "\(run.output)")
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("~ ") })
    try pipe.fileHandleForWriting.close()
  }

  private struct Record: Decodable {
    struct Word: Decodable {
      var conf: Double
      var start: Double
      var end: Double
      var word: String
    }
    var partial: String?
    var text: String?
    var result: [Word]?
  }

  @Test func jsonHasTheShapeOfVosk() throws {
    let run = try ScribeProgram.run(
      arguments("--format", "json", "--partials"), input: bytes(samples))
    #expect(run.code == 0)
    let records = try run.output.split(separator: "\n").map {
      try JSONDecoder().decode(Record.self, from: Data($0.utf8))
    }
    let partials = records.compactMap(\.partial)
    #expect(partials.contains("four two") && partials.allSatisfy { !$0.isEmpty })
    let lines = records.filter { $0.text != nil }
    #expect(lines.map(\.text) == ["four two seven", "four two seven"])
    for (index, line) in lines.enumerated() {
      let words = line.result ?? []
      #expect(words.map(\.word).joined(separator: " ") == line.text)
      let clock = Double(index * (samples.count / 2 + 8000)) / 8000
      #expect(words.allSatisfy { $0.start < $0.end && (0...1).contains($0.conf) })
      #expect(words.allSatisfy { $0.start >= clock && $0.end < clock + 3.5 })
    }
  }

  @Test func aWaveFileOfAnotherRateIsHeardAsItArrives() throws {
    let path = folder.file("wide.wav")
    let wide = Waveform(samples: samples, sampleRate: 8000).resampled(to: 44_100)
    try AudioFile.write(wide, to: path)
    let pipe = Pipe()
    let launch = try ScribeProgram.Launch(arguments(), pipe: pipe)
    let data = try Data(contentsOf: URL(filePath: path))
    let half = data.count / 2 + 100_000
    try pipe.fileHandleForWriting.write(contentsOf: data[..<half])
    #expect(try waitForOutput(of: launch) == "four two seven\n")
    #expect(launch.isRunning)
    try pipe.fileHandleForWriting.write(contentsOf: data[half...])
    try pipe.fileHandleForWriting.close()
    let run = try launch.finish()
    #expect(run.code == 0 && run.output == "four two seven\nfour two seven\n")
  }

  @Test func whatCannotBeStreamedIsRefused() throws {
    let materials = try Materials.shared.get()
    let run = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, "--stream", "-"], input: bytes(samples))
    #expect(run.code == 64 && run.errors.contains("direction: forward"))
    for (arguments, word) in [
      (["--stream", "-", materials.recording], "--stream"),
      (["--stream", "-o", folder.path, "-"], "-o"),
      (["--partials", materials.recording], "--partials"),
      (["--stream", "--pause", "0", "-"], "--pause"),
      (["--stream", "--max-line", "nan", "-"], "--max-line"),
    ] {
      let run = try ScribeProgram.run(["transcribe", "-m", Self.model] + arguments)
      #expect(run.code == 64 && run.errors.contains(word), "\(arguments): \(run.errors)")
    }
  }

  @Test func soundThatIsNoNumberIsNamed() throws {
    var data = bytes([])
    for value in [Float](repeating: 0, count: 500) + [.nan] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    let run = try ScribeProgram.run(
      arguments("--raw-rate", "8000", "--raw-encoding", "f32le"), input: data)
    #expect(run.code == 65 && run.errors.contains("500"))
  }

  @Test func nothingSaysNothing() throws {
    let silence = try ScribeProgram.run(
      arguments(), input: bytes([Float](repeating: 0, count: 8000)))
    #expect(silence.code == 0 && silence.output == "" && silence.errors == "")
    let empty = try ScribeProgram.run(arguments(), input: Data())
    #expect(empty.code == 65 && empty.output == "")
  }
}

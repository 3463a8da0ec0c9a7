import Foundation
import Testing

/// Recordings that cannot be read: each has its exit code and a message that names it.
@Suite struct HostileRecordingTests {
  let materials: Materials
  let folder: TemporaryFolder

  init() throws {
    materials = try Materials.shared.get()
    folder = try TemporaryFolder()
  }

  private func expect(
    _ code: Int32, _ words: String..., from path: String, options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try ScribeProgram.run(
      ["transcribe", "-m", materials.model] + options + ["--", path])
    #expect(run.code == code, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output == "", sourceLocation: sourceLocation)
    #expect(run.errors.hasPrefix("scribe: "), sourceLocation: sourceLocation)
    #expect(run.errors.count(where: \.isNewline) == 1, sourceLocation: sourceLocation)
    for word in [path] + words {
      #expect(
        run.errors.contains(word), "'\(word)' is not in: \(run.errors)",
        sourceLocation: sourceLocation)
    }
  }

  private let tone = Materials.tone(seconds: 0.5)

  @Test func aMissingFile() throws { try expect(66, "no such file", from: folder.file("no.wav")) }

  @Test func aDirectory() throws { try expect(66, "directory", from: folder.path) }

  @Test func anEmptyFile() throws {
    try expect(65, "empty", from: try folder.write("empty.wav", []))
  }

  @Test func textNamedWAV() throws {
    let path = try folder.write("text.wav", "These are words, not sound.\n".utf8)
    try expect(65, "These are words", from: path)
  }

  @Test(arguments: [0, 4, 11, 12, 20, 36, 43])
  func aHeaderCutShort(length: Int) throws {
    let path = try folder.write("cut.wav", WAV.pcm(tone).prefix(length))
    try expect(65, from: path)
  }

  @Test func aTruncatedRecording() throws {
    let path = try folder.write("cut.wav", WAV.pcm(tone).prefix(2000))
    try expect(65, "truncated", from: path)
    let accepted = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, "--accept-truncated", path])
    #expect(accepted.code == 0)
    #expect(accepted.errors.contains("truncated"), "it is said all the same")
  }

  @Test(arguments: [100, 4_000_000_000])
  func aHeaderThatLiesAboutItsLength(declared: UInt32) throws {
    let path = try folder.write("lie.wav", WAV.pcm(tone, declaredBytes: declared))
    try expect(65, "\(declared)", from: path)
  }

  @Test(arguments: [0, 10_000_000])
  func anImpossibleSampleRate(rate: UInt32) throws {
    let path = try folder.write("rate.wav", WAV.pcm(tone, sampleRate: rate))
    try expect(65, "\(rate) Hz", from: path)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func samplesThatAreNoNumbers(value: Float) throws {
    var samples = tone
    samples[1234] = value
    let path = try folder.write("nan.wav", WAV.float(samples))
    try expect(65, "1234", from: path)
  }

  @Test func sixtyFourChannels() throws {
    let path = try folder.write("many.wav", WAV.pcm(tone, channels: 64))
    try expect(65, "64 channels", from: path)
  }

  @Test func aChannelThatIsNotThere() throws {
    try expect(65, "channel 1", from: materials.recording, options: ["--channel", "1"])
  }

  @Test func anOffsetBeyondTheEnd() throws {
    try expect(65, "lasts", from: materials.recording, options: ["--offset", "7"])
  }

  /// Root may read every file, so the program runs as another user then.
  @Test func noPermission() throws {
    let path = try folder.write("secret.wav", WAV.pcm(tone))
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    for folder in [folder.path, materials.folder.path] {
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    }
    let shell = getuid() == 0 ? "exec setpriv --reuid=65534 --regid=65534 --clear-groups --" : nil
    let run = try ScribeProgram.run(
      ["transcribe", "-m", materials.model, path, materials.recording], shell: shell)
    #expect(run.code == 66, "\(run.errors)")
    #expect(run.errors.contains(path) && run.errors.contains("permission"))
    #expect(run.output.count(where: \.isNewline) == 1, "the other recording is done")
  }

  @Test func shorterThanAFrameIsSilence() throws {
    let path = try folder.write("click.wav", WAV.pcm([0.5, -0.5]))
    let run = try ScribeProgram.run(["transcribe", "-m", materials.model, path])
    #expect(run.code == 0 && run.output == "\n")
  }
}

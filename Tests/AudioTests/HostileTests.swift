import Audio
import Foundation
import Tensors
import Testing

/// Files that are wrong, each with its own error, none with a crash.
@Suite struct HostileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(
    _ expected: AudioError, _ category: AudioError.Category, reading path: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: AudioError.self, sourceLocation: sourceLocation) {
      try AudioFile.read(path, sampleRate: 16000)
    }
    #expect(error == expected, sourceLocation: sourceLocation)
    #expect(error?.category == category, sourceLocation: sourceLocation)
    #expect(error?.description.hasPrefix(path) == true, sourceLocation: sourceLocation)
  }

  @Test func missingDirectoryEmptyDevice() throws {
    expect(.missing(file: folder("no.wav")), .missingInput, reading: folder("no.wav"))
    expect(.isDirectory(file: folder.path), .missingInput, reading: folder.path)
    let empty = try folder.write("empty.wav", [])
    expect(.empty(file: empty), .badData, reading: empty)
    let below = "\(empty)/inside.wav"
    expect(.missing(file: below), .missingInput, reading: below)
    expect(.notAFile(file: "/dev/null", found: "a device"), .missingInput, reading: "/dev/null")
  }

  @Test func noPermission() throws {
    let path = try folder.write("secret.wav", WaveBytes(pcm16: [1]).bytes)
    #expect(AudioError.opening(path, errno: EACCES) == .permissionDenied(file: path))
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    // The superuser may read everything.
    guard geteuid() != 0 else { return }
    expect(.permissionDenied(file: path), .missingInput, reading: path)
  }

  @Test func textNamedWav() throws {
    let path = try folder.write("text.wav", tag("hello, this is not sound\nat all"))
    let error = #expect(throws: AudioError.self) { try AudioFile.read(path) }
    guard case .notAudio(path, "text beginning \"hello, this is not sound\"", _) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect(error?.category == .badData)
  }

  @Test func truncatedAtEveryByte() throws {
    let whole = WaveBytes(pcm16: [100, 200, 300, 400]).bytes
    for count in 1..<whole.count {
      let path = try folder.write("cut.wav", Array(whole.prefix(count)))
      let error = #expect(throws: AudioError.self, "\(count) bytes") { try AudioFile.read(path) }
      switch error {
      case .notAudio: #expect(count < 12)
      case .incompleteHeader(_, count, _): #expect(count < 44)
      case .truncated(_, count - 44, 8, .bytes): #expect(count >= 44)
      default: Issue.record("\(count) bytes: got \(String(describing: error))")
      }
    }
  }

  @Test func truncatedCanBeAccepted() throws {
    let path = try folder.write("cut.wav", Array(WaveBytes(pcm16: [1, 2, 3, 4]).bytes.dropLast(3)))
    let options = AudioOptions(acceptTruncated: true)
    #expect(try AudioFile.read(path, options: options).samples == [1 / 32768, 2 / 32768])
    #expect(
      try AudioFile.info(path, options: options).warnings == [.truncated(found: 5, declared: 8)])
  }

  @Test func truncatedAiff() throws {
    let samples = [UInt8](repeating: 1, count: 100)
    let common = big(1, 2) + big(50, 4) + big(16, 2) + [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]
    let body =
      tag("AIFF") + tag("COMM") + big(18, 4) + common + tag("SSND") + big(108, 4) + big(0, 8)
      + samples
    let bytes = tag("FORM") + big(body.count, 4) + body
    let whole = try folder.write("whole.aiff", bytes)
    #expect(try AudioFile.read(whole).samples.count == 50)
    #expect(try AudioFile.info(whole).sampleRate == 8000)
    let cut = try folder.write("cut.aiff", bytes.dropLast(30))
    expect(.truncated(file: cut, found: 78, declared: 108, unit: .bytes), .badData, reading: cut)
  }

  @Test func headersThatLie() throws {
    for declared in [10_000, 0x7000_0000, 0x7FFF_FFFF, 0xFFFF_FFFE] {
      var file = WaveBytes(pcm16: [1, 2, 3, 4])
      file.declaredData = declared
      let path = try folder.write("lie.wav", file.bytes)
      expect(.falseLength(file: path, declared: declared, found: 8), .badData, reading: path)
      let options = AudioOptions(acceptTruncated: true)
      #expect(try AudioFile.read(path, options: options).samples.count == 4)
    }
    var short = WaveBytes(pcm16: [Int](repeating: -3, count: 100))
    short.declaredData = 20
    let path = try folder.write("short.wav", short.bytes)
    expect(.falseLength(file: path, declared: 20, found: 200), .badData, reading: path)
  }

  @Test func impossibleRates() throws {
    for rate in [0, 999, 768_001, 10_000_000, 0xFFFF_FFFF] {
      let path = try folder.write("rate.wav", WaveBytes(pcm16: [1, 2], rate: rate).bytes)
      expect(.sampleRate(file: path, found: rate), .badData, reading: path)
    }
    for rate in [1000, 768_000] {
      let path = try folder.write("rate.wav", WaveBytes(pcm16: [1, 2], rate: rate).bytes)
      #expect(try AudioFile.read(path).sampleRate == rate)
    }
  }

  @Test func channelCounts() throws {
    for channels in [0, 33, 64, 65535] {
      let file = WaveBytes(pcm16: [Int](repeating: 5, count: 128), channels: channels)
      let path = try folder.write("channels.wav", file.bytes)
      expect(.channelCount(file: path, found: channels), .badData, reading: path)
    }
    let file = WaveBytes(pcm16: [Int](repeating: 5, count: 64), channels: 32)
    let path = try folder.write("channels.wav", file.bytes)
    #expect(try AudioFile.read(path).samples == [5 / 32768, 5 / 32768])
  }

  @Test func numbersThatAreNot() throws {
    for (value, text) in [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      var samples = [Float](repeating: 0.1, count: 60_000)
      samples[2 * 20_001 + 1] = value
      let path = try folder.write("nan.wav", WaveBytes(float: samples, channels: 2).bytes)
      expect(.notFinite(file: path, frame: 20_001, value: text), .badData, reading: path)
    }
  }

  /// Any single damaged byte of a header, and random bytes after a true beginning, give samples or an
  /// `AudioError`, and never more samples than the file has bytes.
  @Test func damagedHeadersNeverCrash() throws {
    let whole = WaveBytes(pcm16: (0..<50).map { $0 * 100 }).bytes
    for position in 0..<44 {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var bytes = whole
        bytes[position] = value
        try readAnything(bytes)
      }
    }
    var random = RandomSource(seed: 99)
    for start in [tag("fLaC"), tag("OggS"), tag("FORM"), tag("caff"), tag("ID3"), whole] {
      for _ in 0..<40 {
        let noise = (0..<random.integer(in: 0...400)).map { _ in UInt8(random.integer(in: 0...255))
        }
        try readAnything(start + noise)
      }
    }
  }

  /// Refusing a file must not close a number that another thread has been given in the meantime.
  @Test func refusalsDoNotDisturbOtherThreads() async throws {
    let good = try folder.write("good.wav", WaveBytes(pcm16: [1, 2, 3, 4]).bytes)
    let bad = try folder.write("bad.wav", tag("no sound here, and none to come"))
    let failures = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<200).filter { _ in
            let sound = try? AudioFile.read(task % 2 == 0 ? good : bad)
            return sound?.samples.count != (task % 2 == 0 ? 4 : nil)
          }.count
        }
      }
      return await group.reduce(0, +)
    }
    #expect(failures == 0)
  }

  private func readAnything(_ bytes: [UInt8]) throws {
    let path = try folder.write("damaged.bin", bytes)
    do throws(AudioError) {
      let sound = try AudioFile.read(path, options: AudioOptions(acceptTruncated: true))
      #expect(sound.samples.count <= 64 * bytes.count)
    } catch {
      #expect(error.description.contains(path))
    }
  }

  @Test func everyMessageNamesFileFindingAndRemedy() {
    let errors: [AudioError] = [
      .missing(file: "a.wav"), .isDirectory(file: "a.wav"), .permissionDenied(file: "a.wav"),
      .notAFile(file: "a.wav", found: "a device"),
      .notAudio(file: "a.wav", found: "text", reason: "unknown"),
      .truncated(file: "a.wav", found: 10, declared: 20, unit: .bytes),
      .falseLength(file: "a.wav", declared: 20, found: 10),
      .sampleRate(file: "a.wav", found: 0), .channelCount(file: "a.wav", found: 64),
      .noSuchChannel(file: "a.wav", channel: 3, channelCount: 2),
      .notFinite(file: "a.wav", frame: 7, value: "nan"),
      .offsetBeyondEnd(file: "a.wav", offset: 3, duration: 2),
      .tooLarge(file: "a.wav", limit: 4), .silent(file: "a.wav"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("a.wav: ") && error.description.contains("; "))
    }
    #expect(Set(errors.map(\.description)).count == errors.count)
  }
}

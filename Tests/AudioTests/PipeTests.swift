import Audio
import Foundation
import Tensors
import Testing

/// Recordings that arrive through pipes, which cannot be read twice.
@Suite(.serialized) struct PipeTests {
  let folder: TemporaryFolder
  let samples: [Int]

  init() throws {
    folder = try TemporaryFolder()
    // A reader that refuses a recording leaves its writer alone with the pipe.
    signal(SIGPIPE, SIG_IGN)
    var random = RandomSource(seed: 11)
    samples = (0..<150_000).map { _ in random.integer(in: -30_000...30_000) }
  }

  private var expected: [Float] { samples.map { Float($0) / 32768 } }

  /// Runs `body` with the path of a named pipe into which a thread writes `bytes`.
  private func throughPipe<Result>(
    _ bytes: [UInt8], _ body: (String) throws -> Result
  ) throws -> Result {
    let path = folder("pipe-\(UUID().uuidString)")
    try #require(mkfifo(path, 0o600) == 0)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      defer { done.signal() }
      let number = open(path, O_WRONLY)
      guard number >= 0 else { return }
      var start = 0
      while start < bytes.count {
        // Odd sizes, so that reads end inside frames.
        let count = min(7001, bytes.count - start)
        let written = bytes.withUnsafeBytes { write(number, $0.baseAddress! + start, count) }
        if written <= 0 { break }
        start += written
      }
      close(number)
    }
    defer { done.wait() }
    return try body(path)
  }

  @Test func wavStreams() throws {
    let file = WaveBytes(pcm16: samples, rate: 44100)
    #expect(try throughPipe(file.bytes) { try AudioFile.read($0) }.samples == expected)
    let path = try folder.write("same.wav", file.bytes)
    let piped = try throughPipe(file.bytes) { try AudioFile.read($0, sampleRate: 16000) }
    #expect(try AudioFile.read(path, sampleRate: 16000) == piped)
    let part = try throughPipe(file.bytes) { try AudioFile.read($0, offset: 2, duration: 1) }
    #expect(part.samples == Array(expected[88_200..<132_300]))
  }

  @Test func wavWithOpenLengthAndLargeHeader() throws {
    for (length, junk) in [(0xFFFF_FFFF, 0), (0x7FFF_F000, 500_000), (0, 0), (0, 1_500_000)] {
      var file = WaveBytes(pcm16: samples)
      (file.declaredRIFF, file.declaredData) = (length, length)
      if junk > 0 {
        file.extra = tag("JUNK") + little(junk, 4) + [UInt8](repeating: 1, count: junk)
      }
      let sound = try throughPipe(file.bytes) { try AudioFile.read($0) }
      #expect(sound.samples == expected, "\(length), \(junk)")
    }
  }

  @Test func wavThatEndsEarly() throws {
    let bytes = Array(WaveBytes(pcm16: samples).bytes.dropLast(100_000))
    let error = #expect(throws: AudioError.self) {
      try throughPipe(bytes) { try AudioFile.read($0) }
    }
    guard case .truncated(_, 100_000, 150_000, .frames) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    let accepted = try throughPipe(bytes) {
      try AudioFile.read($0, options: AudioOptions(acceptTruncated: true))
    }
    #expect(accepted.samples == Array(expected.prefix(100_000)))
  }

  @Test func rawStreams() throws {
    let bytes = samples.flatMap { big($0, 2) }
    let options = AudioOptions(raw: RawFormat(sampleRate: 8000, encoding: .s16be))
    let sound = try throughPipe(bytes) { try AudioFile.read($0, options: options) }
    #expect(sound == Waveform(samples: expected, sampleRate: 8000))
  }

  @Test func otherFormatsAreSpooled() throws {
    // Sun's .au: a header of six big-endian words.
    let header = tag(".snd") + [24, samples.count * 2, 3, 8000, 1].flatMap { big($0, 4) }
    let bytes = header + samples.flatMap { big($0, 2) }
    #expect(try throughPipe(bytes) { try AudioFile.read($0) }.samples == expected)
  }

  @Test func emptyAndTextPipes() throws {
    #expect(throws: AudioError.self) { try throughPipe([]) { try AudioFile.read($0) } }
    let error = #expect(throws: AudioError.self) {
      try throughPipe(tag("not a recording\n")) { try AudioFile.read($0) }
    }
    guard case .notAudio = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test func standardInputFromFileAndPipe() throws {
    let bytes = WaveBytes(pcm16: samples).bytes
    let path = try folder.write("input.wav", bytes)
    let fromFile = try withStandardInput(path) {
      // The second reading begins at the beginning again.
      _ = try AudioFile.info("-")
      return try AudioFile.read("-")
    }
    #expect(fromFile.samples == expected)
    let fromPipe = try throughPipe(bytes) { pipe in
      try withStandardInput(pipe) { try AudioFile.read("-") }
    }
    #expect(fromPipe.samples == expected)
    let folderError = #expect(throws: AudioError.self) {
      try withStandardInput(folder.path) { try AudioFile.read("-") }
    }
    #expect(folderError == .isDirectory(file: "standard input"))
  }

  private func withStandardInput<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    let saved = dup(STDIN_FILENO)
    let number = open(path, O_RDONLY)
    try #require(saved >= 0 && number >= 0)
    dup2(number, STDIN_FILENO)
    close(number)
    defer {
      dup2(saved, STDIN_FILENO)
      close(saved)
    }
    return try body()
  }

  /// A long recording passes through buffers that do not grow with it.
  @Test func longStreamsNeedLittleMemory() throws {
    let path = folder("endless.wav")
    var header = WaveBytes(pcm16: [], rate: 16000)
    let seconds = 3600
    header.declaredData = seconds * 32000
    header.declaredRIFF = 36 + seconds * 32000
    _ = try folder.write("endless.wav", header.bytes)
    // A hole: the file system stores nothing for an hour of silence.
    try #require(truncate(path, off_t(44 + seconds * 32000)) == 0)
    let stream = try AudioFile.stream(path, sampleRate: 8000)
    var (count, buffered) = (0, 0)
    while let block = try stream.next(65536) {
      count += block.count
      buffered = max(buffered, stream.bufferedCapacity)
    }
    #expect(abs(count - seconds * 8000) <= 1)
    #expect(buffered < 500_000, "of \(count) samples")
  }
}

/// Recordings that are read while they arrive.
extension PipeTests {
  /// Everything that was written can be read before more comes, but for what a resampler keeps.
  @Test(arguments: [
    (8000, true, 0.02), (8000, false, 0.02), (16_000, false, 0.1), (44_100, true, 0.1),
  ])
  func blocksComeAsTheyArrive(rate: Int, hasHeader: Bool, keeps: Double) throws {
    let path = folder("live-\(UUID().uuidString)")
    try #require(mkfifo(path, 0o600) == 0)
    let sent = Array(samples.prefix(rate))
    let bytes = WaveBytes(pcm16: sent, rate: rate).bytes
    let body = Array(hasHeader ? bytes[...] : bytes.dropFirst(44))
    let isRead = DispatchSemaphore(value: 0)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      defer { done.signal() }
      let number = open(path, O_WRONLY)
      guard number >= 0 else { return }
      // Half, then nothing until the reader has seen it, then the rest.
      let half = body.count / 4 * 2
      _ = body.withUnsafeBytes { write(number, $0.baseAddress!, half) }
      // A reader that waits for more gets the half alone, and the comparison fails.
      if isRead.wait(timeout: .now() + 20) == .success {
        _ = body.withUnsafeBytes { write(number, $0.baseAddress! + half, $0.count - half) }
      }
      close(number)
    }
    defer { done.wait() }
    var options = AudioOptions()
    options.rawIfHeaderless = RawFormat(sampleRate: rate)
    let stream = try AudioStream(path, sampleRate: 8000, blockDuration: 0.02, options: options)
    var found: [Float] = []
    var isHalf = false
    while let block = try stream.nextBlock() {
      found += block
      guard !isHalf, Double(found.count) / 8000 >= 0.5 - keeps - 0.022 else { continue }
      isHalf = true
      isRead.signal()
    }
    #expect(isHalf)
    let file = try folder.write("same.wav", bytes)
    #expect(found == (try AudioFile.read(file, sampleRate: 8000)).samples)
  }

  @Test func whatHasAHeaderIsNotTakenForSamples() throws {
    var options = AudioOptions()
    options.rawIfHeaderless = RawFormat(sampleRate: 8000)
    let flac = folder("sound.flac")
    let sound = Waveform(samples: expected, sampleRate: 16_000)
    try AudioFile.write(sound, to: flac)
    let bytes = Array(try Data(contentsOf: URL(filePath: flac)))
    let read = try throughPipe(bytes) { path in
      try AudioStream(path, options: options).next(1 << 20) ?? []
    }
    #expect(read == expected)
    #expect(throws: AudioError.self) {
      try throughPipe([]) { try AudioStream($0, options: options) }
    }
  }
}

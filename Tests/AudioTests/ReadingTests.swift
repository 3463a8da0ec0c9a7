import Audio
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct ReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Samples at exact fractions of full scale, so that every depth holds them.
  private let steps = [0, 64, -64, 32, -32, 127, -128, 1]
  private var expected: [Float] { steps.map { Float($0) / 128 } }

  @Test func wavOfEveryDepth() throws {
    var byte = WaveBytes(pcm16: [])
    byte.bits = 8
    byte.data = steps.map { UInt8($0 + 128) }
    var three = WaveBytes(pcm16: [])
    three.bits = 24
    three.data = steps.flatMap { little($0 << 16, 3) }
    var four = WaveBytes(pcm16: [])
    four.bits = 32
    four.data = steps.flatMap { little($0 << 24, 4) }
    var double = WaveBytes(pcm16: [])
    (double.bits, double.formatTag) = (64, 3)
    double.data = steps.flatMap { little(Int(bitPattern: UInt((Double($0) / 128).bitPattern)), 8) }
    let files = [
      ("u8", byte), ("s16", WaveBytes(pcm16: steps.map { $0 << 8 })), ("s24", three),
      ("s32", four), ("f32", WaveBytes(float: expected)), ("f64", double),
    ]
    for (name, file) in files {
      let path = try folder.write("\(name).wav", file.bytes)
      #expect(try AudioFile.read(path) == Waveform(samples: expected, sampleRate: 16000), "\(name)")
    }
  }

  @Test func channelsAreMeanOrChosen() throws {
    let path = try folder.write(
      "stereo.wav", WaveBytes(float: [0.5, 0.25, -1, 1, 0.75, 0.25], channels: 2).bytes)
    #expect(try AudioFile.read(path).samples == [0.375, 0, 0.5])
    func read(_ channel: Int) throws -> [Float] {
      try AudioFile.read(path, options: AudioOptions(channel: .only(channel))).samples
    }
    #expect(try read(0) == [0.5, -1, 0.75])
    #expect(try read(1) == [0.25, 1, 0.25])
    #expect(throws: AudioError.noSuchChannel(file: path, channel: 2, channelCount: 2)) {
      try read(2)
    }
  }

  @Test func infoComesWithoutDecoding() throws {
    let path = try folder.write(
      "info.wav",
      WaveBytes(pcm16: [Int](repeating: 0, count: 44100), rate: 22050, channels: 2).bytes)
    let info = try AudioFile.info(path)
    #expect(info.sampleRate == 22050 && info.channelCount == 2 && info.frameCount == 22050)
    #expect(info.duration == 1 && info.warnings.isEmpty)
    #expect(info.format == "WAV (Microsoft), Signed 16 bit PCM")
  }

  @Test func rawSamplesOfEveryEncoding() throws {
    let words = steps.map { $0 << 8 }
    let bytes: [(RawFormat.Encoding, [UInt8])] = [
      (.s8, steps.map { UInt8(truncatingIfNeeded: $0) }), (.u8, steps.map { UInt8($0 + 128) }),
      (.s16le, words.flatMap { little($0, 2) }), (.s16be, words.flatMap { big($0, 2) }),
      (.s24le, steps.flatMap { little($0 << 16, 3) }), (.s24be, steps.flatMap { big($0 << 16, 3) }),
      (.s32le, steps.flatMap { little($0 << 24, 4) }), (.s32be, steps.flatMap { big($0 << 24, 4) }),
      (.f32le, expected.flatMap { little(Int($0.bitPattern), 4) }),
      (.f32be, expected.flatMap { big(Int($0.bitPattern), 4) }),
      (.f64le, expected.flatMap { little(Int(bitPattern: UInt(Double($0).bitPattern)), 8) }),
      (.f64be, expected.flatMap { big(Int(bitPattern: UInt(Double($0).bitPattern)), 8) }),
    ]
    for (encoding, data) in bytes {
      let path = try folder.write("samples.\(encoding.rawValue)", data)
      let raw = RawFormat(sampleRate: 8000, encoding: encoding)
      let sound = try AudioFile.read(path, options: AudioOptions(raw: raw))
      #expect(sound == Waveform(samples: expected, sampleRate: 8000), "\(encoding)")
    }
    // ITU-T G.711, tables 2a and 1a: the codes of the largest values and of the smallest.
    let companded: [(RawFormat.Encoding, [UInt8], [Float])] = [
      (.mulaw, [0x80, 0x00, 0xFF], [32124, -32124, 0]),
      (.alaw, [0xAA, 0x2A, 0xD5], [32256, -32256, 8]),
    ]
    for (encoding, data, values) in companded {
      let path = try folder.write("samples.\(encoding.rawValue)", data)
      let options = AudioOptions(raw: RawFormat(sampleRate: 8000, encoding: encoding))
      #expect(try AudioFile.read(path, options: options).samples == values.map { $0 / 32768 })
    }
  }

  @Test func rawFramesAreCheckedAndCountedWhole() throws {
    let path = try folder.write("odd.raw", [0, 0, 0, 0, 0, 0, 7])
    let stereo = AudioOptions(raw: RawFormat(sampleRate: 8000, channelCount: 2))
    #expect(try AudioFile.info(path, options: stereo).warnings == [.trailingBytes(3)])
    #expect(try AudioFile.read(path, options: stereo).samples.count == 1)
    for raw in [RawFormat(sampleRate: 0), RawFormat(sampleRate: 8000, channelCount: 0)] {
      #expect(throws: AudioError.self) { try AudioFile.read(path, options: AudioOptions(raw: raw)) }
    }
  }

  @Test func anyPartCanBeRead() throws {
    let samples = (0..<50_000).map { $0 % 30_000 - 15_000 }
    let path = try folder.write("ramp.wav", WaveBytes(pcm16: samples, rate: 10_000).bytes)
    let part = try AudioFile.read(path, offset: 2.5, duration: 1.25)
    #expect(part.samples == samples[25_000..<37_500].map { Float($0) / 32768 })
    #expect(try AudioFile.read(path, offset: 4.9, duration: 10).samples.count == 1000)
    #expect(try AudioFile.read(path, offset: 5).samples.isEmpty)
    #expect(try AudioFile.read(path, duration: 0).samples.isEmpty)
    #expect(throws: AudioError.offsetBeyondEnd(file: path, offset: 5.5, duration: 5)) {
      try AudioFile.read(path, offset: 5.5)
    }
  }

  @Test(arguments: [1, 100, 16_384, 100_000])
  func blocksMakeTheWhole(block: Int) throws {
    var random = RandomSource(seed: 7)
    let samples = (0..<70_000).map { _ in random.integer(in: -20_000...20_000) }
    let path = try folder.write(
      "noise.wav", WaveBytes(pcm16: samples, rate: 44100, channels: 2).bytes)
    for rate in [nil, 16000] {
      let whole = try AudioFile.read(path, sampleRate: rate)
      let stream = try AudioFile.stream(path, sampleRate: rate)
      var joined: [Float] = []
      while let next = try stream.next(block) {
        #expect(next.count == min(block, whole.samples.count - joined.count))
        joined += next
      }
      #expect(joined == whole.samples && stream.sampleRate == whole.sampleRate)
      #expect(try stream.next(block) == nil)
      let resampled = try AudioFile.read(path).resampled(to: rate ?? 44100)
      #expect(resampled == whole)
    }
  }

  @Test func chunksAroundTheSamplesAreSkipped() throws {
    var file = WaveBytes(pcm16: [1000, 2000, 3000])
    file.extra = tag("LIST") + little(5, 4) + tag("INFO!") + [0]
    file.extra += tag("JUNK") + little(200_000, 4) + [UInt8](repeating: 9, count: 200_000)
    file.declaredRIFF = file.bytes.count - 8 + 12
    let path = try folder.write(
      "chunks.wav", file.bytes + tag("cue ") + little(4, 4) + little(0, 4))
    let sound = try AudioFile.read(path)
    #expect(sound.samples == [1000, 2000, 3000].map { $0 / 32768 })
    #expect(try AudioFile.info(path).warnings.isEmpty)
  }

  @Test func openLengthsAreReadToTheEnd() throws {
    // What ffmpeg, sox and programs that died leave behind.
    let sizes = [(0xFFFF_FFFF, 0xFFFF_FFFF), (0x7FFF_F024, 0x7FFF_F000), (0, 0), (36, 0)]
    for (riff, data) in sizes {
      var file = WaveBytes(pcm16: [1, 2, 3, 4])
      (file.declaredRIFF, file.declaredData) = (riff, data)
      let path = try folder.write("open.wav", file.bytes)
      let info = try AudioFile.info(path)
      #expect(info.warnings == [.lengthUnknown] && info.frameCount == 4)
      #expect(try AudioFile.read(path).samples.count == 4, "\(riff)")
    }
  }

  @Test func headerWithoutSamplesIsSilence() throws {
    let path = try folder.write("none.wav", WaveBytes(pcm16: []).bytes)
    #expect(try AudioFile.read(path, sampleRate: 8000) == Waveform(samples: [], sampleRate: 8000))
  }
}

/// Recordings that other programs wrote.
@Suite struct ForeignFormatTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let formats: [(name: String, rate: Int, channels: Int, arguments: [String])] = [
    ("flac", 48000, 2, []), ("ogg", 44100, 1, ["-c:a", "libvorbis"]),
    ("opus", 48000, 2, ["-c:a", "libopus"]), ("mp3", 44100, 2, ["-c:a", "libmp3lame"]),
    ("aiff", 22050, 1, []), ("au", 8000, 1, ["-c:a", "pcm_mulaw"]), ("caf", 16000, 2, []),
    ("w64", 32000, 6, []), ("wav", 8000, 1, ["-c:a", "adpcm_ms"]),
    ("wav", 96000, 8, ["-c:a", "pcm_s24le"]),
  ]

  /// A tone of 440 Hz comes through every format with its frequency, amplitude and length.
  @Test(.enabled(if: program("ffmpeg") != nil, "ffmpeg is not installed"), arguments: formats)
  func ffmpegFiles(format: (name: String, rate: Int, channels: Int, arguments: [String])) throws {
    let source = folder("source.wav")
    let tone = Waveform(samples: sine(440, rate: format.rate, seconds: 2), sampleRate: format.rate)
    try AudioFile.write(tone, to: source)
    let path = folder("tone.\(format.name)")
    try run(
      "ffmpeg",
      ["-nostdin", "-y", "-i", source, "-ac", "\(format.channels)"] + format.arguments + [path])
    let info = try AudioFile.info(path)
    #expect(info.channelCount == format.channels && info.sampleRate == format.rate)
    let sound = try AudioFile.read(path, sampleRate: 16000)
    // Encoders of lossy formats may add padding.
    #expect(abs(sound.duration - 2) < 0.06, "\(sound.duration) s")
    let middle = sound.samples[4800..<27_200]
    // Up- and downmixing scale by ffmpeg's choice; the tone's share of the sound does not change.
    let (whole, tonal) = (rootMeanSquare(middle), amplitude(of: 440, in: middle, rate: 16000))
    #expect(whole > 0.03 && abs(tonal / whole - 2.0.squareRoot().float) < 0.02, "\(tonal) \(whole)")
  }

  @Test(
    .enabled(if: program("ffmpeg") != nil, "ffmpeg is not installed"),
    arguments: ["flac", "ogg", "opus", "mp3"])
  func partsOfCompressedFilesAreThoseOfTheWhole(name: String) throws {
    var random = RandomSource(seed: 17)
    let noise = (0..<160_000).map { _ in random.uniform(in: -0.3...0.3) }
    try AudioFile.write(Waveform(samples: noise, sampleRate: 16000), to: folder("source.wav"))
    let path = folder("noise.\(name)")
    try run("ffmpeg", ["-nostdin", "-y", "-i", folder("source.wav"), path])
    let whole = try AudioFile.read(path)
    let part = try AudioFile.read(path, offset: 3.3, duration: 2)
    let first = Int((3.3 * Double(whole.sampleRate)).rounded())
    // An MP3 decoder that jumps in misses what earlier frames leave behind.
    expectClose(
      part.samples, whole.samples[first..<first + 2 * whole.sampleRate],
      absolute: name == "mp3" ? 1e-2 : 0, name)
  }

  @Test(.enabled(if: program("sox") != nil, "sox is not installed"))
  func soxAndThisReaderAgree() throws {
    let path = folder("sox.wav")
    try run("sox", ["-n", "-r", "44100", "-b", "16", "-c", "2", path, "synth", "1", "sine", "300"])
    let raw = folder("sox.raw")
    try run("sox", ["-D", path, "-t", "raw", "-e", "float", "-b", "32", raw, "remix", "1"])
    let options = AudioOptions(raw: RawFormat(sampleRate: 44100, encoding: .f32le))
    let expected = try AudioFile.read(raw, options: options)
    expectClose(
      try AudioFile.read(path).samples, expected.samples, absolute: 1 / 32768, "sox")
  }

  @Test(.enabled(if: program("ffmpeg") != nil, "ffmpeg is not installed"))
  func truncatedFlacIsDetected() throws {
    let source = folder("source.wav")
    var random = RandomSource(seed: 3)
    let noise = (0..<48_000).map { _ in random.uniform(in: -0.5...0.5) }
    try AudioFile.write(Waveform(samples: noise, sampleRate: 16000), to: source)
    let path = folder("whole.flac")
    try run("ffmpeg", ["-nostdin", "-y", "-i", source, path])
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let cut = try folder.write("cut.flac", Array(bytes.prefix(bytes.count / 2)))
    let error = #expect(throws: AudioError.self) { try AudioFile.read(cut) }
    guard case .truncated(cut, let found, 48_000, .frames) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect(found > 10_000 && found < 30_000)
    let part = try AudioFile.read(cut, options: AudioOptions(acceptTruncated: true))
    #expect(part.samples.count == found)
  }
}

extension Double {
  fileprivate var float: Float { Float(self) }
}

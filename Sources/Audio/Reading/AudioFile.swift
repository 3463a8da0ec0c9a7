/// How a recording is read.
public struct AudioOptions: Sendable, Equatable {
  /// Which channel is heard.
  public enum Channel: Sendable, Equatable {
    /// The mean of all channels.
    case mix
    /// One channel, counted from 0.
    case only(Int)
  }

  /// Which channel is heard.
  public var channel: Channel
  /// How to read samples without a header; nil finds the format from the header.
  public var raw: RawFormat?
  /// How what comes through a pipe without the header of a known format is read; nil refuses it.
  public var rawIfHeaderless: RawFormat?
  /// Whether a recording that ends early, or whose header is wrong about its length, is read as far
  /// as it goes; then ``AudioInfo/warnings`` tells of it.
  public var acceptTruncated: Bool

  /// Options with defaults for recordings with headers.
  public init(channel: Channel = .mix, raw: RawFormat? = nil, acceptTruncated: Bool = false) {
    (self.channel, self.raw, self.acceptTruncated) = (channel, raw, acceptTruncated)
  }
}

/// Recordings in files and from standard input, in every format that libsndfile knows.
public enum AudioFile {
  /// The sample rates that are accepted, in Hz.
  public static let sampleRates = 1000...768_000
  /// The most channels that are accepted.
  public static let maximumChannelCount = 32
  /// The most bytes of a piped format other than WAV and raw that are kept on disk.
  public static let spoolLimit = 4 << 30

  /// What the header says, without decoding; `-` is standard input, which this consumes.
  public static func info(
    _ path: String, options: AudioOptions = AudioOptions()
  ) throws(AudioError) -> AudioInfo {
    try SoundHandle.open(path, options).info
  }

  /// Opens a recording for reading in blocks; see ``AudioStream``.
  public static func stream(
    _ path: String, sampleRate: Int? = nil, offset: Double = 0, duration: Double? = nil,
    options: AudioOptions = AudioOptions()
  ) throws(AudioError) -> AudioStream {
    try AudioStream(
      path, sampleRate: sampleRate, offset: offset, duration: duration, options: options)
  }

  /// Reads a recording, or a part of it, into memory.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - sampleRate: The rate wanted; nil keeps the recording's own.
  ///   - offset: Where to begin, in seconds.
  ///   - duration: How much to read, in seconds; nil reads to the end.
  /// - Throws: ``AudioError`` naming what is wrong with the file.
  public static func read(
    _ path: String, sampleRate: Int? = nil, offset: Double = 0, duration: Double? = nil,
    options: AudioOptions = AudioOptions()
  ) throws(AudioError) -> Waveform {
    let stream = try AudioStream(
      path, sampleRate: sampleRate, offset: offset, duration: duration, options: options)
    var samples: [Float] = []
    // The declared length saves copies, but a header is not believed beyond ten minutes of memory.
    let expected = min(stream.info.duration ?? 0, duration ?? .infinity, 600)
    samples.reserveCapacity(Int(expected * Double(stream.sampleRate)) + 16)
    while let block = try stream.next(65536) { samples += block }
    return Waveform(samples: samples, sampleRate: stream.sampleRate)
  }
}

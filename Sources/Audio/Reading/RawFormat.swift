import CSndFile

/// How to read samples that come without a header.
public struct RawFormat: Sendable, Equatable {
  /// Frames per second.
  public var sampleRate: Int
  /// Interleaved channels.
  public var channelCount: Int
  /// How one sample is written.
  public var encoding: Encoding

  /// A description of headerless samples.
  public init(sampleRate: Int, channelCount: Int = 1, encoding: Encoding = .s16le) {
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    self.encoding = encoding
  }

  /// How one sample is written, by the names that ffmpeg uses.
  public enum Encoding: String, Sendable, CaseIterable {
    /// Signed and unsigned bytes.
    case s8, u8
    /// Signed integers of 16, 24 and 32 bits, little and big endian.
    case s16le, s16be, s24le, s24be, s32le, s32be
    /// IEEE floating point of 32 and 64 bits, little and big endian.
    case f32le, f32be, f64le, f64be
    /// The logarithmic codes of ITU-T G.711.
    case mulaw, alaw
  }

  /// The bytes of one frame.
  var bytesPerFrame: Int { channelCount * encoding.bytesPerSample }

  /// The format word of libsndfile.
  var formatCode: Int32 { Int32(SF_FORMAT_RAW | encoding.subtype | encoding.endianness) }

  func check(file: String) throws(AudioError) {
    guard AudioFile.sampleRates.contains(sampleRate) else {
      throw .sampleRate(file: file, found: sampleRate)
    }
    guard (1...AudioFile.maximumChannelCount).contains(channelCount) else {
      throw .channelCount(file: file, found: channelCount)
    }
  }
}

extension RawFormat.Encoding {
  var bytesPerSample: Int {
    switch self {
    case .s8, .u8, .mulaw, .alaw: 1
    case .s16le, .s16be: 2
    case .s24le, .s24be: 3
    case .s32le, .s32be, .f32le, .f32be: 4
    case .f64le, .f64be: 8
    }
  }

  fileprivate var subtype: Int {
    switch self {
    case .s8: SF_FORMAT_PCM_S8
    case .u8: SF_FORMAT_PCM_U8
    case .s16le, .s16be: SF_FORMAT_PCM_16
    case .s24le, .s24be: SF_FORMAT_PCM_24
    case .s32le, .s32be: SF_FORMAT_PCM_32
    case .f32le, .f32be: SF_FORMAT_FLOAT
    case .f64le, .f64be: SF_FORMAT_DOUBLE
    case .mulaw: SF_FORMAT_ULAW
    case .alaw: SF_FORMAT_ALAW
    }
  }

  fileprivate var endianness: Int {
    switch self {
    case .s16be, .s24be, .s32be, .f32be, .f64be: SF_ENDIAN_BIG
    case .s16le, .s24le, .s32le, .f32le, .f64le: SF_ENDIAN_LITTLE
    default: SF_ENDIAN_FILE
    }
  }
}

import Configuration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can be wrong with a recording, in words that name the file, what was found in it, what was
/// expected, and what to do.
public enum AudioError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(file: String)
  /// The path names a directory.
  case isDirectory(file: String)
  /// The file may not be read.
  case permissionDenied(file: String)
  /// The system refused to open or to read the file.
  case unreadable(file: String, reason: String)
  /// The path names a terminal, a device or a socket that holds no recording.
  case notAFile(file: String, found: String)
  /// The file has no bytes.
  case empty(file: String)
  /// The bytes are not those of any format that can be read.
  case notAudio(file: String, found: String, reason: String)
  /// The file ends inside its header.
  case incompleteHeader(file: String, bytes: Int, missing: String)
  /// The file ends before the samples that its header promises.
  case truncated(file: String, found: Int, declared: Int, unit: LengthUnit)
  /// The header contradicts itself or the file about how many bytes of samples there are.
  case falseLength(file: String, declared: Int, found: Int)
  /// The sample rate is outside ``AudioFile/sampleRates``.
  case sampleRate(file: String, found: Int)
  /// There are more channels than ``AudioFile/maximumChannelCount``, or none.
  case channelCount(file: String, found: Int)
  /// The chosen channel is not in the file.
  case noSuchChannel(file: String, channel: Int, channelCount: Int)
  /// A sample is infinite or not a number.
  case notFinite(file: String, frame: Int, value: String)
  /// The decoder gave up in the middle.
  case decoding(file: String, frame: Int, reason: String)
  /// The recording ends before the requested offset.
  case offsetBeyondEnd(file: String, offset: Double, duration: Double)
  /// More comes through a pipe, or without a length in the header, than can be read of the format.
  case tooLarge(file: String, limit: Int)
  /// The options that describe headerless samples are out of range.
  case rawFormat(file: String, found: String, expected: String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)
  /// The folder holds no recording.
  case noRecordings(folder: String)
  /// A noise or an impulse response has no sample other than 0.
  case silent(file: String)
  /// A value of the configuration is out of range.
  case configuration(ConfigurationError)

  /// What a length was counted in.
  public enum LengthUnit: String, Sendable {
    /// Bytes of sample data.
    case bytes
    /// Sample frames.
    case frames
  }

  /// The kind of failure, for choosing an exit code.
  public enum Category: Sendable {
    /// The content is wrong: exit code 65.
    case badData
    /// The input does not exist or may not be read: exit code 66.
    case missingInput
    /// The system failed to read or write: exit code 74.
    case inputOutput
  }

  /// The kind of failure, for choosing an exit code.
  public var category: Category {
    switch self {
    case .missing, .isDirectory, .permissionDenied, .notAFile, .noRecordings: .missingInput
    case .unreadable, .unwritable, .tooLarge: .inputOutput
    default: .badData
    }
  }

  /// One line: the file, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      "\(file): no such file; check the path"
    case .isDirectory(let file):
      "\(file): is a directory, expected a recording; name the files in it"
    case .permissionDenied(let file):
      "\(file): no permission to read it; change its mode or run as its owner"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .notAFile(let file, let found):
      "\(file): is \(found), expected a file or a pipe; redirect or pipe a recording into it"
    case .empty(let file):
      "\(file): is empty (0 bytes), expected a recording"
    case .noRecordings(let folder):
      "\(folder): holds no recording, expected files named .wav, .flac, .ogg, .opus, .mp3 or .aiff"
    default: contentDescription
    }
  }

  private var contentDescription: String {
    switch self {
    case .notAudio(let file, let found, let reason):
      "\(file): found \(found), expected WAV, FLAC, Ogg, MP3, AIFF or another format of libsndfile "
        + "(\(reason)); convert it, or describe headerless samples by the raw options"
    case .incompleteHeader(let file, let bytes, let missing):
      "\(file): ends after \(bytes) bytes, inside the header, expected \(missing); "
        + "copy or record it again"
    case .truncated(let file, let found, let declared, let unit):
      "\(file): is truncated: found \(found) \(unit.rawValue) of samples, "
        + "its header declares \(declared); copy it again, or allow truncated recordings"
    case .falseLength(let file, let declared, let found):
      "\(file): the header lies about its length: it declares \(declared) bytes of samples, "
        + "found \(found); rewrite it with an audio program, or allow truncated recordings"
    case .sampleRate(let file, let found):
      "\(file): the sample rate is \(found) Hz, expected "
        + "\(AudioFile.sampleRates.lowerBound) to \(AudioFile.sampleRates.upperBound) Hz; "
        + "the header is damaged, or convert the recording"
    case .channelCount(let file, let found):
      "\(file): has \(found) channels, expected 1 to \(AudioFile.maximumChannelCount); "
        + "extract the channels that carry speech"
    case .noSuchChannel(let file, let channel, let channelCount):
      "\(file): channel \(channel) was asked for, found \(channelCount) "
        + "(counted from 0); choose another or the mean of all"
    default: sampleDescription
    }
  }

  private var sampleDescription: String {
    switch self {
    case .notFinite(let file, let frame, let value):
      "\(file): sample frame \(frame) is \(value), expected finite numbers; export it again"
    case .decoding(let file, let frame, let reason):
      "\(file): cannot be decoded after sample frame \(frame): \(reason); the file is damaged"
    case .offsetBeyondEnd(let file, let offset, let duration):
      "\(file): lasts \(duration) s, but reading was to start at \(offset) s; lower the offset"
    case .tooLarge(let file, let limit):
      "\(file): holds more than \(limit) bytes, the most that can be read of this format from a "
        + "pipe or without a length; write it to a file or as FLAC"
    case .rawFormat(let file, let found, let expected):
      "\(file): raw samples with \(found), expected \(expected)"
    case .unwritable(let file, let reason):
      "\(file): cannot be written: \(reason)"
    case .silent(let file):
      "\(file): holds only silence, expected noise or an impulse response; leave it out"
    case .configuration(let error): "\(error)"
    default: ""
    }
  }

  /// The error for a system call on `file` that failed with `code`.
  package static func opening(_ file: String, errno code: Int32) -> AudioError {
    switch code {
    case ENOENT, ENOTDIR: .missing(file: file)
    case EACCES, EPERM: .permissionDenied(file: file)
    case EISDIR: .isDirectory(file: file)
    default: .unreadable(file: file, reason: systemMessage(code))
    }
  }
}

/// Something odd about a recording that does not keep it from being read.
public enum AudioWarning: Equatable, Sendable, CustomStringConvertible {
  /// The header leaves the length open, as programs do that write to a pipe; all there is is read.
  case lengthUnknown
  /// The file ends early and the caller accepted it.
  case truncated(found: Int, declared: Int)
  /// Headerless samples end inside a frame; the rest is ignored.
  case trailingBytes(Int)

  /// One line.
  public var description: String {
    switch self {
    case .lengthUnknown: "the header leaves the length open; read to the end of the file"
    case .truncated(let found, let declared):
      "truncated: \(found) of \(declared) declared bytes of samples"
    case .trailingBytes(let count): "\(count) trailing bytes do not make a whole frame"
    }
  }
}

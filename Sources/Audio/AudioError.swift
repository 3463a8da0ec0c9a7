import Configuration

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can be wrong with a recording, in words that name the file, what was found in it, what was
/// expected, and what to do.
public enum AudioError: Error, Equatable {
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
    case .empty, .notAudio, .incompleteHeader, .truncated, .falseLength, .sampleRate, .channelCount,
      .noSuchChannel, .notFinite, .decoding, .offsetBeyondEnd, .rawFormat, .silent, .configuration:
      .badData
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

import Files
import Markup

/// What can be wrong with a file of strokes, in words that name the file, the line, what was found, what
/// was expected, and what to do.
public enum StrokeError: Error, Equatable {
  /// The system did not open, read or write the file.
  case file(FileError)
  /// The file is not XML that can be read.
  case markup(MarkupError)
  /// The file has no bytes.
  case empty(file: String)
  /// The bytes are not those of any format of strokes.
  case notStrokes(file: String, found: String)
  /// The text is not UTF-8.
  case encoding(file: String, line: Int, found: String)
  /// The file ends too early.
  case truncated(file: String, line: Int, missing: String)
  /// A part of the file is not what it should be.
  case invalid(file: String, line: Int, found: String, expected: String)
  /// There is more of something than ``StrokeLimits`` allow.
  case tooMany(file: String, line: Int, what: String, limit: Int)
  /// The file is sound and holds no stroke.
  case noStrokes(file: String)

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
    case .file(let error), .markup(.file(let error)):
      switch error {
      case .notFound, .permissionDenied, .isFolder, .notAFolder, .notARegularFile: .missingInput
      case .noSpace, .tooLarge, .readOnly, .other: .inputOutput
      }
    case .markup, .empty, .notStrokes, .encoding, .truncated, .invalid, .tooMany, .noStrokes:
      .badData
    }
  }
}

extension StrokeError: CustomStringConvertible {
  /// One line: the file and its line, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .markup(let error): "\(error)"
    case .empty(let file):
      "\(file): is empty (0 bytes), expected strokes; export or copy it again"
    case .notStrokes(let file, let found):
      "\(file): found \(found), expected strokes as InkML, UNIPEN, IAM-OnDB XML or JSON; "
        + "export them in one of these formats"
    case .encoding(let file, let line, let found):
      "\(file):\(line): found \(found), expected UTF-8; save it as UTF-8"
    case .truncated(let file, let line, let missing):
      "\(file):\(line): ends too early, expected \(missing); export or copy it again"
    case .invalid(let file, let line, let found, let expected):
      "\(file):\(line): found \(found), expected \(expected); correct the line or export it again"
    case .tooMany(let file, let line, let what, let limit):
      "\(file):\(line): more than \(limit) \(what), expected less; split the recording"
    case .noStrokes(let file):
      "\(file): holds no stroke, expected one or more; export it again"
    }
  }
}

/// How much of a file of strokes is held; whatever the file, memory stays below a few times these.
public struct StrokeLimits: Sendable, Equatable {
  /// Points of one recording, at most; about 24 bytes each.
  public var points: Int
  /// Strokes of one recording, at most.
  public var strokes: Int
  /// UTF-8 bytes of a text that belongs to a recording, at most.
  public var textBytes: Int

  /// Limits that hours of writing do not meet.
  public init(points: Int = 2_000_000, strokes: Int = 200_000, textBytes: Int = 1 << 20) {
    precondition(
      points > 0 && strokes > 0 && textBytes > 0,
      "StrokeLimits: got \(points), \(strokes), \(textBytes), expected positive")
    (self.points, self.strokes, self.textBytes) = (points, strokes, textBytes)
  }
}

/// A recording with what is known about it.
public struct StrokeSample: Sendable, Hashable {
  /// The strokes.
  public var recording: PenRecording
  /// What was written.
  public var text: String?
  /// Who wrote it.
  public var writer: String?

  /// A recording, with or without its text and writer.
  public init(recording: PenRecording, text: String? = nil, writer: String? = nil) {
    (self.recording, self.text, self.writer) = (recording, text, writer)
  }
}

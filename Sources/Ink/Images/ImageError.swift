import Files

/// What can be wrong with an image file, in words that name the file, what was found in it, what
/// was expected, and what to do.
public enum ImageError: Error, Equatable {
  /// There is no such file.
  case missing(file: String)
  /// The path names a directory.
  case isDirectory(file: String)
  /// The file may not be read.
  case permissionDenied(file: String)
  /// The system refused to open or to read the file.
  case unreadable(file: String, reason: String)
  /// The path names a terminal, a device or a socket.
  case notAFile(file: String)
  /// The file has no bytes.
  case empty(file: String)
  /// The bytes are not those of any format that can be read.
  case unknownFormat(file: String, found: String, expected: String)
  /// The format is one that is read, but not this kind of it.
  case unsupported(file: String, found: String, expected: String)
  /// The image or the file is larger than ``ImageLimits`` allow.
  case tooLarge(file: String, found: String, limit: String)
  /// The header states a width or a height of 0.
  case zeroSized(file: String, width: Int, height: Int)
  /// The file ends before what it promises.
  case truncated(file: String, found: Int, missing: String)
  /// A part of the file contradicts its checksum, its format or another part.
  case damaged(file: String, found: String, expected: String)
  /// The format's own decoder gave up.
  case decoding(file: String, reason: String)
  /// The file cannot be written.
  case unwritable(file: String, reason: String)

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
    case .missing, .isDirectory, .permissionDenied, .notAFile: .missingInput
    case .unreadable, .unwritable: .inputOutput
    case .empty, .unknownFormat, .unsupported, .tooLarge, .zeroSized, .truncated, .damaged,
      .decoding:
      .badData
    }
  }

  /// The error for a file that could not be opened or read.
  init(reading error: FileError, file: String) {
    switch error {
    case .notFound, .notAFolder: self = .missing(file: file)
    case .isFolder: self = .isDirectory(file: file)
    case .permissionDenied: self = .permissionDenied(file: file)
    case .notARegularFile: self = .notAFile(file: file)
    default: self = .unreadable(file: file, reason: error.reason)
    }
  }
}

extension ImageError: CustomStringConvertible {
  /// One line: the file, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      "\(file): no such file; check the path"
    case .isDirectory(let file):
      "\(file): is a directory, expected an image; name the files in it"
    case .permissionDenied(let file):
      "\(file): no permission to read it; change its mode or run as its owner"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .notAFile(let file):
      "\(file): is a device or pipe, expected a regular file; write the image to a file"
    case .empty(let file):
      "\(file): is empty (0 bytes), expected an image"
    case .unknownFormat(let file, let found, let expected),
      .unsupported(let file, let found, let expected):
      "\(file): found \(found), expected \(expected); convert it"
    case .tooLarge(let file, let found, let limit):
      "\(file): has \(found), expected at most \(limit); scale it down or cut it into parts"
    case .zeroSized(let file, let width, let height):
      "\(file): the header states \(width) × \(height) pixels, expected at least 1 × 1; "
        + "the header is damaged, export it again"
    case .truncated(let file, let found, let missing):
      "\(file): is truncated: ends after \(found) bytes, expected \(missing); copy it again"
    case .damaged(let file, let found, let expected):
      "\(file): is damaged: found \(found), expected \(expected); copy or export it again"
    case .decoding(let file, let reason):
      "\(file): cannot be decoded: \(reason); the file is damaged, copy or export it again"
    case .unwritable(let file, let reason):
      "\(file): cannot be written: \(reason)"
    }
  }
}

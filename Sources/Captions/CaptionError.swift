/// Why a table of words or segments cannot be read.
public enum CaptionError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The system did not read the file, or it is not text.
  case unreadable(file: String, reason: String)
  /// A row is not as the format wants it.
  case row(file: String, line: Int, found: String, expected: String)
  /// A row begins before the one above it, of the same waveform and channel.
  case order(file: String, line: Int, start: String, previous: String)

  /// One line naming file and line, what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .row(let file, let line, let found, let expected):
      "\(file):\(line): found \(found); expected \(expected)"
    case .order(let file, let line, let start, let previous):
      "\(file):\(line): begins at \(start) s, after a row that begins at \(previous) s; "
        + "sort the file by waveform, channel and start"
    }
  }
}

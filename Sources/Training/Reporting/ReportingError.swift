/// Why a report of a training run cannot be written or read back.
public enum ReportingError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read; the reason is the system's.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; the reason is the system's.
  case unwritable(path: String, reason: String)
  /// A line of a metrics log is not one that this program writes.
  case damaged(path: String, line: Int, found: String, expected: String)

  /// One line: place, what was found, what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .damaged(let path, let line, let found, let expected):
      "\(path):\(line): found \(found); expected \(expected); move the log away to start a new one"
    }
  }
}

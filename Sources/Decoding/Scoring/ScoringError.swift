/// Why texts cannot be scored.
public enum ScoringError: Error, Equatable, CustomStringConvertible, Sendable {
  /// A file cannot be read.
  case unreadable(file: String, reason: String)
  /// A line of a file is not as it should be.
  case malformed(file: String, line: Int, found: String, expected: String)
  /// The braces of a text's alternatives do not fit; the place is empty where it is not known.
  case alternatives(place: String, text: String, found: String, expected: String)
  /// An utterance stands twice in a file.
  case duplicate(file: String, line: Int, id: String, first: Int)
  /// An utterance of one file is not in the other.
  case unmatched(id: String, file: String, line: Int, other: String)
  /// Two files without names of utterances differ in length.
  case lengths(file: String, lines: Int, other: String, otherLines: Int)
  /// A file has no utterance.
  case empty(file: String)

  /// The same error about a text that stands at a place, as `file:line`.
  public func at(_ place: String) -> ScoringError {
    guard case .alternatives(_, let text, let found, let expected) = self else { return self }
    return .alternatives(place: place, text: text, found: found, expected: expected)
  }

  /// One line with what was found and what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .malformed(let file, let line, let found, let expected):
      "\(file):\(line): found '\(found)'; expected \(expected)"
    case .alternatives(let place, let text, let found, let expected):
      "\(place)\(place.isEmpty ? "" : ": ")found \(found) in '\(text)'; expected \(expected)"
    case .duplicate(let file, let line, let id, let first):
      "\(file):\(line): the utterance '\(id)' is on line \(first) already; "
        + "expected every utterance once"
    case .unmatched(let id, let file, let line, let other):
      "\(file):\(line): the utterance '\(id)' is not in \(other); expected the same in both files"
    case .lengths(let file, let lines, let other, let otherLines):
      "\(file) has \(lines) utterances and \(other) \(otherLines); expected as many in both, line by "
        + "line (an empty line is an empty utterance)"
    case .empty(let file): "\(file): no utterance found; expected at least one"
    }
  }
}

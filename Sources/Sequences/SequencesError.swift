/// What can be wrong with sequences and their files, in words that name the place.
public enum SequencesError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The system did not open or read a file, or it is not text.
  case unreadable(file: String, reason: String)
  /// A line of a file is not as it should be.
  case line(file: String, line: Int, found: String, expected: String)
  /// A file holds nothing.
  case empty(file: String, expected: String)
  /// No token occurs often enough to be learned.
  case emptyVocabulary(minimumCount: Int)
  /// There is nothing to tell apart.
  case tooFewLabels(found: [String])
  /// A model was given something that it is not made for.
  case input(found: String, expected: String)

  /// One line naming the file and line, what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .line(let file, let line, let found, let expected):
      "\(file):\(line): found \(found), expected \(expected)"
    case .empty(let file, let expected):
      "\(file): holds nothing, expected \(expected)"
    case .emptyVocabulary(let minimumCount):
      "the vocabulary is empty: no token occurs \(minimumCount) times or more, expected some; "
        + "give more text or a smaller minimumCount"
    case .tooFewLabels(let found):
      "the labels are \(found.map { "'\($0)'" }.joined(separator: ", ")), expected two or more; "
        + "give examples of each"
    case .input(let found, let expected):
      "the input is \(found), expected \(expected); choose another model or another input"
    }
  }
}

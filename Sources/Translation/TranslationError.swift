import Files

/// Why texts cannot be learned from or translated.
public enum TranslationError: Error, Equatable, CustomStringConvertible {
  /// A file cannot be read.
  case file(FileError)
  /// Two files that should be translations of each other have different numbers of lines.
  case differentLengths(source: String, sourceCount: Int, target: String, targetCount: Int)
  /// A file has no lines, or only empty ones.
  case empty(file: String)
  /// The bytes of a line are not UTF-8.
  case notUTF8(file: String, line: Int)
  /// Subwords cannot be learned, in SentencePiece's words.
  case subwords(reason: String, expected: String)
  /// There is no token to learn.
  case emptyVocabulary(minimumCount: Int)
  /// A stored vocabulary is damaged.
  case damagedVocabulary(found: String)

  /// One line naming what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .file(let error): return "\(error)"
    case .differentLengths(let source, let sourceCount, let target, let targetCount):
      let (short, long) = sourceCount < targetCount ? (source, target) : (target, source)
      return
        "\(source) has \(sourceCount) lines and \(target) has \(targetCount); expected as many, "
        + "line by line translations of each other. Line \(min(sourceCount, targetCount) + 1) of "
        + "\(long) has no partner in \(short)"
    case .empty(let file):
      return "\(file): holds no text, expected a sentence on each line"
    case .notUTF8(let file, let line):
      return
        "\(file):\(line): found bytes that are not UTF-8; convert the file, for example with iconv"
    case .subwords(let reason, let expected):
      return "subwords cannot be learned from these texts: \(reason); expected \(expected)"
    case .emptyVocabulary(let minimumCount):
      return
        "no token occurs \(minimumCount) times in the training text, so the vocabulary is empty; "
        + "give more text or a smaller vocabulary.minimumCount"
    case .damagedVocabulary(let found): return "the vocabulary is damaged: \(found)"
    }
  }
}

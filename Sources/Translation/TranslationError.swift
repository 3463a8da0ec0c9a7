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
  /// A line of a file is not as it should be.
  case malformed(file: String, line: Int, found: String, expected: String)
  /// The characters of the text alone are more than the pieces that are asked for.
  case vocabularyTooSmall(size: Int, minimum: Int)
  /// Subwords cannot be learned, in SentencePiece's words.
  case subwords(reason: String, size: Int)
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
    case .malformed(let file, let line, let found, let expected):
      return "\(file):\(line): found '\(found)', expected \(expected)"
    case .vocabularyTooSmall(let size, let minimum):
      return
        "the vocabulary is to have \(size) pieces, but the characters of the text alone are "
        + "\(minimum); set vocabulary.size to more than that"
    case .subwords(let reason, let size):
      return
        "\(size) subwords cannot be learned from these texts: \(reason); "
        + "give more text or a smaller vocabulary.size"
    case .emptyVocabulary(let minimumCount):
      return
        "no token occurs \(minimumCount) times in the training text, so the vocabulary is empty; "
        + "give more text or a smaller vocabulary.minimumCount"
    case .damagedVocabulary(let found): return "the vocabulary is damaged: \(found)"
    }
  }
}

import Configuration

/// What can be wrong with an alphabet or with a text that should be written in it.
public enum AlphabetError: Error, Equatable, CustomStringConvertible, Sendable {
  /// A grapheme and how often it occurs.
  public struct Occurrence: Equatable, Sendable {
    /// The grapheme.
    public let grapheme: Character
    /// The number of occurrences.
    public let count: Int
  }

  /// The text has graphemes that the alphabet lacks, most frequent first.
  case unknown([Occurrence])
  /// The same grapheme is listed twice.
  case duplicate(file: String?, line: Int, grapheme: Character)
  /// An entry is not exactly one grapheme, or scalar where labels are scalars.
  case notOneGrapheme(file: String?, line: Int, found: String, unit: LabelUnit = .grapheme)
  /// The file cannot be read.
  case unreadable(file: String, reason: String)

  /// One line naming the file and line, what was found, and what to do.
  public var description: String {
    switch self {
    case .unknown(let graphemes):
      "not in the alphabet: "
        + graphemes.map { "\($0.grapheme.named) × \($0.count)" }.joined(separator: ", ")
    case .duplicate(let file, let line, let grapheme):
      "\(Self.place(file, line)): \(grapheme.named) is listed twice; remove one"
    case .notOneGrapheme(let file, let line, let found, let unit):
      "\(Self.place(file, line)): found '\(found)'; expected exactly one "
        + (unit == .grapheme ? "character" : "code point of decomposed text (NFD)")
    case .unreadable(let file, let reason): "\(file): \(reason)"
    }
  }

  private static func place(_ file: String?, _ line: Int) -> String {
    file.map { "\($0):\(line)" } ?? "alphabet entry \(line)"
  }
}

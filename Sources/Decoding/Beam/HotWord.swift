import Files

/// A word or phrase that the user expects to hear.
public struct HotWord: Sendable, Equatable {
  /// The word, or several with spaces between them.
  public var text: String
  /// What each of its words adds to the score, in nats; nil is the configured boost.
  public var boost: Float?

  /// A word or phrase and, if it differs from the configured one, its boost.
  public init(_ text: String, boost: Float? = nil) { (self.text, self.boost) = (text, boost) }

  /// The words and phrases of a text file: one a line, a boost may follow after a tab.
  ///
  /// Empty lines are skipped; a byte-order mark and CRLF are taken as they come.
  ///
  /// - Throws: `DecodingError` naming the file and the line.
  public static func list(contentsOf path: String) throws(DecodingError) -> [HotWord] {
    var words: [HotWord] = []
    for (number, line) in try WordList.lines(of: path) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      var word = HotWord(String(fields[0]))
      if fields.count > 1 {
        guard fields.count == 2, let boost = Float(fields[1]), (-1000...1000).contains(boost)
        else {
          throw .malformed(
            file: path, line: number, found: line,
            expected: "a word or phrase, or one with a tab and a boost of -1000 to 1000")
        }
        word.boost = boost
      }
      words.append(word)
    }
    return words
  }
}

/// Text files that list words.
public enum WordList {
  /// The words of a lexicon file, one a line.
  ///
  /// - Throws: `DecodingError` naming the file and the line.
  public static func words(contentsOf path: String) throws(DecodingError) -> [String] {
    var words: [String] = []
    for (number, line) in try lines(of: path) {
      guard !line.contains(where: \.isWhitespace) else {
        throw .malformed(file: path, line: number, found: line, expected: "one word")
      }
      words.append(line)
    }
    return words
  }

  static func lines(of path: String) throws(DecodingError) -> [(Int, String)] {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    return lines.enumerated().compactMap { index, line in
      var line = line
      while line.first == " " { line.removeFirst() }
      while line.last?.isWhitespace == true { line.removeLast() }
      return line.isEmpty ? nil : (index + 1, String(line))
    }
  }
}

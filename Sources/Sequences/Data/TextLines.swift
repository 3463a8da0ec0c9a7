import Files

/// The lines of a text file with their numbers.
enum TextLines {
  /// Reads UTF-8 text; a byte-order mark and CRLF line ends are taken as they come.
  ///
  /// - Throws: `SequencesError.unreadable`.
  static func read(_ path: String) throws(SequencesError) -> [(number: Int, text: Substring)] {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.enumerated().map { ($0.offset + 1, $0.element) }
  }

  /// A piece of a line for a message, not too long.
  static func quoted(_ text: some StringProtocol) -> String {
    text.count > 40 ? "'\(text.prefix(40))…'" : "'\(text)'"
  }
}

import Files
import Configuration

extension Alphabet {
  /// Reads an alphabet file: UTF-8, one character per line, the first for label 1.
  ///
  /// A byte-order mark, CRLF line ends and a missing last line end are taken as they come. The word
  /// delimiter is a line that holds one space. Other empty lines are refused, save at the end.
  ///
  /// - Throws: `AlphabetError` naming the file and the line.
  public init(
    contentsOf path: String, unit: LabelUnit = .grapheme, direction: TextDirection = .leftToRight
  ) throws(AlphabetError) {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    while lines.last?.isEmpty == true { lines.removeLast() }
    try self.init(entries: lines.map(String.init), unit: unit, direction: direction, file: path)
  }

  /// The text of an alphabet file that ``init(contentsOf:unit:direction:)`` reads back.
  public var fileContents: String { graphemes.map { "\($0)\n" }.joined() }
}

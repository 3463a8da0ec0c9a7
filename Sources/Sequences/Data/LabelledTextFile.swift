/// Texts with a class each: a line `label`, a tab, and the text.
public enum LabelledTextFile {
  /// Reads all lines of a file.
  ///
  /// - Throws: `SequencesError` naming the file and the line: without a tab, with more than one, or
  ///   with nothing before or behind it.
  public static func read(_ path: String) throws(SequencesError) -> [ClassifiedSequence] {
    let expected = "a label, a tab and a text"
    var sequences: [ClassifiedSequence] = []
    for (number, line) in try TextLines.read(path) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2 else {
        throw .line(
          file: path, line: number,
          found: fields.count < 2
            ? "\(TextLines.quoted(line)) without a tab" : "\(fields.count - 1) tabs",
          expected: expected)
      }
      guard !fields[0].isEmpty, fields[1].contains(where: { !$0.isWhitespace }) else {
        throw .line(
          file: path, line: number, found: fields[0].isEmpty ? "no label" : "no text",
          expected: expected)
      }
      sequences.append(ClassifiedSequence(.text(String(fields[1])), label: String(fields[0])))
    }
    guard !sequences.isEmpty else { throw .empty(file: path, expected: "lines of \(expected)") }
    return sequences
  }
}

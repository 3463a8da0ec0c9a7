/// Sequences with a label for each token, in the manner of CoNLL: a line `token`, a tab, `label`, and
/// an empty line between sequences.
public enum TaggedFile {
  /// Reads all sequences of a file.
  ///
  /// - Throws: `SequencesError` naming the file and the line.
  public static func read(_ path: String) throws(SequencesError) -> [LabelledSequence] {
    let expected = "a token, a tab and a label, or an empty line between sequences"
    var sequences: [LabelledSequence] = []
    var (tokens, labels): ([String], [String]) = ([], [])
    func finish() {
      if !tokens.isEmpty { sequences.append(LabelledSequence(.tokens(tokens), labels: labels)) }
      (tokens, labels) = ([], [])
    }
    for (number, line) in try TextLines.read(path) {
      guard !line.isEmpty else {
        finish()
        continue
      }
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw .line(
          file: path, line: number, found: TextLines.quoted(line), expected: expected)
      }
      tokens.append(String(fields[0]))
      labels.append(String(fields[1]))
    }
    finish()
    guard !sequences.isEmpty else { throw .empty(file: path, expected: "lines of \(expected)") }
    return sequences
  }
}

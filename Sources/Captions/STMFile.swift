import Files

/// NIST's segment time marks: an utterance in each row.
public enum STMFile {
  /// A row.
  public struct Row: Sendable, Equatable {
    /// The recording.
    public var waveform: String
    /// Its channel, as the file calls it.
    public var channel: String
    /// Who speaks.
    public var speaker: String
    /// When the utterance begins, in seconds.
    public var start: Double
    /// When it ends, in seconds.
    public var end: Double
    /// The labels between angle brackets, parted by commas; none if the row has none.
    public var labels: [String]
    /// What is said, as the file has it; perhaps nothing.
    public var text: String
  }

  /// Reads a file.
  ///
  /// - Throws: `CaptionError` naming the line and what is wrong with it.
  public static func read(_ path: String) throws(CaptionError) -> [Row] {
    try rows(of: TableReader.text(of: path), name: path)
  }

  /// The rows of a text.
  ///
  /// - Parameter name: What errors call it.
  public static func rows(of text: String, name: String) throws(CaptionError) -> [Row] {
    var reader = TableReader(file: name)
    var rows: [Row] = []
    for (line, row) in TableReader.rows(text) {
      let fields = TableReader.fields(row, most: 6)
      guard fields.count >= 5 else {
        throw .row(
          file: name, line: line, found: "\(fields.count) fields",
          expected: "waveform, channel, speaker, start, end, perhaps <labels>, and text")
      }
      let start = try reader.seconds(fields[3], "a start", line: line)
      let end = try reader.seconds(fields[4], "an end", line: line)
      guard end > start else {
        throw .row(
          file: name, line: line, found: "an end of \(fields[4])",
          expected: "one after the start, \(fields[3])")
      }
      try reader.checkOrder(start, fields[3], of: "\(fields[0]) \(fields[1])", line: line)
      let (labels, said) = Self.labels(fields.count > 5 ? fields[5] : "")
      rows.append(
        Row(
          waveform: String(fields[0]), channel: String(fields[1]), speaker: String(fields[2]),
          start: start, end: end, labels: labels, text: said))
    }
    return rows
  }

  /// Parts `<a,b> text`; the labels are one field, as sclite reads them.
  private static func labels(_ rest: Substring) -> (labels: [String], text: String) {
    let fields = TableReader.fields(rest, most: 2)
    guard let first = fields.first, first.count > 2, first.hasPrefix("<"), first.hasSuffix(">")
    else { return ([], TableReader.fields(rest).joined(separator: " ")) }
    let labels = first.dropFirst().dropLast().split(separator: ",").map(String.init)
    let text = fields.count > 1 ? TableReader.fields(fields[1]).joined(separator: " ") : ""
    return (labels, text)
  }
}

import Files

/// NIST's time-marked conversations: a word in each row.
public enum CTMFile {
  /// A row.
  public struct Row: Sendable, Equatable {
    /// The recording.
    public var waveform: String
    /// Its channel, as the file calls it.
    public var channel: String
    /// When the word begins, in seconds.
    public var start: Double
    /// How long it is, in seconds.
    public var duration: Double
    /// Its letters.
    public var word: String
    /// In `0...1`; nil if the row has none.
    public var confidence: Double?
  }

  /// Reads a file.
  ///
  /// - Throws: `CaptionError` naming the line and what is wrong with it. Alternatives (`<ALT>`) are
  ///   not read.
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
      let fields = TableReader.fields(row)
      guard (5...6).contains(fields.count) else {
        throw .row(
          file: name, line: line, found: "\(fields.count) fields",
          expected: "waveform, channel, start, duration, word, and perhaps a confidence")
      }
      let start = try reader.seconds(fields[2], "a start", line: line)
      let duration = try reader.seconds(fields[3], "a duration", line: line)
      var confidence: Double?
      if fields.count == 6, fields[5] != "NA" {
        confidence = try reader.number(
          fields[5], in: 0...1, "a confidence from 0 to 1, or NA", line: line)
      }
      try reader.checkOrder(start, fields[2], of: "\(fields[0]) \(fields[1])", line: line)
      rows.append(
        Row(
          waveform: String(fields[0]), channel: String(fields[1]), start: start,
          duration: duration, word: String(fields[4]), confidence: confidence))
    }
    return rows
  }
}

/// Mozilla DeepSpeech's manifests: CSV (RFC 4180) whose header names `wav_filename`,
/// `wav_filesize` and `transcript` in any order; only the first and the last are needed.
enum DeepSpeechManifest {
  static let pathColumn = "wav_filename"
  static let textColumn = "transcript"

  static func read(_ path: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let folder = FileTree.folder(of: path)
    var reader = CSVReader(lines: try LineReader(path: path))
    guard let header = try reader.next() else { throw .empty(path: path) }
    guard let pathIndex = header.fields.firstIndex(of: pathColumn),
      let textIndex = header.fields.firstIndex(of: textColumn)
    else {
      throw .row(
        file: path, line: header.line,
        found: "the columns \(header.fields.prefix(8).joined(separator: ", "))",
        expected: "'\(pathColumn)' and '\(textColumn)' among them")
    }
    while let row = try reader.next() {
      guard row.fields.count == header.fields.count else {
        throw .row(
          file: path, line: row.line, found: "\(row.fields.count) fields",
          expected: "\(header.fields.count), as in the header; quote fields that hold commas")
      }
      let name = row.fields[pathIndex]
      guard !name.isEmpty, !name.contains("\0") else {
        throw .row(
          file: path, line: row.line, found: "an empty '\(pathColumn)'",
          expected: "the path of a recording")
      }
      body(
        Sample(
          id: name, source: .audio(AudioClip(path: FileTree.resolve(name, from: folder))),
          text: row.fields[textIndex], origin: Sample.Origin(file: path, line: row.line)))
    }
  }
}

/// Reads CSV records: quotes around fields, doubled quotes inside them, line ends inside them.
struct CSVReader: ~Copyable {
  private var lines: LineReader

  init(lines: consuming LineReader) { self.lines = lines }

  /// A record and the line on which it starts.
  struct Record {
    var line: Int
    var fields: [String]
  }

  /// The next record that is not an empty line, or nil at the end.
  mutating func next() throws(ManifestError) -> Record? {
    guard var text = try lines.next() else { return nil }
    while text.isEmpty {
      guard let following = try lines.next() else { return nil }
      text = following
    }
    let start = lines.lineNumber
    while true {
      switch Self.split(text) {
      case .fields(let fields): return Record(line: start, fields: fields)
      case .open:
        guard let more = try lines.next() else {
          throw .row(
            file: lines.path, line: start, found: "a quote that is never closed",
            expected: "'\"' at the end of the field; a quote inside a field is written \"\"")
        }
        text += "\n" + more
      case .stray(let column):
        throw .row(
          file: lines.path, line: start, found: "text after a closing quote in column \(column)",
          expected: "a comma; a quote inside a field is written \"\"")
      }
    }
  }

  private enum Split {
    case fields([String])
    case open
    case stray(column: Int)
  }

  private static func split(_ text: String) -> Split {
    var (fields, field) = ([String](), [UInt8]())
    var (quoted, closed) = (false, false)
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    for (column, byte) in text.utf8.enumerated() {
      switch byte {
      case quote where quoted:
        (quoted, closed) = (false, true)
      case quote where closed:  // the second of a doubled quote
        field.append(quote)
        (quoted, closed) = (true, false)
      case quote where field.isEmpty:
        quoted = true
      case comma where !quoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll()
        closed = false
      default:
        if closed { return .stray(column: column + 1) }
        field.append(byte)
      }
    }
    fields.append(String(decoding: field, as: UTF8.self))
    return quoted ? .open : .fields(fields)
  }
}

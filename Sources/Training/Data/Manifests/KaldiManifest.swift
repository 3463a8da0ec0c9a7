/// Kaldi's data folders: `wav.scp` (name and path), `text` (name and transcript) and, if there,
/// `segments` (name, recording, start, end) and `utt2spk` (name, speaker).
///
/// `text` is streamed in its order; the other files are held as tables. Recordings without a
/// transcript become samples with empty text, so that the audit lists them.
enum KaldiManifest {
  static func read(_ folder: String, _ body: (Sample) -> Void) throws(ManifestError) {
    let recordings = try table(folder, "wav.scp", try: recordingPath)
    let speakers = try optionalTable(folder, "utt2spk") { value, _ in value }
    let segments = try optionalTable(folder, "segments") { value, reader throws(ManifestError) in
      try segment(value, recordings, reader)
    }
    let clips =
      segments
      ?? recordings.mapValues { Entry(value: AudioClip(path: $0.value), origin: $0.origin) }
    var seen: [String: Int] = [:]
    var reader = try LineReader(path: folder + "/text")
    while let line = try reader.next() {
      guard let (name, text) = split(line) else { continue }
      guard let clip = clips[name]?.value else {
        throw reader.error(
          found: "'\(name)'",
          expected: "a name that \(segments == nil ? "wav.scp" : "segments") declares")
      }
      if let first = seen.updateValue(reader.lineNumber, forKey: name) {
        throw reader.error(found: "'\(name)' again", expected: "each name once; see line \(first)")
      }
      body(sample(name, clip, text, speakers?[name]?.value, reader.origin))
    }
    for (name, entry) in clips.sorted(by: { $0.key < $1.key }) where seen[name] == nil {
      body(sample(name, entry.value, "", speakers?[name]?.value, entry.origin))
    }
  }

  private struct Entry<Value> {
    var value: Value
    var origin: Sample.Origin
  }

  private static func sample(
    _ name: String, _ clip: AudioClip, _ text: String, _ speaker: String?, _ origin: Sample.Origin
  ) -> Sample {
    Sample(
      id: name, source: .audio(clip), text: text, duration: clip.end.map { $0 - clip.start },
      speaker: speaker, origin: origin)
  }

  private static func optionalTable<Value>(
    _ folder: String, _ file: String,
    _ convert: (String, borrowing LineReader) throws(ManifestError) -> Value
  ) throws(ManifestError) -> [String: Entry<Value>]? {
    guard case .file = FileTree.kind(of: folder + "/" + file) else { return nil }
    return try table(folder, file, try: convert)
  }

  private static func table<Value>(
    _ folder: String, _ file: String,
    try convert: (String, borrowing LineReader) throws(ManifestError) -> Value
  ) throws(ManifestError) -> [String: Entry<Value>] {
    var table: [String: Entry<Value>] = [:]
    var reader = try LineReader(path: folder + "/" + file)
    while let line = try reader.next() {
      guard let (name, value) = split(line) else { continue }
      guard !value.isEmpty else {
        throw reader.error(found: "'\(name)' alone", expected: "a name and a value")
      }
      if let first = table[name] {
        throw reader.error(
          found: "'\(name)' again", expected: "each name once; see line \(first.origin.line ?? 0)")
      }
      table[name] = Entry(value: try convert(value, reader), origin: reader.origin)
    }
    return table
  }

  private static func recordingPath(
    _ value: String, _ reader: borrowing LineReader
  ) throws(ManifestError) -> String {
    guard value.last != "|" else {
      throw reader.error(
        found: "the command '\(value.prefix(60))'",
        expected: "the path of a recording; run the command and save what it writes to a file")
    }
    guard value != "-", !value.contains("\0") else {
      throw reader.error(found: "'\(value)'", expected: "the path of a recording")
    }
    return FileTree.resolve(value, from: FileTree.folder(of: reader.path))
  }

  private static func segment(
    _ value: String, _ recordings: [String: Entry<String>], _ reader: borrowing LineReader
  ) throws(ManifestError) -> AudioClip {
    let fields = value.split(whereSeparator: \.isWhitespace).map(String.init)
    guard fields.count == 3 || fields.count == 4, let start = Double(fields[1]),
      let end = Double(fields[2]), start >= 0, start.isFinite, end > start || end == -1
    else {
      throw reader.error(
        found: "'\(value.prefix(60))'", expected: "a recording, a start and an end in seconds")
    }
    guard let path = recordings[fields[0]]?.value else {
      throw reader.error(
        found: "the recording '\(fields[0])'", expected: "a name that wav.scp declares")
    }
    return AudioClip(path: path, start: start, end: end == -1 || end.isInfinite ? nil : end)
  }

  /// The first word of a line and the rest without outer spaces; nil for an empty line.
  private static func split(_ line: String) -> (name: String, value: String)? {
    let text = line.drop(while: \.isWhitespace)
    guard !text.isEmpty else { return nil }
    let name = text.prefix { !$0.isWhitespace }
    return (String(name), text.dropFirst(name.count).trimmed)
  }
}

extension Substring {
  /// The text without white space at its ends.
  var trimmed: String {
    var text = self.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

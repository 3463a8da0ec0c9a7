import Ink

/// Files of pen strokes, each with its texts inside or in a `.txt` file beside it.
///
/// InkML, UNIPEN, the XML of IAM-OnDB and JSON. The text beside a file goes before the texts inside: with
/// as many lines as the file has recordings, each is the text of one; otherwise all its lines together
/// are the text of all recordings together. A file that cannot be read is a sample with a defect, which
/// the audit lists.
enum StrokeManifest {
  private static let extensions = ["inkml", "unp", "unipen", "dat", "xml", "json", "jsonl"]

  /// Reads a file, or the files of a folder that hold strokes.
  static func read(_ path: String, _ body: (Sample) -> Void) throws(ManifestError) {
    guard case .folder = FileTree.kind(of: path) else {
      return try readFile(path, name: FileTree.name(of: path), textFile: nil, body)
    }
    let files = try FileTree.files(under: path)
    let names = Set(files)
    for file in files where try isStrokeFile(path + "/" + file) {
      let textFile = FileTree.stem(file) + ".txt"
      try readFile(
        path + "/" + file, name: file,
        textFile: names.contains(textFile) ? path + "/" + textFile : nil, body)
    }
  }

  /// Whether a file seems to hold strokes: by its name, or by its beginning where others have such names.
  static func isStrokeFile(_ path: String) throws(ManifestError) -> Bool {
    guard FileTree.hasExtension(path, extensions) else { return false }
    if FileTree.hasExtension(path, ["inkml", "unp", "unipen"]) { return true }
    if FileTree.hasExtension(path, ["xml"]) { return try XMLKind(of: path) == .strokes }
    guard let start = FileTree.start(of: path, count: 4096) else { return false }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return switch first {
    case UInt8(ascii: "."): FileTree.hasExtension(path, ["dat"])
    case UInt8(ascii: "{"): String(decoding: start, as: UTF8.self).contains(/"strokes"\s*:/)
    default: false
    }
  }

  private static func readFile(
    _ path: String, name: String, textFile: String?, _ body: (Sample) -> Void
  ) throws(ManifestError) {
    let origin = Sample.Origin(file: textFile ?? path)
    let lines = try textFile.map { path throws(ManifestError) in
      try TextBesideManifest.lines(of: path)
    }
    let read: [StrokeSample]
    do throws(StrokeError) {
      read = try StrokeFile.read(path)
    } catch {
      return body(
        Sample(
          id: name, source: .strokes(PenRecording()), text: "", origin: origin,
          defect: SampleProblem.Reason(error)))
    }
    for (number, sample) in labelled(read, lines).enumerated() {
      body(
        Sample(
          id: read.count == 1 || lines?.count == 1 ? name : "\(name):\(number + 1)",
          source: .strokes(sample.recording), text: sample.text ?? "", speaker: sample.writer,
          origin: origin))
    }
  }

  private static func labelled(_ read: [StrokeSample], _ lines: [String]?) -> [StrokeSample] {
    guard let lines else { return read }
    if lines.count == read.count {
      return zip(read, lines).map {
        StrokeSample(recording: $0.recording, text: $1, writer: $0.writer)
      }
    }
    return [
      StrokeSample(
        recording: PenRecording(joining: read.map(\.recording)),
        text: lines.joined(separator: " "), writer: read.first?.writer)
    ]
  }
}

extension PenRecording {
  /// The strokes of all recordings, one after the other.
  init(joining recordings: [PenRecording]) {
    self.init(strokes: recordings.flatMap(\.strokes))
  }
}

/// Reads lists of labelled recordings, pictures of lines and pen strokes in the formats that other
/// programs use.
///
/// Paths inside a manifest are relative to the folder that holds it. A byte order mark and CRLF line
/// ends are accepted. A broken row ends the reading with its file and line, because a list that is
/// silently shortened trains a different model than was asked for; rows that are well formed but
/// useless (a missing recording, an empty transcript) are left to ``DatasetAudit``.
public enum Manifest {
  /// How a manifest is written.
  public enum Format: String, Sendable, CaseIterable {
    /// A JSON object per line, such as `{"audio_filepath": ..., "text": ..., "duration": ...}`.
    case jsonLines
    /// A CSV file with the columns `wav_filename`, `wav_filesize` and `transcript`.
    case deepSpeechCSV
    /// A folder with `wav.scp`, `text` and, if there, `segments` and `utt2spk`.
    case kaldi
    /// A tree of folders with `*.trans.txt` files beside the recordings.
    case libriSpeech
    /// A folder of recordings, each beside its transcript: `name.wav` and `name.txt`.
    case textBeside
    /// A folder of pictures of lines, each beside its transcript: `name.png` and `name.gt.txt`.
    case picturesBeside
    /// IAM's `lines.txt`, or a folder that holds it.
    case iamLines
    /// A PAGE XML or ALTO file, or a folder of them.
    case pages
    /// A file of pen strokes, or a folder of them, with the texts inside or beside.
    case strokes
  }

  /// Reads all samples of a manifest whose format is found out from what is there.
  ///
  /// - Throws: `ManifestError`; `.empty` if there is no sample.
  public static func read(_ path: String) throws(ManifestError) -> [Sample] {
    var samples: [Sample] = []
    try forEach(in: path) { sample in samples.append(sample) }
    guard !samples.isEmpty else { throw .empty(path: path) }
    return samples
  }

  /// Calls `body` with each sample of a manifest as its row is read.
  ///
  /// - Throws: `ManifestError`, after the rows before the broken one have been handed out.
  public static func forEach(
    in path: String, _ body: (Sample) -> Void
  ) throws(ManifestError) {
    switch try format(of: path) {
    case .jsonLines: try JSONLinesManifest.read(path, body)
    case .deepSpeechCSV: try DeepSpeechManifest.read(path, body)
    case .kaldi: try KaldiManifest.read(path, body)
    case .libriSpeech: try LibriSpeechManifest.read(path, body)
    case .textBeside: try TextBesideManifest.readRecordings(path, body)
    case .picturesBeside: try TextBesideManifest.readPictures(path, body)
    case .iamLines:
      try IAMLinesManifest.read(FileTree.isFolder(path) ? path + "/lines.txt" : path, body)
    case .pages: try PageManifest.read(path, body)
    case .strokes: try StrokeManifest.read(path, body)
    }
  }

  /// Finds out the format of a manifest from its first line, or from what a folder holds.
  ///
  /// - Throws: `ManifestError.unrecognized` naming what was found instead.
  public static func format(of path: String) throws(ManifestError) -> Format {
    switch FileTree.kind(of: path) {
    case .folder: try folderFormat(path)
    case .file: try fileFormat(path)
    case .missing(let reason): throw .unreadable(path: path, reason: reason)
    }
  }

  private static func fileFormat(_ path: String) throws(ManifestError) -> Format {
    if let start = FileTree.start(of: path, count: 4), isXML(start) { return try xmlFormat(path) }
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      let text = line.drop(while: \.isWhitespace)
      guard let first = text.first else { continue }
      if first == "{" { return .jsonLines }
      if text.contains(DeepSpeechManifest.pathColumn) { return .deepSpeechCSV }
      if first == "#", FileTree.name(of: path) == "lines.txt" { return .iamLines }
      if IAMLinesManifest.isRow(line) { return .iamLines }
      if first == ".", text.dropFirst().first?.isUppercase ?? false { return .strokes }
      if first == "[" {
        throw .unrecognized(path: path, found: "a JSON array (write one object per line instead)")
      }
      throw .unrecognized(path: path, found: "a first line that reads '\(text.prefix(40))'")
    }
    throw .empty(path: path)
  }

  /// Whether a file begins with a tag, a byte order mark before it or not, in UTF-8 or UTF-16.
  private static func isXML(_ start: [UInt8]) -> Bool {
    let text = start.filter { ![0, 0xFE, 0xFF, 0xEF, 0xBB, 0xBF].contains($0) }
    return text.first == UInt8(ascii: "<")
  }

  private static func xmlFormat(_ path: String) throws(ManifestError) -> Format {
    guard let kind = try XMLKind(of: path) else {
      throw .unrecognized(path: path, found: "XML of another kind")
    }
    return kind.isPage ? .pages : .strokes
  }

  private static func folderFormat(_ path: String) throws(ManifestError) -> Format {
    if case .file = FileTree.kind(of: path + "/wav.scp") { return .kaldi }
    let files = try FileTree.files(under: path)
    if files.contains(where: { $0.hasSuffix(LibriSpeechManifest.suffix) }) { return .libriSpeech }
    let names = Set(files)
    func has(_ isSignal: (String) -> Bool, beside ending: String) -> Bool {
      files.contains { isSignal($0) && names.contains(FileTree.stem($0) + ending) }
    }
    if has(FileTree.isAudio, beside: ".txt") { return .textBeside }
    if has(FileTree.isImage, beside: ".gt.txt") { return .picturesBeside }
    if names.contains("lines.txt"), try fileFormat(path + "/lines.txt") == .iamLines {
      return .iamLines
    }
    for file in files where FileTree.hasExtension(file, ["xml"]) {
      if try XMLKind(of: path + "/" + file)?.isPage ?? false { return .pages }
    }
    for file in files where try StrokeManifest.isStrokeFile(path + "/" + file) { return .strokes }
    if has(FileTree.isImage, beside: ".txt") { return .picturesBeside }
    throw .unrecognized(
      path: path,
      found: files.isEmpty ? "an empty folder" : "a folder with '\(files[0])' and no transcripts")
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads lists of labelled recordings in the formats that other programs use.
///
/// Paths inside a manifest are relative to the folder that holds it. A byte order mark and CRLF line
/// ends are accepted. A broken row ends the reading with its file and line, because a list that is
/// silently shortened trains a different model than was asked for; rows that are well formed but
/// useless (a missing recording, an empty transcript) are left to ``DatasetAudit``.
public enum Manifest {
  /// How a manifest is written.
  public enum Format: String, Sendable, CaseIterable {
    /// A JSON object per line: `{"audio_filepath": ..., "text": ..., "duration": ...}`.
    case jsonLines
    /// A CSV file with the columns `wav_filename`, `wav_filesize` and `transcript`.
    case deepSpeechCSV
    /// A folder with `wav.scp`, `text` and, if there, `segments` and `utt2spk`.
    case kaldi
    /// A tree of folders with `*.trans.txt` files beside the recordings.
    case libriSpeech
    /// A folder of recordings, each beside its transcript: `name.wav` and `name.txt`.
    case textBeside
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
    case .textBeside: try TextBesideManifest.read(path, body)
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
    var reader = try LineReader(path: path)
    while let line = try reader.next() {
      let text = line.drop(while: \.isWhitespace)
      guard let first = text.first else { continue }
      if first == "{" { return .jsonLines }
      if text.contains(DeepSpeechManifest.pathColumn) { return .deepSpeechCSV }
      if first == "[" {
        throw .unrecognized(path: path, found: "a JSON array (write one object per line instead)")
      }
      throw .unrecognized(path: path, found: "a first line that reads '\(text.prefix(40))'")
    }
    throw .empty(path: path)
  }

  private static func folderFormat(_ path: String) throws(ManifestError) -> Format {
    if case .file = FileTree.kind(of: path + "/wav.scp") { return .kaldi }
    let files = try FileTree.files(under: path)
    if files.contains(where: { $0.hasSuffix(LibriSpeechManifest.suffix) }) { return .libriSpeech }
    let names = Set(files)
    if files.contains(where: { FileTree.isAudio($0) && names.contains(FileTree.stem($0) + ".txt") })
    {
      return .textBeside
    }
    throw .unrecognized(
      path: path,
      found: files.isEmpty ? "an empty folder" : "a folder with '\(files[0])' and no transcripts")
  }
}

/// What all formats ask of the file system.
enum FileTree {
  enum Kind {
    case file
    case folder
    case missing(reason: String)
  }

  /// What is at a path; symbolic links are followed.
  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing(reason: systemReason()) }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// The regular files under a folder as sorted paths relative to it, each folder visited once.
  static func files(under root: String) throws(ManifestError) -> [String] {
    var found: [String] = []
    var visited: Set<FolderIdentity> = []
    try collect(root, prefix: "", into: &found, &visited)
    return found.sorted()
  }

  private struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private static func collect(
    _ folder: String, prefix: String, into found: inout [String],
    _ visited: inout Set<FolderIdentity>
  ) throws(ManifestError) {
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw .unreadable(path: folder, reason: systemReason())
    }
    let identity = FolderIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard visited.insert(identity).inserted else { return }
    for name in try names(in: folder) where !name.hasPrefix(".") {
      // A link to nowhere is kept, so that the audit names it as missing.
      let exists = stat(folder + "/" + name, &status) == 0
      if !exists || status.st_mode & S_IFMT == S_IFREG { found.append(prefix + name) }
      guard exists, status.st_mode & S_IFMT == S_IFDIR else { continue }
      try collect(folder + "/" + name, prefix: prefix + name + "/", into: &found, &visited)
    }
  }

  private static func names(in folder: String) throws(ManifestError) -> [String] {
    guard let stream = opendir(folder) else {
      throw .unreadable(path: folder, reason: systemReason())
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let name else {
        throw .unreadable(path: folder, reason: "it holds a file whose name is not UTF-8")
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The folder that holds a file, `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path that a manifest writes, seen from the current folder.
  static func resolve(_ path: String, from folder: String) -> String {
    if path.hasPrefix("/") { return path }
    // A bare "-" would be read as standard input.
    return folder == "." && path != "-" ? path : folder + "/" + path
  }

  /// A path without its extension.
  static func stem(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path }
    return String(path[..<dot])
  }

  /// Whether a name has the extension of a sound file.
  static func isAudio(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: ".") else { return false }
    return audioExtensions.contains(path[path.index(after: dot)...].lowercased())
  }

  static let audioExtensions = [
    "flac", "wav", "mp3", "ogg", "opus", "oga", "aif", "aiff", "au", "w64", "caf", "sph",
  ]
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and folders of recordings, expanded.
enum RecordingList {
  private static let extensions: Set = [
    "wav", "flac", "ogg", "opus", "oga", "mp3", "aif", "aiff", "au", "caf", "w64", "rf64",
  ]

  /// The files named, and the recordings in the folders named and below them, sorted by path.
  ///
  /// - Parameter directory: What relative paths are relative to.
  static func expand(_ paths: [String], in directory: String) throws(AudioError) -> [String] {
    var result: [String] = []
    for path in paths {
      let path = path.hasPrefix("/") || directory.isEmpty ? path : "\(directory)/\(path)"
      var status = stat()
      guard stat(path, &status) == 0 else { throw .opening(path, errno: errno) }
      guard status.st_mode & S_IFMT == S_IFDIR else {
        result.append(path)
        continue
      }
      let found = try recordings(under: path)
      guard !found.isEmpty else { throw .noRecordings(folder: path) }
      result += found
    }
    return result
  }

  private static func recordings(under folder: String) throws(AudioError) -> [String] {
    guard let stream = opendir(folder) else { throw .opening(folder, errno: errno) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
          String(cString: $0)
        }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(stream)
    var result: [String] = []
    for name in names.sorted() {
      let path = "\(folder)/\(name)"
      var status = stat()
      // A link to a folder is not followed: it may lead back.
      guard lstat(path, &status) == 0 else { throw .opening(path, errno: errno) }
      if status.st_mode & S_IFMT == S_IFDIR {
        result += try recordings(under: path)
      } else if let dot = name.lastIndex(of: "."),
        extensions.contains(name[name.index(after: dot)...].lowercased())
      {
        result.append(path)
      }
    }
    return result
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// Whether a name has one of these extensions, in capitals or not.
  static func hasExtension(_ path: String, _ extensions: [String]) -> Bool {
    guard let dot = path.lastIndex(of: ".") else { return false }
    return extensions.contains(path[path.index(after: dot)...].lowercased())
  }

  /// Whether a name has the extension of a sound file.
  static func isAudio(_ path: String) -> Bool { hasExtension(path, audioExtensions) }

  /// Whether a name has the extension of a picture.
  static func isImage(_ path: String) -> Bool { hasExtension(path, ["png", "jpg", "jpeg"]) }

  /// Whether a folder is at a path.
  static func isFolder(_ path: String) -> Bool {
    if case .folder = kind(of: path) { true } else { false }
  }

  /// The first bytes of a file, fewer if it is shorter; nil if it cannot be read.
  static func start(of path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var length = -1
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      length = read(descriptor, buffer.baseAddress, count)
      used = max(0, length)
    }
    return length >= 0 ? bytes : nil
  }

  static let audioExtensions = [
    "flac", "wav", "mp3", "ogg", "opus", "oga", "aif", "aiff", "au", "w64", "caf", "sph",
  ]
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder for results cannot be made.
struct OutputFolderError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String {
    "\(path): cannot make this folder: \(reason); choose another path"
  }
}

/// Folders that results go to.
enum OutputFolder {
  /// Makes a folder and those above it, unless they are there.
  static func make(_ path: String) throws(OutputFolderError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made == "/" ? String(part) : "/\(part)"
      guard mkdir(made, 0o777) != 0 else { continue }
      let code = errno
      var status = stat()
      let isFolder = stat(made, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      guard !isFolder else { continue }
      let reason = code == EEXIST ? "a file is in the way" : String(cString: strerror(code))
      throw OutputFolderError(path: made, reason: reason)
    }
  }
}

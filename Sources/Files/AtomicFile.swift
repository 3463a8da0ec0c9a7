import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes files that are there as a whole or not at all.
///
/// The bytes go to a temporary name in the same folder; they are synced, the name is changed to the
/// wanted one in one step, and the folder is synced. Whoever reads sees the old file or the new one,
/// also after a kill or a power cut. What a killed writer left behind is removed by the next one.
public enum AtomicFile {
  /// Writes what `body` hands to its argument.
  ///
  /// A link is followed, and the permissions of a file that is replaced are kept.
  ///
  /// - Throws: `FileError`; the file is then what it was before, and nothing is left behind.
  public static func write(
    to path: String, _ body: (borrowing OutputFile) throws(FileError) -> Void
  ) throws(FileError) {
    let target = try checkedTarget(path)
    removeAbandoned(beside: target)
    let output = try openTemporary(for: target)
    do throws(FileError) {
      if let mode = target.mode { try output.setMode(mode) }
      try body(output)
      try output.synchronize()
      guard rename(output.temporaryPath, target.path) == 0 else {
        throw FileError(errno, path: path, action: "write")
      }
    } catch {
      unlink(output.temporaryPath)
      throw error
    }
    try synchronizeFolder(target.folder)
  }

  /// Writes `bytes`.
  ///
  /// - Throws: `FileError`; the file is then what it was before.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(to: path) { (output) throws(FileError) in try output.write(bytes) }
  }

  /// Copies a regular file, block by block.
  ///
  /// - Throws: `FileError` naming the file that cannot be read or written.
  public static func copy(_ source: String, to path: String) throws(FileError) {
    let input = try InputFile(source)
    try write(to: path) { (output) throws(FileError) in
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
      defer { block.deallocate() }
      while true {
        let count = try input.read(into: block)
        guard count > 0 else { return }
        try output.write(UnsafeRawBufferPointer(rebasing: block[..<count]))
      }
    }
  }

  /// Writes `bytes`; a device, a pipe or a terminal is written to as it is.
  ///
  /// - Throws: `FileError`; a regular file is then what it was before.
  public static func writeThrough(_ bytes: [UInt8], to path: String) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      return try write(bytes, to: path)
    }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(errno, path: path, action: "write") }
    try OutputFile(descriptor: descriptor, path: path).write(bytes)
  }

  private struct Target {
    var path: String
    var mode: mode_t?
    var folder: String
    var name: String

    init(_ path: String, mode: mode_t?) {
      self.path = path
      self.mode = mode
      let slash = path.lastIndex(of: "/")
      folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    }

    var temporaryPrefix: String { ".\(name)." }
    func sibling(_ name: String) -> String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }
  }

  private static let temporarySuffix = ".partial"
  private static let counter = Atomic<UInt64>(0)

  private static func checkedTarget(_ path: String) throws(FileError) -> Target {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw FileError(errno, path: path, action: "write") }
      guard !path.isEmpty else { throw .notFound(path: path) }
      guard path.last != "/" else { throw .isFolder(path: path) }
      return Target(path, mode: nil)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isFolder(path: path)
    default: throw .notARegularFile(path: path)
    }
    guard let resolved = realpath(path, nil) else {
      throw FileError(errno, path: path, action: "write")
    }
    defer { free(resolved) }
    return Target(String(cString: resolved), mode: status.st_mode & 0o777)
  }

  /// Creates and locks a temporary file; the lock tells others that its writer lives.
  private static func openTemporary(
    for target: Target
  ) throws(FileError) -> OutputFile {
    while true {
      let number = counter.add(1, ordering: .relaxed).newValue
      let path = target.sibling(
        "\(target.temporaryPrefix)\(getpid())-\(number)\(temporarySuffix)")
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor < 0 {
        if errno == EEXIST { continue }
        throw FileError(errno, path: target.path, action: "write")
      }
      // Between creation and lock another writer may take the file for an abandoned one.
      var status = stat()
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        continue
      }
      if fstat(descriptor, &status) == 0, status.st_nlink == 0 {
        close(descriptor)
        continue
      }
      return OutputFile(descriptor: descriptor, path: target.path, temporaryPath: path)
    }
  }

  /// Removes temporary files whose writers were killed; those in use are locked.
  private static func removeAbandoned(beside target: Target) {
    for name in FolderListing.names(in: target.folder)
    where name.hasPrefix(target.temporaryPrefix) && name.hasSuffix(temporarySuffix) {
      let path = target.sibling(name)
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(descriptor)
    }
  }

  private static func synchronizeFolder(_ folder: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    // A folder that may be written but not read cannot be synced; the file itself is.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Some file systems know no sync of folders and say so with EINVAL.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      throw FileError(errno, path: folder, action: "sync")
    }
  }
}

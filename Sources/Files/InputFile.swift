#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file that is read from its beginning to its end, and closed with the value.
///
/// Plain reads go straight into the tensors, so a mapping would save no copy; and a file that shrinks
/// while it is mapped kills the process, where a read only comes back short.
package struct InputFile: ~Copyable {
  /// The name, for errors.
  package let path: String
  /// The size in bytes when the file was opened.
  package let size: Int
  private let descriptor: Int32

  /// Opens a file.
  package init(_ path: String) throws(FileError) {
    // A pipe without a writer would block the call that opens it.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw FileError(errno, path: path, action: "read") }
    do throws(FileError) {
      size = try Self.regularSize(of: opened, path: path)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    self.path = path
  }

  private static func regularSize(
    of descriptor: Int32, path: String
  ) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(errno, path: path, action: "read")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw .isFolder(path: path)
    default: throw .notARegularFile(path: path)
    }
  }

  deinit { close(descriptor) }

  /// Fills `buffer`; returns how many bytes there were, fewer only at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let wanted = min(buffer.count - filled, 1 << 30)
      let count = systemRead(descriptor, buffer.baseAddress! + filled, wanted)
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw FileError(errno, path: path, action: "read")
      }
    }
    return filled
  }
}

private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, bytes, count)
}

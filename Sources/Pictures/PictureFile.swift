#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that are there whole or not at all.
enum PictureFile {
  /// Writes to a temporary name in the same folder, syncs, and renames.
  ///
  /// What is there but is no ordinary file, such as a terminal, is written to as it is.
  static func write(_ bytes: [UInt8], to path: String) throws(PictureError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      try write(bytes, opening: path, flags: O_WRONLY, naming: path)
      return
    }
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
    do throws(PictureError) {
      try write(bytes, opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, naming: path)
      guard rename(temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func write(
    _ bytes: [UInt8], opening name: String, flags: Int32, naming path: String
  ) throws(PictureError) {
    let descriptor = open(name, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    do throws(PictureError) {
      try write(bytes[...], to: descriptor, naming: path)
      // Devices and pipes cannot be synced.
      guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
        throw failure(path)
      }
    } catch {
      _ = close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw failure(path) }
  }

  private static func write(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, naming path: String
  ) throws(PictureError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      rest = rest.dropFirst(count)
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func failure(_ path: String) -> PictureError {
    .unwritable(file: path, reason: String(cString: strerror(errno)))
  }
}

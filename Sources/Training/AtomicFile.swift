#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small text files that are either the old or the new one, whatever happens meanwhile.
enum AtomicFile {
  /// Writes a file under a temporary name, syncs it, and renames it; returns nil, or the reason why
  /// it failed.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) -> String? {
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return systemReason() }
    var reason = append(Array(bytes), to: descriptor)
    if reason == nil, fsync(descriptor) != 0 { reason = systemReason() }
    if close(descriptor) != 0, reason == nil { reason = systemReason() }
    if reason == nil, rename(temporary, path) != 0 { reason = systemReason() }
    if reason != nil { unlink(temporary) }
    return reason
  }

  /// Writes all bytes to an open file; returns nil, or the reason why it failed.
  static func append(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = systemWrite(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return systemReason() }
        done += count
      }
      return nil
    }
  }
}

/// The system's `write`, under a name that `AtomicFile.write` does not hide.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, bytes, count)
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is being written; closed with the value.
public struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  /// Where the bytes go until the file is complete.
  let temporaryPath: String

  /// Takes over a descriptor; `path` is what errors name.
  package init(descriptor: Int32, path: String, temporaryPath: String = "") {
    self.descriptor = descriptor
    self.path = path
    self.temporaryPath = temporaryPath
  }

  deinit { close(descriptor) }

  /// Appends all of `bytes`.
  ///
  /// - Throws: `FileError` as soon as the system refuses some of them.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Self.write(bytes, to: descriptor, path: path)
  }

  /// Appends all of `bytes`.
  ///
  /// - Throws: `FileError` as soon as the system refuses some of them.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Writes all of `bytes` to a descriptor that stays open; `path` is what errors name.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      let count = systemWrite(descriptor, piece.baseAddress, piece.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FileError(errno, path: path, action: "write")
      }
    }
  }

  /// Writes all of `bytes` to a descriptor that stays open; `path` is what errors name.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
    }
  }

  func setMode(_ mode: mode_t) throws(FileError) {
    guard fchmod(descriptor, mode) == 0 else {
      throw FileError(errno, path: path, action: "set the permissions")
    }
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(FileError) {
    #if canImport(Darwin)
      // fsync only hands the bytes to the drive there.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(descriptor) == 0 else { throw FileError(errno, path: path, action: "write") }
  }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

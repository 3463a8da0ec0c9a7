import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that never change, of a file or in memory, mapped until the last owner is gone.
///
/// The address is kept as a number because pointers cannot be shared between threads by themselves;
/// read-only memory can.
final class MappedBytes: Sendable {
  private let address: UInt
  private let count: Int

  /// Maps a regular file; the whole of it stays valid while its name may go to another file.
  init(file path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(errno, path: path, action: "read") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(errno, path: path, action: "read")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isFolder(path: path)
    default: throw .notARegularFile(path: path)
    }
    count = Int(status.st_size)
    guard count > 0 else {
      address = 0
      return
    }
    let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapped, mapped != MAP_FAILED else {
      throw FileError(errno, path: path, action: "map")
    }
    address = UInt(bitPattern: mapped)
  }

  /// Copies bytes into memory of their own.
  init(copying bytes: [UInt8]) throws(FileError) {
    count = bytes.count
    let mapped = mmap(
      nil, max(count, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else {
      throw FileError(errno, path: "memory", action: "map")
    }
    bytes.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { mapped.copyMemory(from: start, byteCount: bytes.count) }
    }
    address = UInt(bitPattern: mapped)
  }

  deinit {
    if let pointer = UnsafeMutableRawPointer(bitPattern: address) { munmap(pointer, max(count, 1)) }
  }

  /// The bytes; valid while this object lives.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole text files, read with the system's own words for what went wrong.
package enum TextFile {
  /// Why a file could not be read.
  package struct Failure: Error, Sendable, Equatable {
    /// The reason in the system's words, without the file's name.
    package let reason: String
  }

  /// The largest file that is taken for text; a recording given by mistake is refused early.
  private static let byteLimit = 64 << 20

  /// Reads a UTF-8 file, without its byte-order mark if it has one.
  package static func read(_ path: String) throws(Failure) -> String {
    var bytes = try bytes(of: path)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(reason: "not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  private static func bytes(of path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure() }
    defer { _ = close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readBlock(descriptor, &block)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw systemFailure()
      }
      bytes += block[..<count]
      guard bytes.count <= byteLimit else {
        throw Failure(reason: "larger than \(byteLimit >> 20) MiB; expected a text file")
      }
    }
  }

  private static func readBlock(_ descriptor: Int32, _ block: inout [UInt8]) -> Int {
    block.withUnsafeMutableBytes { bytes in
      #if canImport(Glibc)
        Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      #else
        Darwin.read(descriptor, bytes.baseAddress, bytes.count)
      #endif
    }
  }

  private static func systemFailure() -> Failure {
    Failure(reason: String(cString: strerror(errno)))
  }
}

import Ink

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What comes in from standard input.
enum StandardInput {
  /// What it is called in messages.
  static let name = "standard input"

  /// A picture.
  ///
  /// - Throws: `ImageError` if there is none, or more than the limits allow.
  static func image(limits: ImageLimits = ImageLimits()) throws(ImageError) -> GrayImage {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .unreadable(file: name, reason: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      bytes += block[..<count]
      guard bytes.count <= limits.byteCount else {
        throw .tooLarge(
          file: name, found: "more than \(limits.byteCount) bytes", limit: "\(limits.byteCount)")
      }
    }
    return try ImageFile.decode(bytes, name: name, limits: limits)
  }
}

import CPNG

/// Files compressed by gzip (RFC 1952), unpacked by zlib.
enum GzipDecoder {
  static let signature: [UInt8] = [0x1F, 0x8B]
  /// What one pass unpacks at most.
  private static let blockSize = 1 << 18

  /// The unpacked bytes.
  ///
  /// - Throws: ``ImageError/tooLarge(file:found:limit:)`` as soon as there are more than `limit`.
  static func unpack(
    _ bytes: [UInt8], file: String, atMost limit: Int
  ) throws(ImageError) -> [UInt8] {
    guard bytes.count <= Int(UInt32.max) else {
      throw .tooLarge(file: file, found: "\(bytes.count) bytes", limit: "\(UInt32.max) of gzip")
    }
    var stream = z_stream()
    // 15 bits of window; 16 asks for gzip's header and checksum.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .unreadable(file: file, reason: "zlib cannot start: out of memory") }
    defer { inflateEnd(&stream) }
    var input = bytes
    return try input.withUnsafeMutableBufferPointer { (input) throws(ImageError) in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      return try unpack(&stream, file: file, atMost: limit)
    }
  }

  private static func unpack(
    _ stream: inout z_stream, file: String, atMost limit: Int
  ) throws(ImageError) -> [UInt8] {
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: blockSize)
    while true {
      let status = block.withUnsafeMutableBufferPointer { block in
        stream.next_out = block.baseAddress
        stream.avail_out = UInt32(block.count)
        return inflate(&stream, Z_NO_FLUSH)
      }
      result += block[..<(blockSize - Int(stream.avail_out))]
      guard result.count <= limit else {
        throw .tooLarge(file: file, found: "more when unpacked", limit: "\(limit) bytes")
      }
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        guard stream.avail_in == 0 else {
          throw .damaged(
            file: file, found: "\(stream.avail_in) bytes after the compressed data",
            expected: "none")
        }
        return result
      case Z_BUF_ERROR:
        throw .truncated(
          file: file, found: Int(stream.total_in), missing: "more compressed data")
      default:
        throw .decoding(
          file: file, reason: stream.msg.map { String(cString: $0) } ?? "zlib error \(status)")
      }
    }
  }
}

import Files

/// The text of a table's file.
enum TableText {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The whole text, without a byte-order mark.
  static func read(_ path: String) throws(TableError) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Self.bytes(of: path)
    } catch .notARegularFile {
      return try readStream(path)
    } catch {
      throw .file(error)
    }
    return try text(of: bytes, path)
  }

  private static func bytes(of path: String) throws(FileError) -> [UInt8] {
    let file = try InputFile(path)
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
      try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func readStream(_ path: String) throws(TableError) -> String {
    do throws(TextFile.Failure) {
      return try TextFile.read(path)
    } catch {
      throw .notText(file: path, reason: error.reason)
    }
  }

  private static func text(of bytes: [UInt8], _ path: String) throws(TableError) -> String {
    let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    guard let text = String(validating: bytes[start...], as: UTF8.self), !bytes.contains(0) else {
      throw .notText(file: path, reason: "not UTF-8 text; save the table as UTF-8")
    }
    return text
  }
}

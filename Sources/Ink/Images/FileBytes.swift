import Files

/// The bytes of a file that holds images.
enum FileBytes {
  /// All of them.
  static func read(_ path: String, limits: ImageLimits) throws(ImageError) -> [UInt8] {
    let file = try open(path)
    try limits.check(byteCount: file.size, file: path)
    return try read(file, count: file.size)
  }

  /// The first ones, `count` or fewer.
  static func start(of path: String, count: Int) throws(ImageError) -> [UInt8] {
    let file = try open(path)
    return try read(file, count: min(file.size, count))
  }

  private static func open(_ path: String) throws(ImageError) -> InputFile {
    do throws(FileError) {
      return try InputFile(path)
    } catch {
      throw ImageError(reading: error, file: path)
    }
  }

  private static func read(
    _ file: borrowing InputFile, count: Int
  ) throws(ImageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    do throws(FileError) {
      let read = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      bytes.removeLast(count - read)
    } catch {
      throw ImageError(reading: error, file: file.path)
    }
    return bytes
  }
}

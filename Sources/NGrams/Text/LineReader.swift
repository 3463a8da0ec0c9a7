import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of a file, read block by block: memory is bounded by the longest line.
///
/// Lines end with LF or CR LF; a byte-order mark before the first is dropped.
struct LineReader: ~Copyable {
  /// The most bytes that a line may have.
  static let longestLine = 64 << 20
  private static let blockSize = 1 << 18

  /// Why there is no next line.
  enum Failure: Error {
    case file(FileError)
    case tooLong
  }

  /// The name of the file, for errors.
  let path: String
  /// The number of the line that was returned last, from 1.
  private(set) var line = 0
  private let file: InputFile
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  private init(_ path: String) throws(FileError) {
    file = try InputFile(path)
    self.path = path
    buffer = .allocate(byteCount: Self.blockSize, alignment: 16)
  }

  /// Opens a file.
  static func opening(_ path: String) throws(NGramError) -> LineReader {
    do throws(FileError) { return try LineReader(path) } catch { throw .file(error) }
  }

  deinit { buffer.deallocate() }

  /// The next line without its end; the bytes stay until the next call. Nil at the end of the file.
  mutating func next() throws(Failure) -> UnsafeRawBufferPointer? {
    var searched = 0
    while true {
      if let stop = newline(from: start + searched) {
        defer { start = stop + 1 }
        return take(start..<stop)
      }
      searched = end - start
      if isAtEnd {
        guard start < end else { return nil }
        defer { start = end }
        return take(start..<end)
      }
      guard searched <= Self.longestLine else { throw .tooLong }
      do throws(FileError) { try fill() } catch { throw .file(error) }
    }
  }

  private func newline(from position: Int) -> Int? {
    guard position < end, let base = buffer.baseAddress,
      let found = memchr(base + position, 10, end - position)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private mutating func take(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    line += 1
    var bytes = UnsafeRawBufferPointer(rebasing: buffer[range])
    if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes = UnsafeRawBufferPointer(rebasing: bytes[3...])
    }
    if bytes.last == 13 { bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
    return bytes
  }

  private mutating func fill() throws(FileError) {
    let held = end - start
    if held * 2 > buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      buffer.deallocate()
      buffer = larger
    } else if held > 0, start > 0, let base = buffer.baseAddress {
      memmove(base, base + start, held)
    }
    (start, end) = (0, held)
    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[held...]))
    end += count
    isAtEnd = count < buffer.count - held
  }
}

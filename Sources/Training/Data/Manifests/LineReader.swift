#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a UTF-8 file line by line in blocks, so that a manifest of any size needs little memory.
///
/// A byte order mark and carriage returns before line ends are dropped; a last line without an end
/// counts as a line.
package struct LineReader: ~Copyable {
  /// The file's path, for messages.
  package let path: String
  /// The number of the line that was returned last, from 1.
  package private(set) var lineNumber = 0

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var atEnd = false

  private static let blockSize = 1 << 16
  private static let longestLine = 1 << 26

  /// Opens a file.
  ///
  /// - Throws: `ManifestError.unreadable` with the system's reason.
  package init(path: String) throws(ManifestError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The next line without its end, or nil at the end of the file.
  ///
  /// - Throws: `ManifestError` if the file cannot be read or the line is not UTF-8.
  package mutating func next() throws(ManifestError) -> String? {
    guard let range = try nextRange() else { return nil }
    lineNumber += 1
    if lineNumber == 1 { try refuseUTF16(buffer[range]) }
    var line = buffer[range]
    if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .notUTF8(file: path, line: lineNumber, column: validPrefixCount(line) + 1)
    }
    return text
  }

  /// An error about the line that was returned last.
  package func error(found: String, expected: String) -> ManifestError {
    .row(file: path, line: lineNumber, found: found, expected: expected)
  }

  /// The place of the line that was returned last.
  package var origin: Sample.Origin { Sample.Origin(file: path, line: lineNumber) }

  private mutating func nextRange() throws(ManifestError) -> Range<Int>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return position..<end
      }
      if atEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return position..<buffer.count
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      guard buffer.count < Self.longestLine else {
        throw .row(
          file: path, line: lineNumber + 1, found: "a line of over \(Self.longestLine) bytes",
          expected: "a text file with one sample per line")
      }
      try fill()
    }
  }

  private mutating func fill() throws(ManifestError) {
    let descriptor = descriptor
    let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.blockSize) { block in
      var count = read(descriptor, block.baseAddress, block.count)
      while count < 0, errno == EINTR { count = read(descriptor, block.baseAddress, block.count) }
      if count > 0 { buffer.append(contentsOf: block[..<count]) }
      return count
    }
    guard count >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    atEnd = count == 0
  }

  private func refuseUTF16(_ line: ArraySlice<UInt8>) throws(ManifestError) {
    guard line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF]) else { return }
    throw error(found: "the byte order mark of UTF-16", expected: "a manifest saved as UTF-8")
  }

  private func validPrefixCount(_ line: ArraySlice<UInt8>) -> Int {
    var decoder = Unicode.UTF8()
    var bytes = line.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&bytes) { count += UTF8.width(scalar) }
    return count
  }
}

/// The system's words for the error that the last failed call left.
package func systemReason() -> String { String(cString: strerror(errno)) }

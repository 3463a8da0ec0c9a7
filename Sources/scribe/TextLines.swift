import Files
import Translation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of a file or of standard input, in groups of those that are there already.
///
/// Who types a line sees the answer to it before the next; who sends a file has many lines done at once.
struct TextLines: ~Copyable {
  private let name: String
  private let descriptor: Int32
  private let groupSize: Int
  private var pending: [UInt8] = []
  private var lineNumber = 0
  private var isAtEnd = false

  /// The lines of a file; `-` is standard input.
  init(_ path: String, groupSize: Int) throws(FileError) {
    self.groupSize = groupSize
    if path == "-" {
      (name, descriptor) = (StandardInput.name, STDIN_FILENO)
    } else {
      name = path
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(errno, path: path, action: "read") }
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// The next lines, one at least; nil at the end.
  ///
  /// - Throws: `TranslationError` naming the file and the line.
  mutating func next() throws(TranslationError) -> [String]? {
    var lines: [String] = []
    while lines.count < groupSize {
      if let line = try takeLine() {
        lines.append(line)
      } else if isAtEnd || (!lines.isEmpty && !hasMore()) {
        break
      } else {
        try readMore()
      }
    }
    return lines.isEmpty ? nil : lines
  }

  private mutating func takeLine() throws(TranslationError) -> String? {
    let end = pending.firstIndex(of: UInt8(ascii: "\n"))
    guard end != nil || (isAtEnd && !pending.isEmpty) else { return nil }
    var line = pending[..<(end ?? pending.endIndex)]
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    if lineNumber == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    lineNumber += 1
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .notUTF8(file: name, line: lineNumber)
    }
    pending.removeSubrange(..<(end.map { $0 + 1 } ?? pending.endIndex))
    return text
  }

  /// Whether something can be read without waiting for it.
  private func hasMore() -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0
  }

  private mutating func readMore() throws(TranslationError) {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &block, block.count)
    if count < 0, errno == EINTR { return }
    guard count >= 0 else { throw .file(FileError(errno, path: name, action: "read")) }
    isAtEnd = count == 0
    pending += block[..<count]
  }
}

import Files

/// The bytes of a file one after the other, a block in memory at a time.
struct ByteScanner: ~Copyable {
  let file: String
  /// The line of the next byte, from 1.
  private(set) var line = 1
  private let input: InputFile
  private let block: UnsafeMutableRawBufferPointer
  private var position = 0
  private var end = 0

  init(_ path: String) throws(StrokeError) {
    input = try Self.open(path)
    file = path
    block = .allocate(byteCount: 1 << 16, alignment: 1)
  }

  private static func open(_ path: String) throws(StrokeError) -> InputFile {
    let input: InputFile
    do throws(FileError) {
      input = try InputFile(path)
    } catch {
      throw .file(error)
    }
    if input.size == 0 { throw .empty(file: path) }
    return input
  }

  deinit { block.deallocate() }

  /// The next byte, nil at the end of the file.
  mutating func peek() throws(StrokeError) -> UInt8? {
    if position == end {
      do throws(FileError) {
        end = try input.read(into: block)
      } catch {
        throw .file(error)
      }
      position = 0
      if end == 0 { return nil }
    }
    return block[position]
  }

  /// Passes over the byte that ``peek()`` gave.
  mutating func advance() {
    if block[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  /// Takes the next byte, nil at the end of the file.
  mutating func next() throws(StrokeError) -> UInt8? {
    guard let byte = try peek() else { return nil }
    advance()
    return byte
  }

  /// Passes over blanks and ends of lines.
  mutating func skipSpace() throws(StrokeError) {
    while let byte = try peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { advance() }
  }

  /// Passes over a UTF-8 byte-order mark; the text of another one is refused.
  mutating func skipByteOrderMark() throws(StrokeError) {
    guard let byte = try peek() else { return }
    if byte == 0xFF || byte == 0xFE {
      throw .encoding(file: file, line: 1, found: "UTF-16 text")
    }
    guard byte == 0xEF else { return }
    for expected: UInt8 in [0xEF, 0xBB, 0xBF] {
      guard try next() == expected else {
        throw .encoding(file: file, line: 1, found: "bytes that are not UTF-8")
      }
    }
  }

  /// Takes bytes while they fit, at most `limit`.
  mutating func word(
    limit: Int, while fits: (UInt8) -> Bool
  ) throws(StrokeError) -> String {
    var bytes: [UInt8] = []
    while bytes.count < limit, let byte = try peek(), fits(byte) {
      bytes.append(byte)
      advance()
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What stands next, for an error: a word, a sign or the end of the file.
  mutating func found() throws(StrokeError) -> String {
    guard let byte = try peek() else { return "the end of the file" }
    let word = try word(limit: 24) { Self.isWord($0) }
    if !word.isEmpty { return "'\(word)'" }
    guard (0x20..<0x7F).contains(byte) else { return "the byte \(byte)" }
    return "'\(Character(Unicode.Scalar(byte)))'"
  }

  static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
      || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ".")].contains(byte)
  }
}

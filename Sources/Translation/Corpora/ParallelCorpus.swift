import Files

/// Sentences and their translations, from two files of a sentence a line.
public struct ParallelCorpus: Sendable, Equatable {
  /// The sentences, in the order of the file.
  public let source: [String]
  /// Their translations.
  public let target: [String]

  /// The number of pairs.
  public var count: Int { source.count }

  /// Reads two files of UTF-8; line ends may be LF or CRLF, a byte order mark is dropped.
  ///
  /// - Throws: `TranslationError` if a file cannot be read, is empty, or has not as many lines as the
  ///   other.
  public init(source sourcePath: String, target targetPath: String) throws(TranslationError) {
    source = try SentenceFile.read(sourcePath)
    target = try SentenceFile.read(targetPath)
    guard source.count == target.count else {
      throw .differentLengths(
        source: sourcePath, sourceCount: source.count, target: targetPath,
        targetCount: target.count)
    }
  }
}

/// A text with a sentence on each line.
public enum SentenceFile {
  /// The lines of a file; an empty line is an empty sentence, the end of the last line is not one more.
  ///
  /// - Throws: `TranslationError` if it cannot be read, is not UTF-8, or holds nothing but white space.
  public static func read(_ path: String) throws(TranslationError) -> [String] {
    let bytes = try bytes(of: path)
    var lines: [String] = []
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      var line = rest[..<(end ?? rest.endIndex)]
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      guard let text = String(validating: line, as: UTF8.self) else {
        throw .notUTF8(file: path, line: lines.count + 1)
      }
      lines.append(text)
      rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
    }
    guard lines.contains(where: { $0.contains { !$0.isWhitespace } }) else {
      throw .empty(file: path)
    }
    return lines
  }

  private static func bytes(of path: String) throws(TranslationError) -> [UInt8] {
    do throws(FileError) {
      let file = try InputFile(path)
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.size, alignment: 1)
      defer { bytes.deallocate() }
      return Array(bytes[..<(try file.read(into: bytes))])
    } catch {
      throw .file(error)
    }
  }
}

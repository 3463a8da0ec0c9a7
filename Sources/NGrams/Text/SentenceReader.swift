/// Finds the numbers of words.
protocol WordNumbering {
  /// The number of a word; nil if no further word can be numbered.
  mutating func number(of word: UnsafeRawBufferPointer) -> UInt32?
}

extension WordTable: WordNumbering {
  mutating func number(of word: UnsafeRawBufferPointer) -> UInt32? { insert(word) }
}

/// The lines of a text, each a sentence of words or characters.
///
/// Words are what stands between blanks, tabs and carriage returns. Characters are grapheme
/// clusters; any run of blanks between two words is one `<space>`, and blanks at the ends of a line
/// are dropped. Empty lines are skipped. Nothing else is changed.
struct SentenceReader: ~Copyable {
  private static let space = Array(NGramUnit.space.utf8)
  private var lines: LineReader
  private let unit: NGramUnit

  init(_ path: String, unit: NGramUnit) throws(NGramError) {
    lines = try LineReader.opening(path)
    self.unit = unit
  }

  /// The number of the line that was read last.
  var line: Int { lines.line }

  /// Reads the next sentence; false at the end of the file.
  mutating func next<Numbering: WordNumbering>(
    _ numbering: inout Numbering, into ids: inout [UInt32]
  ) throws(NGramError) -> Bool {
    ids.removeAll(keepingCapacity: true)
    while ids.isEmpty {
      guard let bytes = try nextLine() else { return false }
      let isASCII = bytes.allSatisfy { $0 < 0x80 }
      if !isASCII, String(validating: bytes, as: UTF8.self) == nil {
        throw problem("found bytes that are not UTF-8; save the file as UTF-8")
      }
      var start = 0
      while let word = Self.word(bytes, from: &start) {
        if unit == .word {
          try append(word, &numbering, to: &ids)
        } else {
          if !ids.isEmpty {
            try Self.space.withUnsafeBufferPointer { (space) throws(NGramError) in
              try append(UnsafeRawBufferPointer(space), &numbering, to: &ids)
            }
          }
          try appendCharacters(word, isASCII, &numbering, to: &ids)
        }
      }
    }
    return true
  }

  private mutating func nextLine() throws(NGramError) -> UnsafeRawBufferPointer? {
    do throws(LineReader.Failure) {
      return try lines.next()
    } catch {
      switch error {
      case .file(let error): throw .file(error)
      case .tooLong:
        throw .text(
          file: lines.path, line: lines.line + 1,
          reason: "the line is longer than \(LineReader.longestLine >> 20) MiB; break it")
      }
    }
  }

  /// The next word from a position, which is moved behind it.
  private static func word(
    _ bytes: UnsafeRawBufferPointer, from start: inout Int
  ) -> UnsafeRawBufferPointer? {
    while start < bytes.count, isBlank(bytes[start]) { start += 1 }
    let first = start
    while start < bytes.count, !isBlank(bytes[start]) { start += 1 }
    return first < start ? UnsafeRawBufferPointer(rebasing: bytes[first..<start]) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 13 || byte == 0
  }

  private func appendCharacters<Numbering: WordNumbering>(
    _ word: UnsafeRawBufferPointer, _ isASCII: Bool, _ numbering: inout Numbering,
    to ids: inout [UInt32]
  ) throws(NGramError) {
    var start = 0
    let text = isASCII ? "" : String(decoding: word, as: UTF8.self)
    var characters = text.makeIterator()
    while start < word.count {
      let size = isASCII ? 1 : characters.next()?.utf8.count ?? word.count - start
      let bytes = UnsafeRawBufferPointer(rebasing: word[start..<start + size])
      try append(bytes, &numbering, to: &ids)
      start += size
    }
  }

  private func append<Numbering: WordNumbering>(
    _ word: UnsafeRawBufferPointer, _ numbering: inout Numbering, to ids: inout [UInt32]
  ) throws(NGramError) {
    guard let id = numbering.number(of: word) else {
      throw .tooLarge(
        what: "bytes of different words", found: Int(UInt32.max), limit: Int(UInt32.max))
    }
    if id < 3, word.count >= 3, WordTable.reserved.contains(where: { word.elementsEqual($0.utf8) })
    {
      throw problem(
        "found '\(WordTable.reserved[Int(id)])', which models use themselves; remove it")
    }
    ids.append(id)
  }

  /// An error about the line that was read last.
  func problem(_ reason: String) -> NGramError {
    .text(file: lines.path, line: lines.line, reason: reason)
  }
}

import Files

/// Reads language models in the format of the ARPA (Doug Paul's), in KenLM's conventions.
///
/// Fields are parted by tabs or blanks; a missing back-off is 0; a file without `<unk>` gets one of
/// log₁₀ −100; `<UNK>` is `<unk>`. What does not fit is an error of the file and line: other counts
/// than stated, a missing section, a context that is no n-gram, duplicates, positive
/// log-probabilities. Memory grows with the n-grams that are there, never with a stated count.
struct ARPAReader: ~Copyable {
  /// What `<unk>` gets if the file does not say.
  static let missingUnknown: Float = -100

  private var lines: ARPALines
  private let header: ARPAHeader

  /// Reads a file.
  static func read(_ path: String) throws(NGramError) -> NGramTrie {
    var lines = try ARPALines(path)
    let header = try ARPAHeader(&lines)
    var reader = ARPAReader(lines, header)
    return try reader.trie()
  }

  private init(_ lines: consuming ARPALines, _ header: ARPAHeader) {
    self.lines = lines
    self.header = header
  }

  private var order: Int { header.counts.count }

  private mutating func trie() throws(NGramError) -> NGramTrie {
    var trie = try unigrams()
    if order > 1 {
      for order in 2...order { try append(order, to: &trie) }
    }
    trie.finish()
    guard lines.text == "\\end\\" else {
      throw lines.problem(.unexpected(found: lines.text, expected: "'\\end\\'"))
    }
    return trie
  }

  /// Requires the title of a section in the line that was read last.
  private func expectTitle(_ order: Int) throws(NGramError) {
    let title = "\\\(order)-grams:"
    guard lines.text == title else {
      throw lines.problem(.unexpected(found: lines.text, expected: "'\(title)'"))
    }
  }

  /// Moves to the next n-gram; at the end of the section to the title of the next.
  private mutating func nextGram(_ order: Int, found: Int) throws(NGramError) -> Bool {
    let isGram = try lines.next() && !lines.fields.isEmpty && !lines.isTitle
    let stated = header.counts[order - 1]
    if isGram, found < stated { return true }
    if isGram || found < stated {
      let number = isGram ? found + 1 : found
      throw lines.problem(.wrongCount(order: order, stated: stated, found: number))
    }
    while lines.fields.isEmpty {
      guard try lines.next() else {
        let next = order < self.order ? "\\\(order + 1)-grams:" : "\\end\\"
        throw lines.problem(.missingSection(next))
      }
    }
    return false
  }

  private mutating func unigrams() throws(NGramError) -> NGramTrie {
    try expectTitle(1)
    var words = WordTable()
    var probabilities = [Float](repeating: .nan, count: words.count)
    var backoffs = [Float](repeating: 0, count: words.count)
    var found = 0
    while try nextGram(1, found: found) {
      let (probability, backoff) = try numbers(order: 1)
      let id = try insert(lines.fields[1], into: &words)
      if Int(id) == probabilities.count {
        probabilities.append(probability)
        backoffs.append(backoff)
      } else {
        guard probabilities[Int(id)].isNaN else {
          throw lines.problem(.duplicate(words[id]))
        }
        (probabilities[Int(id)], backoffs[Int(id)]) = (probability, backoff)
      }
      found += 1
    }
    if probabilities[0].isNaN { probabilities[0] = Self.missingUnknown }
    for id in [WordTable.begin, WordTable.end] where probabilities[Int(id)].isNaN {
      throw lines.problem(.missingWord(words[id]))
    }
    return NGramTrie(words: words, probabilities: probabilities, backoffs: backoffs)
  }

  private func insert(
    _ field: UnsafeRawBufferPointer, into words: inout WordTable
  ) throws(NGramError) -> UInt32 {
    guard field.allSatisfy({ $0 < 0x80 }) || String(validating: field, as: UTF8.self) != nil else {
      throw lines.problem(.notUTF8)
    }
    if field.elementsEqual("<UNK>".utf8) { return WordTable.unknown }
    guard let id = words.insert(field) else {
      throw lines.problem(
        .tooLarge(found: words.count, limit: words.count, what: "number of words"))
    }
    return id
  }

  private mutating func append(_ order: Int, to trie: inout NGramTrie) throws(NGramError) {
    try expectTitle(order)
    let firstLine = lines.line + 1
    var entries = NGramEntries()
    while try nextGram(order, found: entries.keys.count) {
      let (probability, backoff) = try numbers(order: order)
      entries.append(try key(order, in: trie), probability, backoff)
    }
    do throws(NGramTrie.Duplicate) {
      try trie.append(entries)
    } catch {
      throw lines.problem(
        .duplicate(text(entries.keys[error.entry], order, in: trie)),
        line: firstLine + error.entry)
    }
  }

  /// The node of the context and the last word of the line.
  private func key(_ order: Int, in trie: borrowing NGramTrie) throws(NGramError) -> UInt64 {
    var node = try id(1, in: trie)
    for position in 2..<max(order, 2) {
      let word = try id(position, in: trie)
      guard let child = trie.child(of: node, order: position - 1, word: word) else {
        throw lines.problem(.missingContext(lines.words(1..<order)))
      }
      node = child
    }
    return NGramEntries.key(node, try id(order, in: trie))
  }

  private func id(_ field: Int, in trie: borrowing NGramTrie) throws(NGramError) -> UInt32 {
    let word = lines.fields[field]
    if let id = trie.words.find(word) { return id }
    if word.elementsEqual("<UNK>".utf8) { return WordTable.unknown }
    guard String(validating: word, as: UTF8.self) != nil else { throw lines.problem(.notUTF8) }
    throw lines.problem(.unknownWord(ARPALines.text(word)))
  }

  private func text(_ key: UInt64, _ order: Int, in trie: borrowing NGramTrie) -> String {
    let context = trie.path(of: UInt32(key >> 32), order: order - 1)
    return (context + [UInt32(truncatingIfNeeded: key)]).map { trie.words[$0] }
      .joined(separator: " ")
  }

  /// The log-probability and the back-off of the line.
  private func numbers(order: Int) throws(NGramError) -> (Float, Float) {
    let isLast = order == self.order
    let count = lines.fields.count
    guard count == order + 1 || (count == order + 2 && !isLast) else {
      throw lines.problem(
        .wrongFieldCount(order: order, found: count, backoffAllowed: !isLast))
    }
    let probability = try number(lines.fields[0])
    guard probability <= 0 else {
      throw lines.problem(.positiveProbability(ARPALines.text(lines.fields[0])))
    }
    return (probability, count == order + 2 ? try number(lines.fields[order + 1]) : 0)
  }

  private func number(_ field: UnsafeRawBufferPointer) throws(NGramError) -> Float {
    guard let value = DecimalNumber.parse(field).map({ Float($0) }), value.isFinite else {
      throw lines.problem(.notANumber(ARPALines.text(field.prefix(40))))
    }
    return value
  }
}

import Files

extension NGramModel {
  /// Writes the model in its binary form.
  ///
  /// - Throws: ``NGramError``; the file is then what it was before.
  public func write(to path: String, precision: NGramPrecision) throws(NGramError) {
    let bytes =
      precision == self.precision
      ? Array(storage.bytes)
      : NGramEncoder.pack(trie, unit: unit, precision: precision, note: note).1
    do throws(FileError) { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
  }

  /// Writes the model as an ARPA file, every number with as many digits as make it unique.
  ///
  /// - Throws: ``NGramError``; the file is then what it was before.
  public func writeARPA(to path: String) throws(NGramError) {
    do throws(FileError) {
      try AtomicFile.write(to: path) { (output) throws(FileError) in
        try ARPAWriter(self).write(to: output)
      }
    } catch {
      throw .file(error)
    }
  }

  /// The tree that the model was packed from, its values as the model has them.
  var trie: NGramTrie {
    var words = WordTable()
    for id in UInt32(words.count)..<UInt32(vocabularyCount) { words.insert(word(id)) }
    var trie = NGramTrie(
      words: words, probabilities: values(1, probability), backoffs: backoffs(1))
    if order > 1 {
      for order in 2...order { trie.append(sorted: level(order)) }
    }
    trie.finish()
    return trie
  }

  private func level(_ order: Int) -> (firstChild: [UInt32], NGramLevel) {
    let base = base
    let parents = (0...levels[order - 2].count).map { node in
      UInt32(base.number(at: childBit(order - 1, node), mask: levels[order - 2].child.mask))
    }
    let layout = levels[order - 1]
    var level = NGramLevel()
    level.words = (0..<layout.count).map { node in
      UInt32(base.number(at: layout.firstBit + node * layout.stride, mask: layout.word.mask))
    }
    level.probabilities = values(order, probability)
    level.backoffs = backoffs(order)
    return (parents, level)
  }

  private func childBit(_ order: Int, _ node: Int) -> Int {
    let layout = levels[order - 1]
    return layout.firstBit + node * layout.stride + layout.child.shift
  }

  private func values(
    _ order: Int, _ value: (UnsafeRawPointer, UInt32, Int) -> Float
  ) -> [Float] {
    let base = base
    return (0..<UInt32(levels[order - 1].count)).map { value(base, $0, order) }
  }

  private func backoffs(_ order: Int) -> [Float] {
    order < self.order
      ? values(order, backoff) : [Float](repeating: 0, count: levels[order - 1].count)
  }
}

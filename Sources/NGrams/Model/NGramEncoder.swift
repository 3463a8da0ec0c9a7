import Files

/// Packs a tree of n-grams into the bytes of a binary model.
struct NGramEncoder {
  /// The model as it is stored; ``NGramFileHeader`` tells how.
  static func pack(
    _ trie: NGramTrie, unit: NGramUnit, precision: NGramPrecision, note: String
  ) -> (NGramLayout, [UInt8]) {
    let note = Array(note.utf8)
    var header = NGramFileHeader()
    header.unit = unit
    header.valueBits = precision.rawValue
    header.noteSize = note.count
    header.slotBits = BitField.width(of: trie.words.slots.count - 1)
    header.wordBytes = trie.words.bytes.count
    header.counts = trie.levels.map(\.count)
    header.fileSize = NGramLayout(header).size
    let layout = NGramLayout(header)
    var bytes = header.bytes
    bytes.reserveCapacity(layout.size)
    bytes += note
    bytes.align()
    for offset in trie.words.offsets { bytes.appendNumber(offset) }
    bytes.align()
    bytes += trie.words.bytes
    bytes.align()
    for slot in trie.words.slots { bytes.appendNumber(slot) }
    bytes.align()
    for (level, layout) in zip(trie.levels, layout.levels) {
      append(level, layout, precision, to: &bytes)
    }
    precondition(
      bytes.count == layout.size,
      "NGramEncoder: wrote \(bytes.count) bytes, expected \(layout.size)")
    seal(&bytes)
    return (layout, bytes)
  }

  private static func append(
    _ level: NGramLevel, _ layout: NGramLayout.Level, _ precision: NGramPrecision,
    to bytes: inout [UInt8]
  ) {
    let probabilities = codes(level.probabilities, precision, &bytes)
    let isLast = layout.child.bits == 0
    let backoffs = isLast ? [] : codes(level.backoffs, precision, &bytes)
    var writer = BitWriter()
    for node in 0..<level.count {
      if layout.word.bits > 0 { writer.append(level.words[node], bits: layout.word.bits) }
      writer.append(probabilities[node], bits: layout.probability.bits)
      guard !isLast else { continue }
      writer.append(backoffs[node], bits: layout.backoff.bits)
      writer.append(level.firstChild[node], bits: layout.child.bits)
    }
    for field in [layout.word, layout.probability, layout.backoff] {
      writer.append(0, bits: field.bits)
    }
    writer.append(isLast ? 0 : level.firstChild[level.count], bits: layout.child.bits)
    writer.finish()
    bytes += writer.bytes
    bytes += [UInt8](repeating: 0, count: 8)
    bytes.align()
  }

  /// The codes of numbers; their table is appended.
  private static func codes(
    _ numbers: [Float], _ precision: NGramPrecision, _ bytes: inout [UInt8]
  ) -> [UInt32] {
    guard precision != .exact else { return numbers.map(\.bitPattern) }
    let quantizer = Quantizer(numbers, bits: precision.rawValue)
    let size = 1 << precision.rawValue
    for index in 0..<size {
      let value = index < quantizer.values.count ? quantizer.values[index] : 0
      bytes.appendNumber(value.bitPattern)
    }
    return numbers.map { quantizer.code(of: $0) }
  }

  /// Puts the checksum in its place.
  private static func seal(_ bytes: inout [UInt8]) {
    var hash = XXHash64()
    bytes.withUnsafeBytes {
      hash.update(UnsafeRawBufferPointer(rebasing: $0[NGramFileHeader.checkedOffset...]))
    }
    let digest = hash.digest
    for byte in 0..<8 {
      bytes[NGramFileHeader.checksumOffset + byte] =
        UInt8(truncatingIfNeeded: digest >> UInt64(8 * byte))
    }
  }
}

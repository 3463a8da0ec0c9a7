/// Where the parts of a binary model lie.
struct NGramLayout: Sendable {
  /// One order: its tables of values and its records.
  struct Level: Sendable {
    /// The number of n-grams.
    var count: Int
    /// Byte offsets of the tables; not used when values are stored as they are.
    var probabilityTable: Int
    var backoffTable: Int
    /// The first bit of the first record.
    var firstBit: Int
    /// The bits of a record.
    var stride: Int
    var word: BitField
    var probability: BitField
    var backoff: BitField
    var child: BitField
  }

  let header: NGramFileHeader
  let note: Int
  let wordOffsets: Int
  let words: Int
  let slots: Int
  private(set) var levels: [Level] = []
  /// The size of the file.
  private(set) var size: Int

  init(_ header: NGramFileHeader) {
    self.header = header
    note = header.size
    wordOffsets = (note + header.noteSize).aligned
    words = (wordOffsets + 4 * (header.counts[0] + 1)).aligned
    slots = (words + header.wordBytes).aligned
    size = (slots + 4 << header.slotBits).aligned
    for order in 1...header.counts.count { addLevel(order) }
  }

  private mutating func addLevel(_ order: Int) {
    let isLast = order == header.counts.count
    let count = header.counts[order - 1]
    let bits = header.valueBits
    let tableSize = bits == 32 ? 0 : 4 << bits
    let word = BitField(
      shift: 0, bits: order == 1 ? 0 : BitField.width(of: header.counts[0] - 1))
    let probability = BitField(shift: word.end, bits: bits)
    let backoff = BitField(shift: probability.end, bits: isLast ? 0 : bits)
    let child = BitField(
      shift: backoff.end, bits: isLast ? 0 : BitField.width(of: header.counts[order]))
    let backoffTable = size + tableSize
    let records = backoffTable + (isLast ? 0 : tableSize)
    levels.append(
      Level(
        count: count, probabilityTable: size, backoffTable: backoffTable, firstBit: records * 8,
        stride: child.end, word: word, probability: probability, backoff: backoff, child: child))
    // A number is read with eight bytes, which may lie behind the last record.
    size = (records + ((count + 1) * child.end + 7) / 8 + 8).aligned
  }
}

extension Int {
  /// The next multiple of 8.
  fileprivate var aligned: Int { (self + 7) / 8 * 8 }
}

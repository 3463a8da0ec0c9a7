import Files

/// Decides whether bytes are a model.
///
/// The checksum finds damage. What lies behind it is checked all the same, so that a file made to
/// deceive leads to an error too and no number in it to memory outside of it.
enum NGramValidator {
  static func layout(of bytes: UnsafeRawBufferPointer) throws(Damage) -> NGramLayout {
    guard bytes.prefix(NGramFileHeader.magic.count).elementsEqual(NGramFileHeader.magic) else {
      throw Damage("this is no binary language model")
    }
    try checkSum(bytes)
    let header = try NGramFileHeader(reading: bytes)
    let layout = NGramLayout(header)
    guard layout.size == bytes.count, header.fileSize == bytes.count else {
      throw Damage("found \(bytes.count) bytes, expected \(layout.size)")
    }
    guard let base = bytes.baseAddress else { throw Damage("the file is empty") }
    try checkWords(base, layout)
    for order in 1...layout.levels.count { try checkLevel(base, layout, order) }
    return layout
  }

  private static func checkSum(_ bytes: UnsafeRawBufferPointer) throws(Damage) {
    guard bytes.count > NGramFileHeader.checkedOffset + 8 else { throw Damage("the file is cut") }
    let size = bytes.loadUnaligned(
      fromByteOffset: NGramFileHeader.checkedOffset, as: UInt64.self
    ).littleEndian
    let stored = bytes.loadUnaligned(
      fromByteOffset: NGramFileHeader.checksumOffset, as: UInt64.self
    ).littleEndian
    var hash = XXHash64()
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[NGramFileHeader.checkedOffset...]))
    guard hash.digest == stored else {
      throw Damage(
        size == UInt64(bytes.count)
          ? "the checksum does not fit the content"
          : "found \(bytes.count) bytes, expected \(size), and the checksum does not fit")
    }
  }

  private static func checkWords(
    _ base: UnsafeRawPointer, _ layout: NGramLayout
  ) throws(Damage) {
    let count = layout.header.counts[0]
    func half(_ offset: Int) -> Int {
      Int(UInt32(littleEndian: base.load(fromByteOffset: offset, as: UInt32.self)))
    }
    var last = 0
    for word in 0...count {
      let offset = half(layout.wordOffsets + 4 * word)
      guard offset >= last else { throw Damage("the words are out of order") }
      last = offset
    }
    guard last == layout.header.wordBytes, half(layout.wordOffsets) == 0 else {
      throw Damage("the words do not fill their part")
    }
    var used = 0
    for slot in 0..<(1 << layout.header.slotBits) {
      let id = half(layout.slots + 4 * slot)
      guard id <= count else { throw Damage("a hash slot names no word") }
      if id > 0 { used += 1 }
    }
    // A search ends at an empty slot.
    guard used <= count else { throw Damage("there are too many hash slots in use") }
  }

  private static func checkLevel(
    _ base: UnsafeRawPointer, _ layout: NGramLayout, _ order: Int
  ) throws(Damage) {
    let level = layout.levels[order - 1]
    let wordCount = UInt64(layout.header.counts[0])
    let hasChildren = order < layout.levels.count
    var last: UInt64 = 0
    for node in 0...level.count {
      let record = level.firstBit + node * level.stride
      if order > 1 {
        guard base.number(at: record, mask: level.word.mask) < wordCount else {
          throw Damage("a \(order)-gram names no word")
        }
      }
      guard hasChildren else { continue }
      let child = base.number(at: record + level.child.shift, mask: level.child.mask)
      guard child >= last, node > 0 || child == 0 else {
        throw Damage("the \(order)-grams are out of order")
      }
      last = child
    }
    guard !hasChildren || last == UInt64(layout.header.counts[order]) else {
      throw Damage("the \(order + 1)-grams do not belong to \(order)-grams")
    }
  }
}

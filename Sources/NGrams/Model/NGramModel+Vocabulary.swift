#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension NGramModel {
  /// The number of a word, ``unknown`` if the model does not know it.
  ///
  /// Words are compared byte by byte: a composed letter is another than a decomposed one.
  public func id(of word: String) -> UInt32 {
    var word = word
    return word.withUTF8 { id(of: UnsafeRawBufferPointer($0)) }
  }

  /// The number of a word, nil if the model does not know it.
  public func knownID(of word: String) -> UInt32? {
    let id = id(of: word)
    return id == Self.unknown && word != WordTable.reserved[0] ? nil : id
  }

  /// The number of a word given in UTF-8, ``unknown`` if the model does not know it.
  func id(of word: UnsafeRawBufferPointer) -> UInt32 {
    let base = base
    let mask = (1 << layout.header.slotBits) - 1
    var position = Int(truncatingIfNeeded: WordTable.hash(word)) & mask
    while true {
      let slot = UInt32(
        littleEndian: base.load(fromByteOffset: layout.slots + 4 * position, as: UInt32.self))
      if slot == 0 { return Self.unknown }
      let other = bytes(of: slot - 1)
      if other.count == word.count {
        guard let first = other.baseAddress, let second = word.baseAddress, !word.isEmpty,
          memcmp(first, second, word.count) != 0
        else { return slot - 1 }
      }
      position = (position + 1) & mask
    }
  }

  /// The word of a number.
  public func word(_ id: UInt32) -> String { String(decoding: bytes(of: id), as: UTF8.self) }

  /// All words in the order of their numbers.
  public var vocabulary: [String] { (0..<UInt32(vocabularyCount)).map { word($0) } }

  private func bytes(of id: UInt32) -> UnsafeRawBufferPointer {
    precondition(
      Int(id) < vocabularyCount,
      "NGramModel: got word \(id), expected one below \(vocabularyCount)")
    let start = offset(Int(id))
    return UnsafeRawBufferPointer(
      start: base + layout.words + start, count: offset(Int(id) + 1) - start)
  }

  private func offset(_ index: Int) -> Int {
    Int(
      UInt32(
        littleEndian: base.load(
          fromByteOffset: layout.wordOffsets + 4 * index, as: UInt32.self)))
  }
}

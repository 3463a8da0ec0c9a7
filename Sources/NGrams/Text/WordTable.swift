#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Words numbered in the order in which they came, found by hashing.
///
/// The first three are `<unk>`, `<s>` and `</s>`, in every model.
struct WordTable: Sendable {
  /// The number of `<unk>`, which stands for every word that is not there.
  static let unknown: UInt32 = 0
  /// The number of `<s>`, the context of the first word.
  static let begin: UInt32 = 1
  /// The number of `</s>`, which ends a sentence.
  static let end: UInt32 = 2
  /// How the three are spelled.
  static let reserved = ["<unk>", "<s>", "</s>"]

  private(set) var bytes: [UInt8] = []
  private(set) var offsets: [UInt32] = [0]
  /// One more than a word's number, or 0; the count is a power of two.
  private(set) var slots = [UInt32](repeating: 0, count: 1 << 10)

  init() {
    for word in Self.reserved { insert(word) }
  }

  /// The number of words.
  var count: Int { offsets.count - 1 }

  /// The words in order.
  var words: [String] { (0..<UInt32(count)).map { self[$0] } }

  subscript(_ id: UInt32) -> String {
    String(decoding: bytes[Int(offsets[Int(id)])..<Int(offsets[Int(id) + 1])], as: UTF8.self)
  }

  /// Where a search for a word begins: FNV-1a, mixed once more because only low bits are used.
  static func hash(_ word: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ (hash >> 32)
  }

  /// The number of a word, nil if it is not there.
  func find(_ word: UnsafeRawBufferPointer) -> UInt32? {
    let slot = slots[slot(of: word)]
    return slot == 0 ? nil : slot - 1
  }

  /// The number of a word, the next free one if it was not there; nil if the table is full.
  mutating func insert(_ word: UnsafeRawBufferPointer) -> UInt32? {
    let position = slot(of: word)
    if slots[position] != 0 { return slots[position] - 1 }
    guard bytes.count + word.count < Int(UInt32.max) else { return nil }
    bytes.append(contentsOf: word)
    offsets.append(UInt32(bytes.count))
    slots[position] = UInt32(count)
    if count * 3 > slots.count * 2 { grow() }
    return UInt32(offsets.count - 2)
  }

  /// The number of a word, given as text.
  @discardableResult mutating func insert(_ word: String) -> UInt32? {
    var word = word
    return word.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
  }

  private func slot(of word: UnsafeRawBufferPointer) -> Int {
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: Self.hash(word)) & mask
    while slots[position] != 0, !isWord(slots[position] - 1, word) {
      position = (position + 1) & mask
    }
    return position
  }

  private func isWord(_ id: UInt32, _ word: UnsafeRawBufferPointer) -> Bool {
    let start = Int(offsets[Int(id)])
    guard Int(offsets[Int(id) + 1]) - start == word.count else { return false }
    guard let other = word.baseAddress else { return true }
    return bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memcmp($0 + start, other, word.count) == 0 } ?? false
    }
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    bytes.withUnsafeBytes { bytes in
      for id in 0..<count {
        let word = bytes[Int(offsets[id])..<Int(offsets[id + 1])]
        var position =
          Int(truncatingIfNeeded: Self.hash(UnsafeRawBufferPointer(rebasing: word))) & mask
        while larger[position] != 0 { position = (position + 1) & mask }
        larger[position] = UInt32(id + 1)
      }
    }
    slots = larger
  }
}

/// The beginning of a binary model: from it follows where everything else lies.
///
/// All numbers are little-endian. The file is
///
///     8 bytes   the magic "ScribeLM"
///     8         XXH64 of everything behind it
///     8         the size of the file
///     4, 4      version, order
///     4, 4      unit (0 word, 1 character), bits of a probability or back-off
///     4, 4      bytes of the note, binary logarithm of the number of hash slots
///     8         bytes of all words
///     8 each    the number of n-grams of order 1, 2, ...
///     note      UTF-8: how the model was made
///     offsets   4 bytes each: where the words begin, and where the last ends
///     words     UTF-8
///     slots     4 bytes each: 0, or one more than the number of a word
///     levels    per order: values of probabilities, values of back-offs, records of packed bits
///
/// Every part begins at a multiple of 8 bytes. A record holds the word (not for order 1), the
/// probability, and but for the last order the back-off and the first child; one more record ends
/// the children of the last. With 32 bits the numbers themselves are stored and no tables.
struct NGramFileHeader: Sendable, Equatable {
  static let magic: [UInt8] = Array("ScribeLM".utf8)
  static let version: UInt32 = 1
  /// Where the checksum lies, and where what it covers begins.
  static let checksumOffset = 8
  static let checkedOffset = 16
  private static let fixedSize = 56

  var fileSize = 0
  var unit = NGramUnit.word
  /// The bits of a probability or back-off.
  var valueBits = 32
  var noteSize = 0
  var slotBits = 0
  var wordBytes = 0
  /// The number of n-grams of order 1, 2, ...
  var counts: [Int] = []

  /// The bytes that the header takes.
  var size: Int { Self.fixedSize + 8 * counts.count }

  /// The header as it is stored, the checksum as 0.
  var bytes: [UInt8] {
    var bytes = Self.magic
    bytes.appendNumber(UInt64(0))
    bytes.appendNumber(UInt64(fileSize))
    bytes.appendNumber(Self.version)
    bytes.appendNumber(UInt32(counts.count))
    bytes.appendNumber(UInt32(unit == .word ? 0 : 1))
    bytes.appendNumber(UInt32(valueBits))
    bytes.appendNumber(UInt32(noteSize))
    bytes.appendNumber(UInt32(slotBits))
    bytes.appendNumber(UInt64(wordBytes))
    for count in counts { bytes.appendNumber(UInt64(count)) }
    return bytes
  }

  init() {}

  /// Reads the header of a file whose checksum was found to be right.
  ///
  /// - Throws: The reason why it is none.
  init(reading bytes: UnsafeRawBufferPointer) throws(Damage) {
    guard bytes.count >= Self.fixedSize else { throw Damage("the header is cut") }
    func half(_ offset: Int) -> Int {
      Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    func whole(_ offset: Int) throws(Damage) -> Int {
      let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
      guard value < 1 << 48 else { throw Damage("the header states impossible sizes") }
      return Int(value)
    }
    fileSize = try whole(16)
    guard half(24) == Int(Self.version) else {
      throw Damage("found version \(half(24)), expected \(Self.version)")
    }
    let order = half(28)
    unit = half(32) == 0 ? .word : .character
    (valueBits, noteSize, slotBits) = (half(36), half(40), half(44))
    wordBytes = try whole(48)
    guard (1...ARPAHeader.highestOrder).contains(order), bytes.count >= Self.fixedSize + 8 * order,
      NGramPrecision(rawValue: valueBits) != nil, slotBits <= 33, wordBytes <= Int(UInt32.max)
    else { throw Damage("the header states impossible sizes") }
    for level in 0..<order { counts.append(try whole(Self.fixedSize + 8 * level)) }
    guard counts.allSatisfy({ $0 <= NGramTrie.largestCount }), counts[0] >= 3,
      1 << slotBits > counts[0]
    else { throw Damage("the header states impossible sizes") }
  }
}

/// Why bytes are no model.
struct Damage: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension [UInt8] {
  /// Appends a number, low byte first.
  mutating func appendNumber(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Fills with zeros to a multiple of 8.
  mutating func align() {
    while count % 8 != 0 { append(UInt8(0)) }
  }
}

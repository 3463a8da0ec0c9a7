import Files

/// A back-off language model of words or characters, ready to be asked.
///
/// A model is read from an ARPA file or mapped from its binary form; both lie in memory as the same
/// packed tree, in which the children of a node are the words that were seen after its words. The
/// value can be shared between threads.
///
///     var state = model.begin
///     for word in words {
///       let (logProbability, next) = model.score(state, model.id(of: word))
///       ...
///     }
public struct NGramModel: Sendable {
  /// What log₁₀ has to be multiplied by to become the natural logarithm.
  public static let naturalLogarithm: Float = 2.302_585_1

  /// The number of `<unk>`, which stands for all words that the model does not know.
  public static let unknown = WordTable.unknown
  /// The number of `</s>`, which ends a sentence.
  public static let end = WordTable.end

  let storage: MappedBytes
  let layout: NGramLayout
  let levels: [NGramLayout.Level]

  /// Reads a model, binary or ARPA, whichever the file is.
  ///
  /// - Throws: ``NGramError``.
  public init(reading path: String) throws(NGramError) {
    if try Self.isBinary(path) {
      try self.init(mapping: path)
    } else {
      try self.init(readingARPA: path)
    }
  }

  /// Maps a binary model; nothing but what is asked for is copied into memory.
  ///
  /// - Throws: ``NGramError`` also if a single byte is missing, too many, or other than written.
  public init(mapping path: String) throws(NGramError) {
    do throws(FileError) {
      storage = try MappedBytes(file: path)
    } catch {
      throw .file(error)
    }
    do throws(Damage) {
      layout = try NGramValidator.layout(of: storage.bytes)
    } catch {
      throw .damaged(file: path, reason: error.reason)
    }
    levels = layout.levels
  }

  /// Reads an ARPA file; the unit is the character if `<space>` is among the 1-grams.
  ///
  /// - Throws: ``NGramError`` with the line of the file.
  public init(readingARPA path: String) throws(NGramError) {
    let trie = try ARPAReader.read(path)
    var space = NGramUnit.space
    let hasSpace = space.withUTF8 { trie.words.find(UnsafeRawBufferPointer($0)) != nil }
    try self.init(
      trie, unit: hasSpace ? .character : .word, note: "read from an ARPA file")
  }

  /// Packs a tree.
  init(_ trie: NGramTrie, unit: NGramUnit, note: String) throws(NGramError) {
    let (layout, bytes) = NGramEncoder.pack(trie, unit: unit, precision: .exact, note: note)
    do throws(FileError) {
      storage = try MappedBytes(copying: bytes)
    } catch {
      throw .file(error)
    }
    self.layout = layout
    levels = layout.levels
  }

  /// Whether a file begins as binary models do.
  private static func isBinary(_ path: String) throws(NGramError) -> Bool {
    do throws(FileError) {
      let file = try InputFile(path)
      return try withUnsafeTemporaryAllocation(
        byteCount: NGramFileHeader.magic.count, alignment: 1
      ) { (bytes) throws(FileError) in
        let count = try file.read(into: bytes)
        return count == bytes.count && bytes.elementsEqual(NGramFileHeader.magic)
      }
    } catch {
      throw .file(error)
    }
  }

  /// The number of words in the longest n-grams.
  public var order: Int { levels.count }

  /// The number of n-grams of order 1, 2, ...
  public var counts: [Int] { layout.header.counts }

  /// What the symbols are.
  public var unit: NGramUnit { layout.header.unit }

  /// How exactly the values are stored.
  public var precision: NGramPrecision {
    NGramPrecision(rawValue: layout.header.valueBits) ?? .exact
  }

  /// The bytes that the model takes, in memory or as a file.
  public var byteCount: Int { layout.size }

  /// How the model was made.
  public var note: String {
    String(
      decoding: storage.bytes[layout.note..<layout.note + layout.header.noteSize], as: UTF8.self)
  }

  /// The number of words, `<unk>`, `<s>` and `</s>` among them.
  public var vocabularyCount: Int { levels[0].count }

  var base: UnsafeRawPointer {
    guard let base = storage.bytes.baseAddress else {
      preconditionFailure("NGramModel: found no bytes, expected a model")
    }
    return base
  }
}

import CSubwords

/// Parts of words that SentencePiece (Kudo and Richardson 2018) has learned from text.
public final class SubwordModel: Sendable {
  /// What is stored of it: SentencePiece's own form.
  public let bytes: [UInt8]
  private let model: Handle

  /// SentencePiece's model, which nothing changes once it is open.
  private struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  /// Opens a stored model.
  ///
  /// - Throws: `TranslationError.damagedVocabulary` if the bytes are none.
  public init(bytes: [UInt8]) throws(TranslationError) {
    guard
      let pointer = bytes.withUnsafeBytes({ subwords_open($0.baseAddress ?? Self.none, $0.count) })
    else {
      throw .damagedVocabulary(found: "\(bytes.count) bytes that are no model of SentencePiece")
    }
    model = Handle(pointer: pointer)
    self.bytes = bytes
  }

  private static var none: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped }

  deinit { subwords_close(model.pointer) }

  /// Learns pieces; the same sentences give the same ones.
  ///
  /// - Throws: `TranslationError.subwords` if there are fewer pieces in the text than asked for.
  public convenience init(
    learningFrom sentences: some Sequence<String>, unit: VocabularyConfiguration.Unit, size: Int
  ) throws(TranslationError) {
    var text: [UInt8] = []
    for sentence in sentences {
      text += sentence.utf8.lazy.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
      text.append(UInt8(ascii: "\n"))
    }
    let options =
      [
        "model_type=\(unit == .unigram ? "unigram" : "bpe")", "vocab_size=\(size)",
        "character_coverage=1", "normalization_rule_name=identity", "num_threads=1",
        "hard_vocab_limit=false", "minloglevel=3", "pad_id=\(Vocabulary.paddingToken)",
        "unk_id=\(Vocabulary.unknownToken)", "bos_id=\(Vocabulary.beginToken)",
        "eos_id=\(Vocabulary.endToken)", "max_sentence_length=1000000",
        // The texts that it was learned from do not belong into a model.
        "self_test_sample_size=0",
      ].joined(separator: "\0") + "\0"
    var result = subwords_buffer()
    let status = text.withUnsafeBytes { text in
      options.withCString { options in
        subwords_train(
          (text.baseAddress ?? Self.none).assumingMemoryBound(to: CChar.self), text.count, options,
          &result)
      }
    }
    defer { subwords_free(result) }
    let bytes = [UInt8](UnsafeRawBufferPointer(start: result.base, count: result.count))
    guard status == 0 else {
      throw .subwords(
        reason: String(decoding: bytes, as: UTF8.self),
        expected: "enough text for \(size) pieces, or a smaller vocabulary.size")
    }
    try self.init(bytes: bytes)
  }

  /// The number of pieces, special ones included.
  public var count: Int { Int(subwords_count(model.pointer)) }

  /// The text of a piece, with `▁` for a space.
  public func piece(_ token: Int) -> String? {
    subwords_piece(model.pointer, Int32(token)).map { String(cString: $0) }
  }

  /// The pieces of a text.
  public func encode(_ text: String) -> [Int] {
    var text = text
    var result = subwords_buffer()
    let status = text.withUTF8 { utf8 in
      let base = UnsafeRawPointer(utf8.baseAddress) ?? Self.none
      return subwords_encode(
        model.pointer, base.assumingMemoryBound(to: CChar.self), utf8.count, &result)
    }
    guard status == 0, let base = result.base else { return [] }
    defer { subwords_free(result) }
    let pieces = UnsafeBufferPointer(
      start: base.assumingMemoryBound(to: Int32.self), count: result.count)
    return pieces.map(Int.init)
  }

  /// The text of pieces.
  public func decode(_ tokens: [Int]) -> String {
    var result = subwords_buffer()
    let pieces = tokens.map(Int32.init)
    let status = pieces.withUnsafeBufferPointer { pieces in
      pieces.baseAddress.map { subwords_decode(model.pointer, $0, pieces.count, &result) } ?? -1
    }
    guard status == 0 else { return "" }
    defer { subwords_free(result) }
    return String(
      decoding: UnsafeRawBufferPointer(start: result.base, count: result.count), as: UTF8.self)
  }
}

import CSubwords

/// Parts of words that SentencePiece (Kudo and Richardson 2018) has learned from text.
///
/// White space is a part of the pieces, so that a text comes back from them without rules for words, up to
/// its normal form and runs of spaces.
public final class SubwordModel: Sendable {
  /// What is stored of it: SentencePiece's own form, which its other programs read too.
  public let bytes: [UInt8]
  /// What is done to a text before it is split.
  public let normalization: SubwordNormalization
  /// The texts of the pieces, special ones included, with `▁` for a space.
  public let pieces: [String]
  /// SentencePiece's model, which nothing changes once it is open, as the number of its address.
  private let address: UInt

  private var model: OpaquePointer { OpaquePointer(bitPattern: address).unsafelyUnwrapped }

  /// Opens a stored model.
  ///
  /// - Throws: `TranslationError.damagedVocabulary` if the bytes are none, or if its special pieces are
  ///   not those of a ``Vocabulary``.
  public init(
    bytes: [UInt8], normalization: SubwordNormalization
  ) throws(TranslationError) {
    guard
      let pointer = bytes.withUnsafeBytes({ subwords_open($0.baseAddress ?? Self.none, $0.count) })
    else {
      throw .damagedVocabulary(found: "\(bytes.count) bytes that are no model of SentencePiece")
    }
    address = UInt(bitPattern: pointer)
    (self.bytes, self.normalization) = (bytes, normalization)
    pieces = (0..<subwords_count(pointer)).map { index in
      subwords_piece(pointer, index).map { String(cString: $0) } ?? ""
    }
    let special = subwords_special_pieces(pointer)
    let found = [special.padding, special.unknown, special.begin, special.end].map { Int($0) }
    guard found == Vocabulary.specialTokens else {
      throw .damagedVocabulary(
        found: "padding, unknown, begin and end as pieces \(found), not \(Vocabulary.specialTokens)"
      )
    }
  }

  private static var none: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped }

  deinit { subwords_close(model) }

  /// The number of pieces, special ones included.
  public var count: Int { pieces.count }

  /// What each piece adds to the merit of a text: the logarithm of its probability in the unigram model,
  /// and with byte-pair encoding the place of its merge, negative.
  package var scores: [Float] { (0..<Int32(count)).map { subwords_score(model, $0) } }

  /// The pieces of a text; the unknown one for what no piece writes.
  public func encode(_ text: String) -> [Int] {
    withCharacters(of: normalization(text)) { base, size in
      var result = subwords_buffer()
      let status = subwords_encode(model, base, size, &result)
      precondition(status == 0, "SubwordModel: a text of \(size) bytes cannot be encoded")
      defer { subwords_free(result) }
      return Self.array(result, of: Int32.self).map { Int($0) }
    }
  }

  /// The texts of the pieces of a text, as many as ``encode(_:)`` gives; what no piece writes stands as it
  /// is.
  public func split(_ text: String) -> [String] {
    withCharacters(of: normalization(text)) { base, size in
      var (texts, ends) = (subwords_buffer(), subwords_buffer())
      let status = subwords_split(model, base, size, &texts, &ends)
      precondition(status == 0, "SubwordModel: a text of \(size) bytes cannot be split")
      defer {
        subwords_free(texts)
        subwords_free(ends)
      }
      let joined = UnsafeRawBufferPointer(start: texts.base, count: texts.count)
      var start = 0
      return Self.array(ends, of: Int.self).map { end in
        defer { start = end }
        return String(decoding: joined[start..<end], as: UTF8.self)
      }
    }
  }

  /// The text of pieces; special ones write nothing, but the unknown one ` ⁇ `.
  ///
  /// - Precondition: Every token is in `0..<count`.
  public func decode(_ tokens: [Int]) -> String {
    for token in tokens {
      precondition(pieces.indices ~= token, "SubwordModel: token \(token), expected 0..<\(count)")
    }
    var result = subwords_buffer()
    // One more, so that there is an address where there is no token.
    let list = tokens.map { Int32($0) } + [0]
    let status = subwords_decode(model, list, tokens.count, &result)
    precondition(status == 0, "SubwordModel: \(tokens.count) tokens cannot be decoded")
    defer { subwords_free(result) }
    return String(decoding: Self.array(result, of: UInt8.self), as: UTF8.self)
  }

  private func withCharacters<Value>(
    of text: String, _ body: (UnsafePointer<CChar>, Int) -> Value
  ) -> Value {
    var text = text
    return text.withUTF8 { utf8 in
      let base = UnsafeRawPointer(utf8.baseAddress) ?? Self.none
      return body(base.assumingMemoryBound(to: CChar.self), utf8.count)
    }
  }

  private static func array<Element>(
    _ buffer: subwords_buffer, of type: Element.Type
  ) -> [Element] {
    Array(
      UnsafeBufferPointer(
        start: buffer.base?.assumingMemoryBound(to: type), count: buffer.count))
  }
}

extension SubwordModel {
  /// Characters that SentencePiece keeps for itself; it leaves out sentences with one.
  private static let reserved: Set<Unicode.Scalar> = ["\0", "\t", "\u{2585}"]

  /// Whether something can be learned from a text: SentencePiece ends the program where there is nothing.
  private static func isUsable(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0 != "\u{2581}" && !$0.properties.isWhitespace }
      && !text.unicodeScalars.contains(where: reserved.contains)
  }

  /// Learns pieces; the same sentences give the same ones, and no more than the text has.
  ///
  /// - Throws: `TranslationError` if there is no text, or if its characters alone are more pieces than
  ///   asked for.
  public convenience init(
    learningFrom sentences: some Sequence<String>, _ configuration: VocabularyConfiguration
  ) throws(TranslationError) {
    var text: [UInt8] = []
    for sentence in sentences {
      let normal = configuration.normalization(sentence)
      guard Self.isUsable(normal) else { continue }
      text += normal.utf8.lazy.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
      text.append(UInt8(ascii: "\n"))
    }
    guard !text.isEmpty else { throw .emptyVocabulary(minimumCount: 1) }
    var result = subwords_buffer()
    let status = text.withUnsafeBytes { text in
      Self.options(configuration).withCString { options in
        subwords_train(
          (text.baseAddress ?? Self.none).assumingMemoryBound(to: CChar.self), text.count, options,
          &result)
      }
    }
    defer { subwords_free(result) }
    let bytes = Self.array(result, of: UInt8.self)
    guard status == 0 else {
      throw TranslationError(
        sentencePiece: String(decoding: bytes, as: UTF8.self), size: configuration.size)
    }
    try self.init(bytes: bytes, normalization: configuration.normalization)
  }

  private static func options(_ configuration: VocabularyConfiguration) -> String {
    [
      "model_type=\(configuration.unit == .unigram ? "unigram" : "bpe")",
      "vocab_size=\(configuration.size)", "character_coverage=1",
      // Normal forms are made here; SentencePiece's table would add 240 kB to every model.
      "normalization_rule_name=identity", "num_threads=1", "hard_vocab_limit=false",
      "minloglevel=4", "pad_id=\(Vocabulary.paddingToken)", "unk_id=\(Vocabulary.unknownToken)",
      "bos_id=\(Vocabulary.beginToken)", "eos_id=\(Vocabulary.endToken)",
      "max_sentence_length=1000000",
      // The texts that it was learned from do not belong into a model.
      "self_test_sample_size=0",
    ].joined(separator: "\0") + "\0"
  }
}

extension TranslationError {
  /// What SentencePiece says about a training, without its place in the library's source.
  fileprivate init(sentencePiece message: String, size: Int) {
    var words = message[...]
    while let end = words.firstRange(of: "] ") { words = words[end.upperBound...] }
    let numbers = words.split { !("0"..."9" ~= $0) }.compactMap { Int($0) }
    if words.contains("required_chars"), numbers.count >= 2 {
      self = .vocabularyTooSmall(size: size, minimum: numbers[1])
    } else {
      self = .subwords(reason: words.isEmpty ? message : String(words), size: size)
    }
  }
}

/// What words that a vocabulary lacks are in the other language: names, mostly, and rare words.
public struct TranslationDictionary: Sendable, Equatable {
  private let translations: [String: String]

  /// A dictionary of these words and their translations.
  public init(_ translations: [String: String]) { self.translations = translations }

  /// Reads lines of a word, a tab, and its translation; empty lines count for nothing.
  ///
  /// - Throws: `TranslationError` if the file cannot be read, or a line is of another form or has a word
  ///   that was there before.
  public init(reading path: String) throws(TranslationError) {
    var (translations, lines): ([String: String], [String: Int]) = ([:], [:])
    for (index, line) in try SentenceFile.read(path).enumerated()
    where line.contains(where: { !$0.isWhitespace }) {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      let word = parts.first.map(String.init) ?? ""
      guard parts.count == 2, !word.isEmpty, !parts[1].isEmpty else {
        throw .malformed(
          file: path, line: index + 1, found: line, expected: "a word, a tab, and its translation")
      }
      if let first = lines.updateValue(index + 1, forKey: word) {
        throw .malformed(
          file: path, line: index + 1, found: line,
          expected: "every word once; '\(word)' is on line \(first) already")
      }
      translations[word] = String(parts[1])
    }
    self.translations = translations
  }

  /// The number of words.
  public var count: Int { translations.count }

  /// The translation of a word; nil for one that is not in the dictionary.
  public subscript(word: String) -> String? { translations[word] }
}

/// Puts the word of the source that was most attended to where a translation has an unknown word; a name
/// or a number usually is the same in both languages (Jean et al. 2015, Luong et al. 2015).
///
/// - Parameters:
///   - tokens: The tokens of the translation.
///   - texts: Their texts, in which `▁` stands for a space before them.
///   - unknown: The token of what is not in the vocabulary.
///   - source: The words of the source, the mark of the end last, which is never copied.
///   - attention: `[token][source]`, a row for each token at least; of equal weights the first counts.
///   - dictionary: What to write instead of a word of the source.
/// - Returns: The texts with words in place of unknown ones; one stays where the source has no word.
public func copyingUnknownWords(
  _ tokens: [Int], _ texts: [String], unknown: Int, source: [String], attention: [[Float]],
  dictionary: TranslationDictionary? = nil
) -> [String] {
  precondition(
    texts.count == tokens.count && attention.count >= tokens.count,
    "copyingUnknownWords: \(texts.count) texts and \(attention.count) rows of attention, "
      + "expected \(tokens.count), and perhaps a row of the end")
  return tokens.indices.map { index in
    guard tokens[index] == unknown else { return texts[index] }
    let weights = attention[index].prefix(max(0, source.count - 1))
    guard let place = weights.indices.max(by: { weights[$0] < weights[$1] }) else {
      return texts[index]
    }
    let word = source[place]
    guard let dictionary else { return word }
    let mark = word.first == Vocabulary.space ? String(Vocabulary.space) : ""
    return dictionary[String(word.dropFirst(mark.count))].map { mark + $0 } ?? word
  }
}

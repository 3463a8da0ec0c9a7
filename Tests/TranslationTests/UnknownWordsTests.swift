import Testing
import Translation

@Suite struct UnknownWordsTests {
  private let source = ["▁John", "▁sees", "▁Mary", ".", "</s>"]
  /// `[token][source]` of a translation of four tokens.
  private let attention: [[Float]] = [
    [0.7, 0.1, 0.1, 0.05, 0.05], [0.1, 0.8, 0.1, 0, 0], [0.1, 0.1, 0.5, 0.3, 0],
    [0, 0, 0, 0.2, 0.8],
  ]

  private func copied(
    _ tokens: [Int], _ texts: [String], _ attention: [[Float]],
    dictionary: TranslationDictionary? = nil
  ) -> [String] {
    copyingUnknownWords(
      tokens, texts, unknown: 1, source: source, attention: attention, dictionary: dictionary)
  }

  @Test func theWordMostAttendedToIsCopied() {
    let texts = ["<unk>", "▁sieht", "<unk>", "."]
    #expect(copied([1, 5, 1, 6], texts, attention) == ["▁John", "▁sieht", "▁Mary", "."])
  }

  @Test func knownWordsStay() {
    let texts = ["▁Hans", "▁sieht", "▁Maria", "."]
    #expect(copied([4, 5, 7, 6], texts, attention) == texts)
    // The mark of the end has a row of attention, but is no token of the translation.
    #expect(copied([4, 5], ["▁Hans", "▁sieht"], attention) == ["▁Hans", "▁sieht"])
  }

  @Test func theMarkOfTheEndIsNotCopied() {
    let texts = ["▁Hans", "▁sieht", "▁Maria", "<unk>"]
    #expect(copied([4, 5, 7, 1], texts, attention).last == ".")
  }

  @Test func ofEqualWeightsTheFirstCounts() {
    #expect(copied([1], ["<unk>"], [[0.2, 0.3, 0.3, 0.2, 0]]) == ["▁sees"])
  }

  @Test func theDictionaryComesBeforeTheWordItself() {
    let dictionary = TranslationDictionary(["John": "Johann", ".": "!"])
    let texts = ["<unk>", "<unk>", "<unk>", "<unk>"]
    #expect(
      copied([1, 1, 1, 1], texts, attention, dictionary: dictionary)
        == ["▁Johann", "▁sees", "▁Mary", "!"])
  }

  @Test func withoutAWordToCopyItStaysUnknown() {
    let result = copyingUnknownWords(
      [1], ["<unk>"], unknown: 1, source: ["</s>"], attention: [[1]])
    #expect(result == ["<unk>"])
    #expect(copyingUnknownWords([], [], unknown: 1, source: source, attention: []).isEmpty)
  }

  @Test func dictionariesAreRead() throws {
    let folder = try Texts(["good": ["dog\tHund", "", "New York\tNew York"]])
    let dictionary = try TranslationDictionary(reading: folder["good"])
    #expect(dictionary.count == 2)
    #expect(dictionary["dog"] == "Hund")
    #expect(dictionary["cat"] == nil)
  }

  @Test func linesOfAnotherFormAreNamed() throws {
    let folder = try Texts(["two": ["a\tb", "a\tc"], "none": ["dog Hund"], "many": ["a\tb\tc"]])
    #expect(
      throws: TranslationError.malformed(
        file: folder["two"], line: 2, found: "a\tc",
        expected: "every word once; 'a' is on line 1 already")
    ) {
      try TranslationDictionary(reading: folder["two"])
    }
    for (name, line) in [("none", "dog Hund"), ("many", "a\tb\tc")] {
      #expect(
        throws: TranslationError.malformed(
          file: folder[name], line: 1, found: line,
          expected: "a word, a tab, and its translation")
      ) {
        try TranslationDictionary(reading: folder[name])
      }
    }
  }
}

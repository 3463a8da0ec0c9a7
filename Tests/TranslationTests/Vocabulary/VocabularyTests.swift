import Configuration
import Foundation
import Testing
import Translation

@Suite struct VocabularyTests {
  private static func words(_ sentences: [String], size: Int = 80, minimumCount: Int = 1) throws
    -> Vocabulary
  {
    try Vocabulary(
      learningFrom: sentences,
      vocabularyConfiguration(.word, size: size, minimumCount: minimumCount))
  }

  private func tokens(of vocabulary: Vocabulary) -> [String] {
    (0..<vocabulary.count).map(vocabulary.text(of:))
  }

  @Test(arguments: VocabularyConfiguration.Unit.allCases)
  func textsComeBackAndVocabulariesAreStored(unit: VocabularyConfiguration.Unit) throws {
    let vocabulary = try Vocabulary(
      learningFrom: smallText, vocabularyConfiguration(unit, size: 100))
    for text in smallText + ["", "Hund, „Hund“ (Hund)"].prefix(unit == .word ? 1 : 0) {
      let tokens = vocabulary.encode(text)
      #expect(tokens.allSatisfy { $0 > vocabulary.end })
      #expect(vocabulary.decode([vocabulary.begin] + tokens + [vocabulary.end]) == text)
      #expect(vocabulary.split(text) == tokens.map(vocabulary.text(of:)))
      #expect(vocabulary.join(vocabulary.split(text)) == text)
    }
    let data = try JSONEncoder().encode(vocabulary)
    let again = try JSONDecoder().decode(Vocabulary.self, from: data)
    #expect(tokens(of: again) == tokens(of: vocabulary))
    #expect(again.isOfWords == (unit == .word))
    #expect(again.encode("u\u{308}ber ﬁn") == vocabulary.encode("u\u{308}ber ﬁn"))
  }

  @Test func theMostFrequentWordsAreKept() throws {
    let sentences = ["b a c a b a", "d", "<s>"]
    let special = ["<pad>", "<unk>", "<s>", "</s>"]
    #expect(
      tokens(of: try Self.words(sentences, minimumCount: 2)) == special + ["▁a", "▁b"])
    #expect(tokens(of: try Self.words(sentences, size: 8))[4...6] == ["▁a", "▁b", ">"])
    #expect(throws: TranslationError.emptyVocabulary(minimumCount: 4)) {
      try Self.words(sentences, minimumCount: 4)
    }
    #expect(throws: TranslationError.emptyVocabulary(minimumCount: 1)) {
      try Self.words([" ", ""])
    }
  }

  @Test func punctuationIsApartAndTextsComeBack() throws {
    let text = "Hello, world! Don't (really) 3.5 T-Shirts; „Nein“ – 日本語、です。 🙂🙂 ok🙂"
    let vocabulary = try Self.words([text])
    #expect(vocabulary.split("Hello, world!") == ["▁Hello", ",", "▁world", "!"])
    #expect(vocabulary.decode(vocabulary.encode(text)) == text)
    #expect(vocabulary.decode(vocabulary.encode("  Hello \t world ")) == "Hello world")
  }

  @Test func unknownWordsArePartedFromTheirNeighbours() throws {
    let vocabulary = try Self.words(["ein Hund ."])
    #expect(vocabulary.encode("ein Pferd .")[1] == vocabulary.unknown)
    #expect(vocabulary.decode(vocabulary.encode("ein Pferd .")) == "ein <unk> .")
    #expect(vocabulary.join(vocabulary.split("ein Pferd .")) == "ein Pferd .")
  }

  /// A combining mark makes one character with the sign for a space before it.
  @Test func marksBehindASpaceDoNotHideIt() throws {
    let vocabulary = try Vocabulary(
      learningFrom: ["a \u{301}b"], vocabularyConfiguration(.character))
    #expect(vocabulary.join(["▁", "a", "▁", "\u{301}b"]) == "a \u{301}b")
  }

  @Test func damagedVocabulariesAreRefused() {
    for text in [
      #"{"words": ["<pad>", "<unk>", "<s>", "</s>", "a", "a"]}"#, #"{"words": ["a", "b"]}"#,
      #"{"subwords": "not base64!"}"#, #"{"subwords": "AAAA"}"#,
    ] {
      #expect(throws: TranslationError.self, "\(text)") {
        try JSONDecoder().decode(Vocabulary.self, from: Data(text.utf8))
      }
    }
  }

  /// Models that were made before texts were normalised do not say so.
  @Test func withoutNormalizationItIsNone() throws {
    let vocabulary = try Vocabulary(learningFrom: smallText, vocabularyConfiguration(.bpe))
    let bytes = try #require(vocabulary.subwords).bytes
    let text = #"{"subwords": "\#(Data(bytes).base64EncodedString())"}"#
    let again = try JSONDecoder().decode(Vocabulary.self, from: Data(text.utf8))
    #expect(again.subwords?.normalization == .identity)
    #expect(vocabulary.subwords?.normalization == .nfkc)
  }

  @Test func aPairSharesOrDoesNot() throws {
    let folder = try Texts(["en": smallText.suffix(4), "de": smallText.prefix(4)])
    let corpus = try ParallelCorpus(source: folder["en"], target: folder["de"])
    let shared = try VocabularyPair(learningFrom: corpus, vocabularyConfiguration(.bpe))
    #expect(shared.isShared)
    #expect(tokens(of: shared.source) == tokens(of: shared.target))
    let apart = try VocabularyPair(
      learningFrom: corpus, vocabularyConfiguration(.word, isShared: false))
    #expect(tokens(of: apart.source).contains("▁playhouse"))
    #expect(!tokens(of: apart.target).contains("▁playhouse"))
    for pair in [shared, apart] {
      let data = try JSONEncoder().encode(pair)
      let again = try JSONDecoder().decode(VocabularyPair.self, from: data)
      #expect(again.isShared == pair.isShared)
      #expect(tokens(of: again.source) == tokens(of: pair.source))
      #expect(tokens(of: again.target) == tokens(of: pair.target))
    }
  }

  @Test func configurationIsStrict() throws {
    let read = try ConfigurationFile.decode(
      VocabularyConfiguration.self, yaml: "unit: word\nminimumCount: 2\nisShared: false",
      file: "x.yaml")
    #expect((read.unit, read.minimumCount, read.isShared) == (.word, 2, false))
    for yaml in ["units: word", "unit: syllable", "size: 3", "minimumCount: 0"] {
      #expect(throws: ConfigurationError.self, "\(yaml)") {
        try ConfigurationFile.decode(VocabularyConfiguration.self, yaml: yaml, file: "x.yaml")
      }
    }
  }
}

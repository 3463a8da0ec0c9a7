import Foundation
import Testing
import Translation

/// Sentences with enough repetition that pieces of words are worth learning.
let smallText = [
  "Ein kleines Mädchen klettert in ein Spielhaus aus Holz.",
  "Ein Mann schläft in einem grünen Raum auf einem Sofa.",
  "Zwei Männer stehen am Herd und bereiten Essen zu.",
  "Ein kleiner Junge spielt mit einem großen Hund im Garten.",
  "A little girl climbing into a wooden playhouse.",
  "A man sleeping in a green room on a couch.",
  "Two men are at the stove preparing food.",
  "A small boy is playing with a big dog in the garden.",
]

func vocabularyConfiguration(
  _ unit: VocabularyConfiguration.Unit, size: Int = 80, minimumCount: Int = 1,
  isShared: Bool = true
) -> VocabularyConfiguration {
  var configuration = VocabularyConfiguration()
  (configuration.unit, configuration.size) = (unit, size)
  (configuration.minimumCount, configuration.isShared) = (minimumCount, isShared)
  return configuration
}

@Suite struct SubwordModelTests {
  let models: [SubwordModel]

  init() throws {
    models = try [VocabularyConfiguration.Unit.bpe, .unigram].map {
      try SubwordModel(learningFrom: smallText, vocabularyConfiguration($0))
    }
  }

  @Test func bothMethodsLearn() {
    for model in models {
      #expect(model.count == 80)
      #expect(model.pieces.prefix(4) == ["<pad>", "<unk>", "<s>", "</s>"])
      #expect(Set(model.pieces).count == 80)
    }
    #expect(models[0].pieces != models[1].pieces)
  }

  @Test(arguments: [VocabularyConfiguration.Unit.bpe, .unigram])
  func sameTextSameBytes(unit: VocabularyConfiguration.Unit) throws {
    let configuration = vocabularyConfiguration(unit, size: 90)
    let first = try SubwordModel(learningFrom: smallText, configuration)
    let second = try SubwordModel(learningFrom: smallText, configuration)
    #expect(first.bytes == second.bytes)
  }

  @Test func textsComeBack() {
    for model in models {
      for text in smallText + ["Ein großer Mann im Raum.", "", "girl"] {
        let tokens = model.encode(text)
        #expect(model.decode(tokens) == text)
        #expect(tokens.map { model.pieces[$0] } == model.split(text))
      }
    }
  }

  /// By hand: of "ab ab ab" the pairs ▁a and ab occur three times each, and then the rest with the merge.
  @Test func joinsTheMostFrequentPair() throws {
    let model = try SubwordModel(
      learningFrom: ["ab ab ab"], vocabularyConfiguration(.bpe, size: 9))
    #expect(Set(model.pieces[6...]) == ["a", "b", "▁"])
    #expect(["ab", "▁a"].contains(model.pieces[4]))
    #expect(model.pieces[5] == "▁ab")
    #expect(model.split("ab") == ["▁ab"])
  }

  @Test func whatNoPieceWritesIsUnknownAndStandsAsItIs() {
    for model in models {
      #expect(model.encode("Hund 漢字").contains(1))
      #expect(model.split("Hund 漢字").suffix(2) == ["▁", "漢字"])
      #expect(model.split("Hund 漢字").count == model.encode("Hund 漢字").count)
      #expect(model.decode(model.encode("Hund 漢")).contains("⁇"))
    }
  }

  @Test func specialPiecesAreNotReadFromTextsAndWriteNothing() {
    for model in models {
      #expect(Set(model.encode("<s> Hund </s> <pad>")).isDisjoint(with: [0, 2, 3]))
      #expect(model.decode([2] + model.encode("ein Hund") + [3, 0, 0]) == "ein Hund")
    }
  }

  @Test func normalFormKC() throws {
    let form = SubwordNormalization.nfkc
    #expect(form("ﬁn … Ａ１") == "fin ... A1")
    #expect(form("a\tb\u{A0}c\u{200B}d\u{2028}e") == "a b c d e")
    #expect(form("a\u{7}b") == "ab")
    #expect(form("u\u{308}ber").unicodeScalars.count == 4)
    #expect(SubwordNormalization.identity("ﬁ\tx") == "ﬁ\tx")
    for model in models {
      #expect(
        model.encode("ein gru\u{308}nes Ma\u{308}dchen") == model.encode("ein grünes Mädchen"))
    }
  }

  @Test func noMorePiecesThanTheTextHas() throws {
    for unit in [VocabularyConfiguration.Unit.bpe, .unigram] {
      let model = try SubwordModel(
        learningFrom: smallText, vocabularyConfiguration(unit, size: 9000))
      #expect(model.count < 1000)
      #expect(model.decode(model.encode(smallText[0])) == smallText[0])
    }
  }

  @Test(arguments: [VocabularyConfiguration.Unit.bpe, .unigram])
  func tooFewPiecesAreRefused(unit: VocabularyConfiguration.Unit) {
    let characters = Set(smallText.joined().filter { $0 != " " }).count + 1 + 4
    let error = TranslationError.vocabularyTooSmall(size: 12, minimum: characters)
    #expect(throws: error) {
      try SubwordModel(learningFrom: smallText, vocabularyConfiguration(unit, size: 12))
    }
    #expect("\(error)".contains("set vocabulary.size to more"))
  }

  @Test(arguments: [[], [""], [" ", "\t"], ["\u{2581}"], ["\u{2585}"], ["\u{200B}\u{7}"]])
  func textsWithoutLettersAreRefused(texts: [String]) {
    for unit in [VocabularyConfiguration.Unit.bpe, .unigram] {
      #expect(throws: TranslationError.emptyVocabulary(minimumCount: 1)) {
        try SubwordModel(learningFrom: texts, vocabularyConfiguration(unit))
      }
    }
  }

  @Test(arguments: [[], Array("no model at all".utf8), [UInt8](repeating: 0xFF, count: 100)])
  func damagedBytesAreRefused(bytes: [UInt8]) {
    #expect(
      throws: TranslationError.damagedVocabulary(
        found: "\(bytes.count) bytes that are no model of SentencePiece")
    ) {
      try SubwordModel(bytes: bytes, normalization: .nfkc)
    }
  }

  @Test func threadsMayShareAModel() async {
    let model = models[1]
    let expected = smallText.map(model.encode)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<50).allSatisfy { _ in smallText.map(model.encode) == expected } }
      }
      for await same in group { #expect(same) }
    }
  }
}

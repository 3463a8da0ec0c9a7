import Configuration
import Decoding
import Foundation
import Tensors
import Testing

@Suite struct BeamSetupTests {
  private func refusal(
    _ configuration: DecodingConfiguration = DecodingConfiguration(), letters: String = " ab",
    direction: TextDirection = .leftToRight, words: [String]? = nil, lexicon: [String]? = nil,
    hotWords: [HotWord] = []
  ) throws -> String? {
    var source = RandomSource(seed: 31)
    let alphabet = try Alphabet(letters, direction: direction)
    do {
      _ = try PrefixBeamSearch(
        alphabet: alphabet, configuration: configuration,
        wordModel: words.map { ToyModel($0, &source) }, lexicon: lexicon, hotWords: hotWords)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func wordsOutsideTheAlphabetAreNamed() throws {
    #expect(
      try refusal(hotWords: [HotWord("ab"), HotWord("a züb")])
        == "hot word 'a züb': not in the alphabet: 'z' (U+007A) × 1, 'ü' (U+00FC) × 1")
    #expect(
      try refusal(lexicon: ["ab", "abc"])
        == "word 'abc' of the lexicon: not in the alphabet: 'c' (U+0063) × 1")
    #expect(
      try refusal(letters: "ab", hotWords: [HotWord("a b")])
        == "hot word 'a b': not in the alphabet: ' ' (U+0020) × 1")
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    #expect(
      try refusal(hotWords: [HotWord(" ")]) == "a hot word is empty; expected one or more words")
    #expect(
      try refusal(hotWords: [HotWord("a", boost: .nan)])
        == "hot word 'a': the boost is nan; expected -1000 to 1000")
    #expect(
      try refusal(lexicon: []) == "the lexicon has no words; nothing could be written with it")
    #expect(
      try refusal(lexicon: ["a b"])
        == "'a b' in the lexicon; expected one word without spaces")
    #expect(try refusal(lexicon: [""]) == "'' in the lexicon; expected one word without spaces")
    #expect(try refusal(words: ["x", "A"])?.contains("none of the 2 words") == true)
    #expect(try refusal(words: ["a", "A"]) == nil)
    #expect(
      try refusal(direction: .rightToLeft, words: ["a"])?.contains("right to left") == true)
    #expect(try refusal(direction: .rightToLeft, hotWords: [HotWord("a b")]) == nil)
    var configuration = DecodingConfiguration()
    configuration.vocabularyOnly = true
    #expect(try refusal(configuration)?.contains("vocabularyOnly") == true)
    #expect(try refusal(configuration, words: ["a"]) == nil)
    configuration.beamWidth = 0
    #expect(
      try refusal(configuration, words: ["a"]) == "'beamWidth' is 0; expected 1 to 100000")
  }

  @Test func vocabularyOnlyIsALexiconOfTheModel() throws {
    var source = RandomSource(seed: 32)
    let model = ToyModel(["ab", "b"], &source)
    var configuration = Enumeration.wide
    configuration.vocabularyOnly = true
    let alphabet = try Alphabet(" ab")
    let matrix = randomLogProbabilities(&source, time: 5, labels: 4)
    let search = try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration, wordModel: model)
    let found = search.decode(matrix).map { alphabet.decode($0.labels).split(separator: " ") }
    #expect(found.count > 5)
    #expect(found.joined().allSatisfy { model.units.contains(String($0)) })
  }

  @Test func weightsChangeWithoutBuildingAnew() throws {
    var source = RandomSource(seed: 33)
    let model = ToyModel(["ab", "b"], &source)
    let alphabet = try Alphabet(" ab")
    let matrix = randomLogProbabilities(&source, time: 9, labels: 4)
    let first = try PrefixBeamSearch(alphabet: alphabet, wordModel: model)
    var configuration = DecodingConfiguration()
    (configuration.languageModelWeight, configuration.wordBonus) = (1.7, -0.5)
    let changed = try first.with(configuration)
    let built = try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration, wordModel: model)
    #expect(changed.decode(matrix) == built.decode(matrix))
    #expect(changed.decode(matrix)[0].score != first.decode(matrix)[0].score)
    configuration.beamWidth = 0
    #expect(throws: ConfigurationError.self) { try first.with(configuration) }
  }

  @Test func configurationsAreStrict() throws {
    let read = try ConfigurationFile.decode(
      DecodingConfiguration.self, yaml: "beamWidth: 8\nscoreThreshold: null\nmaximumLabels: 5\n",
      file: "d.yaml")
    #expect(read.beamWidth == 8)
    #expect(read.scoreThreshold == nil)
    #expect(read.maximumLabels == 5)
    #expect(
      try ConfigurationFile.decode(
        DecodingConfiguration.self, yaml: ConfigurationFile.yaml(of: read), file: "d") == read)
    for (yaml, key) in [
      ("beamWidth: 0", "beamWidth"), ("beamwidth: 3", "beamwidth"),
      ("scoreThreshold: -1", "scoreThreshold"), ("maximumLabels: 0", "maximumLabels"),
      ("minimumLogProbability: 1", "minimumLogProbability"),
      ("cumulativeProbability: 0", "cumulativeProbability"),
      ("languageModelWeight: .nan", "languageModelWeight"),
      ("wordBonus: .inf", "wordBonus"), ("characterModelWeight: -1", "characterModelWeight"),
      ("characterBonus: 1e9", "characterBonus"), ("hypothesisCount: 0", "hypothesisCount"),
      ("unknownWordOffset: .nan", "unknownWordOffset"), ("hotWordBoost: .nan", "hotWordBoost"),
    ] {
      do {
        _ = try ConfigurationFile.decode(
          DecodingConfiguration.self, yaml: yaml, file: "d.yaml")
        Issue.record("\(yaml) was accepted")
      } catch {
        #expect(error.key == key, "\(yaml): \(error)")
      }
    }
  }

  @Test func listsOfWordsAreRead() throws {
    let path = FileManager.default.temporaryDirectory.path + "/words-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
    try write("\u{FEFF}new york\r\n\r\n  scribe\t2.5\r\nlast")
    #expect(
      try HotWord.list(contentsOf: path)
        == [HotWord("new york"), HotWord("scribe", boost: 2.5), HotWord("last")])
    try write("one\ntwo\tmany\n")
    #expect(
      throws: DecodingError.malformed(
        file: path, line: 2, found: "two\tmany",
        expected: "a word or phrase, or one with a tab and a boost of -1000 to 1000")
    ) { try HotWord.list(contentsOf: path) }
    try write("ab\nba\n")
    #expect(try WordList.words(contentsOf: path) == ["ab", "ba"])
    try write("ab\nb a\n")
    #expect(
      throws: DecodingError.malformed(file: path, line: 2, found: "b a", expected: "one word")
    ) { try WordList.words(contentsOf: path) }
    #expect(throws: DecodingError.self) { try WordList.words(contentsOf: path + ".none") }
  }
}

import Decoding
import Foundation
import NGrams
import Tensors
import Testing

@Suite struct BeamNGramTests {
  private static let words = """
    \\data\\
    ngram 1=6
    ngram 2=4
    ngram 3=2

    \\1-grams:
    -1.0\t<unk>
    -99\t<s>\t-0.3
    -0.8\t</s>
    -0.7\tab\t-0.2
    -0.6\tb\t-0.4
    -0.9\ta\t-0.1

    \\2-grams:
    -0.3\t<s> ab\t-0.2
    -0.4\tab b\t-0.1
    -0.5\tb </s>
    -0.2\tb a\t-0.3

    \\3-grams:
    -0.1\t<s> ab b
    -0.15\tab b a

    \\end\\

    """

  private static let characters = """
    \\data\\
    ngram 1=6
    ngram 2=3

    \\1-grams:
    -2.0\t<unk>
    -99\t<s>\t-0.3
    -0.8\t</s>
    -0.7\ta\t-0.2
    -0.6\tb\t-0.4
    -0.9\t<space>\t-0.1

    \\2-grams:
    -0.3\t<s> a
    -0.4\ta b
    -0.2\tb <space>

    \\end\\

    """

  private func model(_ arpa: String) throws -> NGramModel {
    let path = FileManager.default.temporaryDirectory.path + "/beam-\(UUID().uuidString).arpa"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(arpa.utf8).write(to: URL(filePath: path))
    return try NGramModel(reading: path)
  }

  private var configuration: DecodingConfiguration {
    var configuration = Enumeration.wide
    (configuration.languageModelWeight, configuration.wordBonus) = (1, 0)
    (configuration.characterModelWeight, configuration.characterBonus) = (1, 0)
    configuration.unknownWordOffset = 0
    return configuration
  }

  @Test func wordScoresAreThoseOfTheARPAFile() throws {
    let alphabet = try Alphabet(" ab")
    let search = try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration, models: [model(Self.words)])
    let matrix = frames([2, 3, 1, 3, 1, 2, 0], of: 4, probability: 0.97)
    let found = search.decode(matrix)
    // Sums of the file's log₁₀ probabilities and back-offs by hand.
    for (text, score) in [
      ("", -0.3 - 0.8), ("ab", -0.3 - 0.2 - 0.2 - 0.8), ("ab b", -0.3 - 0.1 - 0.1 - 0.5),
      ("ab b a", -0.3 - 0.1 - 0.15 - 0.3 - 0.1 - 0.8), ("bb", -0.3 - 1.0 - 0.8),
    ] {
      let hypothesis = try #require(found.first { alphabet.decode($0.labels) == text })
      #expect(abs(hypothesis.languageScore - score * log(10)) < 1e-5, "'\(text)'")
      #expect(
        abs(hypothesis.score - hypothesis.signalScore - hypothesis.languageScore) < 1e-5)
    }
    #expect(alphabet.decode(found[0].labels) == "ab b a")
  }

  @Test func characterScoresAreThoseOfTheARPAFile() throws {
    let alphabet = try Alphabet(" abc")
    let search = try PrefixBeamSearch(
      alphabet: alphabet, configuration: configuration, models: [model(Self.characters)])
    let found = search.decode(frames([2, 3, 1, 2], of: 5))
    for (text, score) in [
      ("ab a", -0.3 - 0.4 - 0.2 - 0.1 - 0.7 - 0.2 - 0.8), ("", -0.3 - 0.8),
      ("c", -0.3 - 2 - 0.8), ("ab", -0.3 - 0.4 - 0.4 - 0.8),
    ] {
      let hypothesis = try #require(found.first { alphabet.decode($0.labels) == text })
      #expect(abs(hypothesis.languageScore - score * log(10)) < 1e-5, "'\(text)'")
    }
  }

  @Test func modelsOfBothUnitsAddUp() throws {
    let alphabet = try Alphabet(" ab")
    let both = try [model(Self.characters), model(Self.words)]
    let matrix = frames([2, 3, 1, 3], of: 4)
    func scores(_ models: [NGramModel]) throws -> [String: Double] {
      let found = try PrefixBeamSearch(
        alphabet: alphabet, configuration: configuration, models: models
      ).decode(matrix)
      return [String: Double](
        found.map { (alphabet.decode($0.labels), $0.languageScore) }, uniquingKeysWith: max)
    }
    let (first, second, sum) = try (scores([both[0]]), scores([both[1]]), scores(both))
    #expect(sum.count > 20)
    for (text, score) in sum {
      let parts = try (#require(first[text]), #require(second[text]))
      #expect(abs(parts.0 + parts.1 - score) < 1e-4, "'\(text)'")
    }
    #expect(throws: DecodingError.twoModels(unit: "word")) {
      try PrefixBeamSearch(alphabet: alphabet, models: [both[1], both[1]])
    }
  }
}

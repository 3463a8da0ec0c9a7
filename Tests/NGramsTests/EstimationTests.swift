import Foundation
import NGrams
import Testing

/// What every estimate has to obey.
@Suite struct EstimationTests {
  static let estimators: [NGramEstimator] = [
    NGramEstimator(1), NGramEstimator(2), NGramEstimator(3),
    NGramEstimator(3, pruning: [0, 0, 1]), NGramEstimator(4, pruning: [0, 1, 2]),
    NGramEstimator(3, vocabularyLimit: 12),
    NGramEstimator(4, pruning: [0, 1], vocabularyLimit: 20),
    NGramEstimator(5, .character), NGramEstimator(5, .character, pruning: [0, 0, 2]),
  ]

  /// Every context that a walk through the text meets, with all that follow from it.
  @Test(arguments: estimators) func sumsToOneEverywhere(estimator: NGramEstimator) throws {
    let model = try estimator.estimate([References.path("text.txt")]).model
    var states: Set<NGramState> = [model.begin, model.empty]
    for line in try References.text("text.txt").split(separator: "\n") {
      var state = model.begin
      for symbol in Self.symbols(of: line, estimator.unit) {
        state = model.score(state, model.id(of: symbol)).1
        states.insert(state)
      }
    }
    #expect(estimator.order == 1 || states.count > 12)
    let begin = model.id(of: "<s>")
    for state in states {
      let sum = (0..<UInt32(model.vocabularyCount)).filter { $0 != begin }.reduce(0.0) {
        $0 + pow(10, Double(model.score(state, $1).0))
      }
      // A log₁₀ in 32 bits below 8 is off by at most 2.4e-7, a probability so by 1e-6 of itself.
      #expect(abs(sum - 1) < 4e-6, "\(sum)")
    }
  }

  static func symbols(of line: Substring, _ unit: NGramUnit) -> [String] {
    unit == .word
      ? line.split(separator: " ").map(String.init)
      : line.map { $0 == " " ? NGramUnit.space : String($0) }
  }

  @Test(arguments: [(2, [0]), (3, [0]), (3, [0, 0, 1]), (3, [0, 1, 1])])
  func agreesWithTheDefinition(order: Int, pruning: [Int]) throws {
    let folder = try TemporaryFolder()
    let lines = try References.text("text.txt").split(separator: "\n").prefix(25)
    let text = try folder.write("text.txt", lines.joined(separator: "\n"))
    let model = try NGramEstimator(order, pruning: pruning).estimate([text]).model
    let plain = PlainKneserNey(
      lines.map { $0.split(separator: " ").map(String.init) }, order: order, thresholds: pruning)
    for context in plain.contexts {
      var state = context.first == "<s>" ? model.begin : model.empty
      for word in context where word != "<s>" { state = model.score(state, model.id(of: word)).1 }
      for word in plain.words {
        let expected = log10(plain.probability(word, after: context))
        let score = Double(model.score(state, model.id(of: word)).0)
        #expect(abs(score - expected) < 1e-5, "\(word) after \(context)")
      }
    }
  }

  /// a b / a b / a: worked by hand. Of order 1, adjusted counts are a 1, b 1, </s> 2: no n-gram is
  /// counted three times, so that the fallback discounts. Of order 2, <s> a 3, a b 2, b </s> 2,
  /// a </s> 1: y = 1/5, D1 = 1 − 2/5 · 2, D2 = 2 − 3/5 · 1/2, D3 = 3.
  @Test func byHand() throws {
    let folder = try TemporaryFolder()
    let estimate = try NGramEstimator(2).estimate([try folder.write("t", "a b\na b\n\na\n")])
    let model = estimate.model
    #expect(estimate.discounts[0] == .fallback && !estimate.discounts[1].areFallback)
    #expect(abs(estimate.discounts[1].one - 0.2) < 1e-12)
    #expect(abs(estimate.discounts[1].two - 1.7) < 1e-12)
    #expect(estimate.discounts[1].threeOrMore == 3)
    #expect(estimate.sentenceCount == 3 && estimate.symbolCount == 5)
    // Order 1: 4 counts, 2 discounted; four symbols share the 2/4.
    let unigram = (1 - 0.5) / 4 + 0.5 / 4
    expect(model, model.empty, "b", unigram)
    expect(model, model.empty, "zebra", 0.5 / 4)
    expect(model, model.empty, "</s>", (2 - 1) / 4 + 0.5 / 4)
    // After a: b twice, </s> once; 1.7 + 0.2 of 3 are discounted.
    let state = model.score(model.begin, model.id(of: "a")).1
    expect(model, state, "b", (2 - 1.7) / 3 + 1.9 / 3 * unigram)
    expect(model, state, "a", 1.9 / 3 * unigram)
    // After <s>: a three times, all discounted.
    expect(model, model.begin, "a", unigram)
  }

  private func expect(
    _ model: NGramModel, _ state: NGramState, _ word: String, _ probability: Double
  ) {
    let score = model.score(state, model.id(of: word)).0
    #expect(abs(pow(10, Double(score)) - probability) < 1e-6, "\(word)")
  }

  @Test func theMostFrequentWordsStay() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("t", "c b a\nb a\nb a d\n")
    let model = try NGramEstimator(2, vocabularyLimit: 2).estimate([text]).model
    #expect(Set(model.vocabulary) == ["<unk>", "<s>", "</s>", "a", "b"])
    #expect(model.knownID(of: "c") == nil && model.knownID(of: "a") != nil)
  }

  @Test func blanksAndLineEndsMakeNoDifference() throws {
    let folder = try TemporaryFolder()
    for unit in NGramUnit.allCases {
      let plain = try folder.write("plain", "ab c\nab\n")
      let other = try folder.write("other", "\u{FEFF}  ab \t c \r\n\r\n   \r\nab")
      let arpa = try [plain, other].map { text in
        let path = folder.file("arpa")
        try NGramEstimator(3, unit).estimate([text]).model.writeARPA(to: path)
        return try String(contentsOfFile: path, encoding: .utf8)
      }
      #expect(arpa[0] == arpa[1])
    }
  }

  @Test func severalFilesAreOneText() throws {
    let folder = try TemporaryFolder()
    let parts = [try folder.write("1", "a b\n"), try folder.write("2", "b a")]
    let whole = try folder.write("3", "a b\nb a\n")
    let one = try NGramEstimator(2).estimate(parts)
    let other = try NGramEstimator(2).estimate([whole])
    #expect(one.model.counts == other.model.counts && one.symbolCount == 4)
  }

  @Test func textThatCannotBeUsed() throws {
    let folder = try TemporaryFolder()
    let bad: [(String, [UInt8], String)] = [
      ("latin1", Array("fine\n".utf8) + [0x63, 0xE9], ":2: found bytes that are not UTF-8"),
      ("reserved", Array("a <s> b".utf8), ":1: found '<s>'"),
      ("empty", [], ": no words were found"),
      ("blank", Array(" \n\n".utf8), ": no words were found"),
    ]
    for (name, bytes, message) in bad {
      let path = try folder.write(name, bytes)
      let error = #expect(throws: NGramError.self) { try NGramEstimator().estimate([path]) }
      #expect(error?.description.hasPrefix(path + message) == true, "\(name)")
    }
    #expect(throws: NGramError.self) { try NGramEstimator().estimate([folder.file("none")]) }
    #expect(throws: NGramError.self) { try NGramEstimator().estimate([folder.path]) }
  }

  @Test func optionsThatMakeNoSense() {
    for estimator in [
      NGramEstimator(0), NGramEstimator(17), NGramEstimator(3, pruning: [1]),
      NGramEstimator(3, pruning: [0, 2, 1]), NGramEstimator(3, pruning: []),
      NGramEstimator(2, pruning: [0, 0, 1]), NGramEstimator(2, pruning: [0, -1]),
      NGramEstimator(2, vocabularyLimit: 0),
    ] {
      #expect(throws: NGramError.self) { try estimator.validate() }
    }
  }

  @Test func perplexity() throws {
    let folder = try TemporaryFolder()
    let model = try NGramModel(reading: References.path("words3.arpa"))
    let references = try #require(try References.scores()["words3.arpa"])
      .filter { !$0.words.isEmpty }
    let text = try folder.write("t", references.map(\.sentence).joined(separator: "\n"))
    let result = try model.perplexity(of: [text])
    let scores = references.flatMap(\.scores).map(Double.init)
    let known = references.flatMap { reference in
      zip(reference.words + ["</s>"], reference.scores)
        .filter { model.knownID(of: $0.0) != nil }.map { Double($0.1) }
    }
    #expect(known.count < scores.count && result.unknownCount == scores.count - known.count)
    func mean(_ scores: [Double]) -> Double { pow(10, -scores.reduce(0, +) / Double(scores.count)) }
    #expect(abs(result.includingUnknown / mean(scores) - 1) < 1e-5)
    #expect(abs(result.excludingUnknown / mean(known) - 1) < 1e-5)
  }
}

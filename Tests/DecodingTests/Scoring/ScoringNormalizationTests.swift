import Configuration
import Decoding
import Testing

private func counts(
  _ reference: String, _ hypothesis: String, _ change: (inout ScoringNormalization) -> Void
) throws -> [Int] {
  var normalization = ScoringNormalization()
  change(&normalization)
  let c = try Scorer(normalization)(reference: reference, hypothesis: hypothesis).wordCounts
  return [c.matches, c.substitutions, c.deletions, c.insertions]
}

private func rule(_ text: String) throws -> ScoringRule { try #require(ScoringRule(text)) }

@Suite struct ScoringNormalizationTests {
  @Test func everythingCountsByDefault() throws {
    #expect(try counts("The (uh) fo- { a / b }", "the uh fox a") { _ in } == [1, 3, 4, 0])
    #expect(try counts("caf\u{E9}", "cafe\u{301}") { _ in } == [1, 0, 0, 0])
  }

  @Test func caseIsIgnored() throws {
    #expect(try counts("Über THE", "über the") { $0.ignoreCase = true } == [2, 0, 0, 0])
    #expect(try counts("Über", "über") { _ in } == [0, 1, 0, 0])
  }

  @Test(arguments: [
    ("Well, yes!", "Well yes"), ("\u{AB} oui \u{BB}", "oui"), ("don't", "don't,"),
    ("(aside)", "aside"), ("3.5 and 1,000", "3.5, and 1,000."), ("well-known", "well-known."),
    ("\u{3042}\u{3002}", "\u{3042}"), ("%uh", "%uh"), ("- a", "a"), ("...", ""),
  ]) func punctuationIsTakenOff(reference: String, hypothesis: String) throws {
    let found = try counts(reference, hypothesis) { $0.ignorePunctuation = true }
    #expect(found[1...].allSatisfy { $0 == 0 }, "\(found)")
  }

  @Test func punctuationInsideWordsStays() throws {
    #expect(try counts("don't", "dont") { $0.ignorePunctuation = true } == [0, 1, 0, 0])
    #expect(try counts("3.5", "35") { $0.ignorePunctuation = true } == [0, 1, 0, 0])
    #expect(try counts("$5", "5") { $0.ignorePunctuation = true } == [0, 1, 0, 0])
  }

  @Test func hyphensSplitWords() throws {
    #expect(try counts("well-known", "well known") { $0.splitHyphens = true } == [2, 0, 0, 0])
    #expect(try counts("a--b\u{2011}c", "a b c") { $0.splitHyphens = true } == [3, 0, 0, 0])
    #expect(
      try counts("well-kno-", "well known") {
        ($0.splitHyphens, $0.fragments) = (true, true)
      } == [2, 0, 0, 0])
    #expect(try counts("-", "-") { $0.splitHyphens = true } == [1, 0, 0, 0])
  }

  @Test func optionalWordsMayBeLeftOut() throws {
    let optional = { (n: inout ScoringNormalization) in n.optionalWords = true }
    #expect(try counts("a (%uh) b", "a b", optional) == [3, 0, 0, 0])
    #expect(try counts("a (uh) b", "a uh b", optional) == [3, 0, 0, 0])
    #expect(try counts("a b", "a (uh) b", optional) == [3, 0, 0, 0])
    #expect(try counts("a b", "a uh b", optional) == [2, 0, 0, 1])
    let pair = try Scorer(.nist)(reference: "a (uh) b", hypothesis: "a b")
    #expect(pair.characterCounts.errors == 0 && pair.characterCounts.referenceCount == 3)
    #expect(pair.words[1] == AlignedWord(reference: "uh", verdict: .correct))
  }

  @Test func fragmentsMatchWords() throws {
    let fragments = { (n: inout ScoringNormalization) in n.fragments = true }
    #expect(try counts("fo- -und", "fox found", fragments) == [2, 0, 0, 0])
    #expect(try counts("fo- fo-", "f fo", fragments) == [1, 1, 0, 0])
    #expect(try counts("fox", "fo-", fragments) == [1, 0, 0, 0])
    #expect(try counts("fo-", "", fragments) == [0, 0, 1, 0])
  }

  @Test func alternativesAreChosen() throws {
    let alternatives = { (n: inout ScoringNormalization) in n.alternatives = true }
    #expect(try counts("{ a b / c } d", "a b d", alternatives) == [3, 0, 0, 0])
    #expect(try counts("{a / @} d", "d", alternatives) == [1, 0, 0, 0])
    #expect(try counts("{a / { b / c e }} d", "c e d", alternatives) == [3, 0, 0, 0])
    #expect(try counts("will not", "{ won't / will not }", alternatives) == [2, 0, 0, 0])
    #expect(try counts("a / b", "a / b", alternatives) == [3, 0, 0, 0])
    #expect(try counts("{ }", "", alternatives) == [0, 0, 0, 0])
  }

  @Test(arguments: ["{ a / b", "a } b", "{ { a }"]) func bracesMustFit(text: String) throws {
    var normalization = ScoringNormalization()
    normalization.alternatives = true
    let scorer = try Scorer(normalization)
    let error = #expect(throws: ScoringError.self) {
      try scorer(reference: text, hypothesis: "a")
    }
    #expect(error?.description.contains(text) == true)
    let words = text.split(separator: " ").count
    #expect(try scorer(reference: "a", hypothesis: text).wordCounts.insertions == words - 1)
  }

  @Test func rulesReplaceWords() throws {
    let rules = [
      try rule("won't => { won't / will not }"), try rule("[a b] => [c] / [ ] __ [ ]"),
      try rule("a b c => x"), try rule("er => @"), try rule("hmm => (%hesitation)"),
    ]
    let ruled = { (n: inout ScoringNormalization) in
      n.rules = rules
      (n.optionalWords, n.ignoreCase) = (true, true)
    }
    #expect(try counts("I won't", "I will not", ruled) == [3, 0, 0, 0])
    #expect(try counts("I will not", "I WON'T", ruled) == [3, 0, 0, 0])
    #expect(try counts("a b d", "c d", ruled) == [2, 0, 0, 0])
    #expect(try counts("a b c d", "x d", ruled) == [2, 0, 0, 0])
    #expect(try counts("er a", "a er er", ruled) == [1, 0, 0, 0])
    #expect(try counts("hmm a", "a hmm", ruled) == [3, 0, 0, 0])
    #expect(try counts("a", "a b", ruled) == [0, 1, 0, 0])
  }

  @Test func rulesAreReadFromFiles() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "english.glm",
      "\u{FEFF}* name \"english\"\r\n;; fillers\r\n\r\nuh => (%hesitation) ;; all\r\nA; B => c\r\n")
    let rules = try ScoringRule.list(contentsOf: path)
    #expect(rules.map(\.description) == ["uh => (%hesitation)", "A; B => c"])
  }

  @Test(arguments: [
    "uh", "uh -> um", "=> b", "a =>", "a => b => c", "a=>b", "a => { b", "a => b / [c] __ [ ]",
    "[ ] => b", "a => b __ [ ]", "a => [b", "a] => b",
  ]) func otherRulesAreRefused(line: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("rules", "a => b\n;;\n\(line)\n")
    let error = #expect(throws: ScoringError.self) { try ScoringRule.list(contentsOf: path) }
    #expect(error?.description.hasPrefix("\(path):3: found '") == true, "\(error as Any)")
    #expect(error?.description.contains("expected ") == true)
  }

  @Test func theConfigurationIsStrict() throws {
    var normalization = ScoringNormalization.nist
    normalization.rules = [try rule("a b => { c / d }")]
    let text = try ConfigurationFile.yaml(of: normalization)
    let back = try ConfigurationFile.decode(
      ScoringNormalization.self, yaml: text, file: "scoring.yaml")
    #expect(back == normalization)
    for bad in ["ignorecase: true", "rules: [a]", "fragments: 3"] {
      #expect(throws: ConfigurationError.self) {
        try ConfigurationFile.decode(ScoringNormalization.self, yaml: bad, file: "scoring.yaml")
      }
    }
  }
}

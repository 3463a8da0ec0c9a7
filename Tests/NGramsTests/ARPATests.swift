import Foundation
import NGrams
import Testing

/// Reading and writing ARPA files.
@Suite struct ARPATests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let good = """
    \\data\\
    ngram 1=5
    ngram 2=3
    ngram 3=1

    \\1-grams:
    -1\t<unk>
    -99\t<s>\t-0.5
    -0.5\t</s>
    -0.25\ta\t-0.125
    -0.75\tb

    \\2-grams:
    -0.5\t<s> a\t-0.25
    -0.125\ta b
    -0.25\tb </s>

    \\3-grams:
    -0.0625\t<s> a b

    \\end\\

    """

  /// The same with one place replaced.
  private func model(replacing old: String, by new: String) throws -> NGramModel {
    #expect(Self.good.contains(old))
    return try NGramModel(
      reading: folder.write("m", Self.good.replacing(old, with: new, maxReplacements: 1)))
  }

  @Test func lineEndsMarksAndBlanks() throws {
    let plain = try NGramModel(reading: folder.write("m", Self.good))
    let variants = [
      "\u{FEFF}" + Self.good, Self.good.replacing("\n", with: "\r\n"),
      Self.good.replacing("\t", with: "  "), "made by someone\n\n" + Self.good,
      String(Self.good.dropLast()), Self.good.replacing("<unk>", with: "<UNK>"),
      Self.good.replacing("\n\n\\", with: "\n\\"), Self.good + "more\n",
      Self.good.replacing("-0.125\ta b", with: "-1.25e-1\ta b\t-0"),
    ]
    for variant in variants {
      let model = try NGramModel(reading: folder.write("v", variant))
      #expect(model.counts == [5, 3, 1] && model.unit == .word)
      for sentence in [["a", "b"], ["b", "a"], ["c", "a", "b"], []] {
        let ids = sentence.map { model.id(of: $0) }
        #expect(model.score(sentence: ids) == plain.score(sentence: ids), "\(variant)")
      }
    }
  }

  /// −0.0625 + (a b has no back-off, so that b </s> counts) −0.25.
  @Test func aSentenceByHand() throws {
    let model = try NGramModel(reading: folder.write("m", Self.good))
    let (a, b) = (model.id(of: "a"), model.id(of: "b"))
    #expect(model.score(sentence: [a, b]) == -0.5 - 0.0625 - 0.25)
    // <s> b: back-off −0.5 and −0.75; b a: −0.25; a </s>: −0.125 and −0.5.
    #expect(model.score(sentence: [b, a]) == -0.5 - 0.75 - 0.25 - 0.125 - 0.5)
    #expect(model.id(of: "unheard") == NGramModel.unknown && model.knownID(of: "unheard") == nil)
    #expect(model.knownID(of: "<unk>") == NGramModel.unknown && model.word(a) == "a")
  }

  @Test func statesThatCannotDifferAreEqual() throws {
    let model = try NGramModel(reading: folder.write("m", Self.good))
    let (a, b) = (model.id(of: "a"), model.id(of: "b"))
    let one = model.score(model.score(model.begin, a).1, b).1
    let other = model.score(model.empty, b).1
    #expect(one == other && one.length == 1, "nothing follows a b, and it has no back-off")
    #expect(one.hashValue == other.hashValue)
    #expect(model.begin != model.empty)
    #expect(model.score(model.begin, a).1 != model.score(model.empty, a).1)
  }

  @Test func whatIsMissing() throws {
    let without = Self.good.replacing("-1\t<unk>\n", with: "").replacing("1=5", with: "1=4")
    let model = try NGramModel(reading: folder.write("m", without))
    #expect(model.score(model.empty, NGramModel.unknown).0 == -100)
    #expect(model.counts == [5, 3, 1])
  }

  static let bad: [(String, String, String)] = [
    ("1=5", "1=6", ":12: found 5 1-grams, the header states 6"),
    ("1=5", "1=4", ":11: found 5 1-grams, the header states 4"),
    ("2=3", "2=1000000000", ":17: found 3 2-grams, the header states 1000000000"),
    ("2=3", "2=99999999999999", ":3: found 99999999999999 as count of 2-grams"),
    ("2=3", "2=99999999999999999999", ":3: found 'ngram 2=99999999999999999999'"),
    ("2=3", "2=-3", ":3: found 'ngram 2=-3'"),
    ("ngram 2=3\n", "", ":3: found 'ngram 3=1', expected 'ngram 2=COUNT'"),
    ("\\data\\", "\\date\\", ":21: the file has no \\data\\"),
    ("\\2-grams:", "\\3-grams:", ":13: found '\\3-grams:', expected '\\2-grams:'"),
    ("\\1-grams:", "\\grams:", ":6: found '\\grams:', expected '\\1-grams:'"),
    ("\\end\\", "\\ende\\", ":21: found '\\ende\\', expected '\\end\\'"),
    ("\\end\\\n", "", ":20: the file has no \\end\\"),
    ("-0.25\ta\t", "nan\ta\t", ":10: found 'nan', expected a finite number"),
    ("-0.25\ta\t", "-inf\ta\t", ":10: found '-inf', expected a finite number"),
    ("-0.25\ta\t", "-1e999\ta\t", ":10: found '-1e999', expected a finite number"),
    ("-0.25\ta\t", "-1e\ta\t", ":10: found '-1e', expected a finite number"),
    ("-0.25\ta\t", "0x1\ta\t", ":10: found '0x1', expected a finite number"),
    ("a\t-0.125", "a\tNaN", ":10: found 'NaN', expected a finite number"),
    ("-0.25\ta\t", "0.5\ta\t", ":10: found the log-probability 0.5, expected at most 0"),
    ("-0.75\tb", "-0.75\ta", ":11: the n-gram 'a' is listed twice"),
    ("a b\n-0.25\tb </s>", "a b\n-0.25\ta b", ":16: the n-gram 'a b' is listed twice"),
    ("b </s>", "b c", ":16: 'c' is not among the 1-grams"),
    ("b </s>", "b", ":16: found 2 fields, expected a log-probability, 2 words"),
    ("b </s>", "b </s> a 1 2", ":16: found 6 fields"),
    ("-0.0625\t<s> a b", "-0.0625\t<s> a b\t0", ":19: found 5 fields"),
    ("-0.0625\t<s> a b", "-0.0625\ta a b", ":19: the context 'a a' is no n-gram"),
    ("-99\t<s>\t-0.5", "-99\tz\t-0.5", ":13: the 1-grams lack '<s>'"),
    ("-0.5\t</s>", "-0.5\tz", ":13: the 1-grams lack '</s>'"),
  ]

  @Test(arguments: bad) func whatDoesNotFit(old: String, new: String, message: String) throws {
    let error = #expect(throws: NGramError.self) { try model(replacing: old, by: new) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix(folder.file("m") + message), "\(text)")
  }

  @Test func bytesThatAreNoText() throws {
    var bytes = Array(Self.good.replacing("\tb\n", with: "\t?\n").utf8)
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "?")))
    bytes[place] = 0xFF
    let path = try folder.write("m", bytes)
    #expect(throws: NGramError.arpa(file: path, line: 11, .notUTF8)) {
      try NGramModel(reading: path)
    }
  }

  /// No cut of a file is taken for a model, unless only the end of its last line is missing.
  @Test func everyCutIsRefused() throws {
    let bytes = Array(Self.good.utf8)
    for count in 0..<(bytes.count - 1) {
      let path = try folder.write("m", bytes.prefix(count))
      #expect(throws: NGramError.self, "\(count) bytes") { try NGramModel(reading: path) }
    }
  }

  @Test func tooHighAnOrder() throws {
    let header = "\\data\\\n" + (1...17).map { "ngram \($0)=1\n" }.joined()
    let path = try folder.write("m", header)
    let error = #expect(throws: NGramError.self) { try NGramModel(reading: path) }
    #expect(error?.description.hasPrefix("\(path):18: found 17 as order") == true)
  }

  @Test(arguments: ["words3.arpa", "odd.arpa", "characters4.arpa", "words1.arpa"])
  func writingKeepsEveryNumber(name: String) throws {
    let model = try NGramModel(reading: References.path(name))
    try model.writeARPA(to: folder.file("own"))
    let own = plainARPA(try String(contentsOfFile: folder.file("own"), encoding: .utf8))
    var reference = plainARPA(try References.text(name))
    if reference["<unk>"] == nil { reference["<unk>"] = (-100, 0) }
    #expect(Set(own.keys) == Set(reference.keys))
    for (gram, numbers) in reference {
      #expect(own[gram]?.0 == numbers.0 && own[gram]?.1 == numbers.1, "\(gram)")
    }
    #expect(model.unit == (name == "characters4.arpa" ? .character : .word))
  }
}

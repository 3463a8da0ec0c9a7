import Decoding
import Foundation
import Testing

@Suite struct AlphabetTests {
  @Test func builtInScalarOrderFromComposedGraphemes() {
    let alphabet = Alphabet(buildingFrom: ["cafe\u{301} b", "\u{E9}a", "👩‍👧 ñ"])
    #expect(alphabet.graphemes == [" ", "a", "b", "c", "f", "é", "ñ", "👩‍👧"])
    #expect(alphabet.labelCount == 9)
    #expect(alphabet.wordDelimiterLabel == 1)
    #expect(alphabet.graphemes[5].unicodeScalars.count == 1)
  }

  @Test func rareGraphemesCanBeLeftOut() {
    let counts = Alphabet.graphemeCounts(in: ["aab", "ac"])
    #expect(counts == ["a": 3, "b": 1, "c": 1])
    #expect(Alphabet(counts: counts, minimumCount: 2).graphemes == ["a"])
  }

  @Test func textsComeBackComposed() throws {
    let texts = ["one two", "e\u{301}te\u{301}", "각 \u{1100}\u{1161}", "🇫🇷🇩🇪", ""]
    let alphabet = Alphabet(buildingFrom: texts)
    for text in texts {
      let labels = try alphabet.encode(text)
      #expect(labels.count == text.count)
      let back = alphabet.decode(labels)
      #expect(
        Array(back.unicodeScalars)
          == Array(text.precomposedStringWithCanonicalMapping.unicodeScalars))
    }
    #expect(alphabet.decode([0, 0]) == "")
  }

  @Test func unknownGraphemesAreAllCounted() throws {
    let alphabet = try Alphabet("abc")
    #expect {
      _ = try alphabet.encode("axbyyé")
    } throws: { error in
      "\(error)" == "not in the alphabet: 'y' (U+0079) × 2, 'x' (U+0078) × 1, 'é' (U+00E9) × 1"
    }
  }

  @Test func filesWithMarksAndForeignLineEndsAreRead() throws {
    let path = FileManager.default.temporaryDirectory.path + "/alphabet-\(UUID().uuidString).txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func read(_ text: String) throws -> Alphabet {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try Alphabet(contentsOf: path)
    }
    #expect(try read("\u{FEFF} \r\na\r\ne\u{301}\r\n").graphemes == [" ", "a", "é"])
    #expect(try read(" \na").graphemes == [" ", "a"])
    let alphabet = try Alphabet(" 'aé漢")
    #expect(try read(alphabet.fileContents) == alphabet)
    #expect(throws: AlphabetError.notOneGrapheme(file: path, line: 2, found: "ab")) {
      try read("a\nab\n")
    }
    #expect(throws: AlphabetError.notOneGrapheme(file: path, line: 2, found: "")) {
      try read("a\n\nb\n")
    }
    #expect(throws: AlphabetError.duplicate(file: path, line: 3, grapheme: "é")) {
      try read("\u{E9}\na\ne\u{301}\n")
    }
    #expect(
      throws: AlphabetError.unreadable(file: "/no/x", reason: "No such file or directory")
    ) { try Alphabet(contentsOf: "/no/x") }
  }

  @Test func storedAsAListOfTexts() throws {
    let alphabet = try Alphabet(" aé")
    let data = try JSONEncoder().encode(alphabet)
    #expect(String(decoding: data, as: UTF8.self) == "[\" \",\"a\",\"é\"]")
    #expect(try JSONDecoder().decode(Alphabet.self, from: data) == alphabet)
    for bad in ["[\"a\",\"a\"]", "[\"ab\"]", "[\"\"]"] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(Alphabet.self, from: Data(bad.utf8))
      }
    }
  }

  @Test func normalizationDoesWhatIsAsked() {
    var normalize = TextNormalization()
    let text = " \tCafe\u{301}\r\n  Noir \u{3000}"
    #expect(normalize(text) == "Café Noir")
    #expect(normalize(text).unicodeScalars.count == 9)
    normalize.lowercase = true
    #expect(normalize(text) == "café noir")
    normalize.strip = false
    #expect(normalize(text) == " café noir ")
    normalize.collapseWhitespace = false
    #expect(normalize(text) == " \tcafé\r\n  noir \u{3000}")
    #expect(TextNormalization()("") == "")
    #expect(TextNormalization()(" \n ") == "")
  }
}

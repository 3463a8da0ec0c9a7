import Configuration
import Decoding
import Foundation
import Tensors
import Testing

/// Alphabets of combining marks, and lines from right to left.
@Suite struct UnicodeTests {
  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  private func transcript(_ labels: [Int], _ alphabet: Alphabet) -> Transcript {
    let spans = labels.enumerated().map { place, label in
      LabelSpan(label: label, start: 2 * place, end: 2 * place + 1, confidence: 1)
    }
    return Transcript(
      Hypothesis(spans: spans, score: 0, confidence: 1), alphabet: alphabet, frameDuration: 1)
  }

  @Test func accentsHaveLabelsOfTheirOwnInDecomposedText() throws {
    let alphabet = Alphabet(buildingFrom: ["\u{E9}a e\u{300}", "ạ̈"], unit: .scalar)
    #expect(
      alphabet.graphemes.map { scalars(String($0))[0].value }
        == [0x20, 0x61, 0x65, 0x300, 0x301, 0x308, 0x323])
    for text in ["\u{E9}", "e\u{301}"] {
      let labels = try alphabet.encode(text)
      #expect(labels == [3, 5])
      #expect(
        scalars(alphabet.decode(labels)) == ["e", "\u{301}"])
    }
    // The dot below comes before the marks above, however it was written.
    #expect(try alphabet.encode("a\u{308}\u{323}") == alphabet.encode("\u{1EA1}\u{308}"))
    #expect(try alphabet.encode("a\u{308}\u{323}") == [2, 7, 6])
    #expect(
      Alphabet.graphemeCounts(in: ["éè"], unit: .scalar) == ["e": 2, "\u{301}": 1, "\u{300}": 1])
    let error = #expect(throws: AlphabetError.self) { try alphabet.encode("o\u{302}\u{302}e") }
    #expect(
      "\(try #require(error))"
        == "not in the alphabet: '\u{25CC}\u{302}' (U+0302) × 2, 'o' (U+006F) × 1")
  }

  @Test func aTranscriptJoinsLettersAndMarks() throws {
    let alphabet = try Alphabet([" ", "e", "a", "\u{301}", "\u{323}"], unit: .scalar)
    let transcript = transcript([2, 4, 1, 3, 5, 4, 2], alphabet)
    #expect(transcript.text == "é ạ́e")
    #expect(transcript.characters.map(\.text) == ["é", " ", "ạ́", "e"])
    #expect(transcript.characters.map(\.start) == [0, 4, 6, 12])
    #expect(transcript.characters.map(\.end) == [3, 5, 11, 13])
    #expect(transcript.words.map(\.start) == [0, 6] && transcript.words.map(\.end) == [3, 13])
    #expect(scalars(transcript.text).count == 7)
    // A mark without a letter is kept.
    #expect(scalars(self.transcript([4], alphabet).text) == ["\u{301}"])
  }

  @Test func alphabetsAreStoredWithUnitAndDirection() throws {
    let scalar = Alphabet(buildingFrom: ["é è"], unit: .scalar, direction: .rightToLeft)
    for alphabet in [
      scalar, try Alphabet("é a"), Alphabet(buildingFrom: ["ab"], direction: .rightToLeft),
    ] {
      let data = try JSONEncoder().encode(alphabet)
      #expect(try JSONDecoder().decode(Alphabet.self, from: data) == alphabet)
    }
    let old = try JSONDecoder().decode(Alphabet.self, from: Data(#"[" ","é"]"#.utf8))
    #expect(old.graphemes == [" ", "é"] && old.unit == .grapheme)
    #expect(String(decoding: try JSONEncoder().encode(old), as: UTF8.self) == #"[" ","é"]"#)
    for broken in [#"{"characters":["é"],"unit":"scalar","direction":"leftToRight"}"#, "[1]", "{}"]
    {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(Alphabet.self, from: Data(broken.utf8))
      }
    }
    let path = NSTemporaryDirectory() + "alphabet-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try scalar.fileContents.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Alphabet(contentsOf: path, unit: .scalar, direction: .rightToLeft) == scalar)
  }

  @Test func unionKeepsTheOrder() throws {
    let union = try Alphabet("cab").union(try Alphabet("xbé"))
    #expect(union.graphemes == ["c", "a", "b", "x", "é"])
    #expect(union.label(of: "é") == 5)
  }

  /// Logical order, and the order of the labels on paper.
  @Test(arguments: [
    ("אבג דה", "הד גבא"),
    ("שלום 123 כן", "ןכ 123 םולש"),
    ("א 12.5% ב", "ב 12.5% א"),
    ("א 12 34", "34 12 א"),
    ("קרא Jean Paul היום", "םויה Jean Paul ארק"),
    ("א (ב)", ")ב( א"),
    ("١٢٣ سلام", "مالس ١٢٣"),
    ("2 أ", "أ 2"),
    ("א 12 b", "b 12 א"),
    ("שָׁלוֹם", "םוֹלשָׁ"),
    ("abc", "abc"),
    ("", ""),
  ])
  func labelsFromRightToLeftAreInTheOrderOnPaper(text: String, paper: String) throws {
    for unit in LabelUnit.allCases {
      let alphabet = Alphabet(buildingFrom: [text], unit: unit, direction: .rightToLeft)
      let plain = try Alphabet(alphabet.graphemes, unit: unit)
      let labels = try alphabet.encode(text)
      let expected = try plain.encode(paper)
      #expect(labels == expected, "\(plain.decode(labels))")
      let written = plain.decode(try plain.encode(text))
      #expect(scalars(alphabet.decode(labels)) == scalars(written))
    }
  }

  @Test func whatIsReadFromRightToLeftIsWhatWasWritten() throws {
    let letters: [Character] = ["א", "ب", "a", "B", "1", "٢", " ", ".", "%", "-", "(", "ç", "שׁ"]
    for unit in LabelUnit.allCases {
      let alphabet = Alphabet(
        buildingFrom: [String(letters)], unit: unit, direction: .rightToLeft)
      var random = RandomSource(seed: 7)
      for _ in 0..<3000 {
        let text = String(
          (0..<random.integer(in: 0...14)).map { _ in
            letters[random.integer(in: 0...letters.count - 1)]
          })
        let labels = try alphabet.encode(text)
        #expect(alphabet.decode(labels) == text, "\(text.debugDescription)")
      }
    }
  }

  @Test func charactersFromRightToLeftKeepTheirPlaces() throws {
    let alphabet = Alphabet(buildingFrom: ["אב גד"], direction: .rightToLeft)
    let labels = try alphabet.encode("אב גד")
    let transcript = transcript(labels, alphabet)
    #expect(transcript.text == "אב גד")
    #expect(transcript.characters.map(\.text) == ["א", "ב", " ", "ג", "ד"])
    #expect(transcript.characters.map(\.start) == [8, 6, 4, 2, 0])
    #expect(transcript.words.map(\.text) == ["אב", "גד"])
    #expect(transcript.words.map(\.start) == [6, 0])
    #expect(transcript.words.map(\.end) == [9, 3])
  }

  private func normalization(_ yaml: String) throws -> TextNormalization {
    try JSONDecoder().decode(TextNormalization.self, from: Data(yaml.utf8))
  }

  @Test func theOldKeyOfTheFormIsRead() throws {
    #expect(try normalization(#"{"composed":true}"#).form == .composed)
    #expect(try normalization(#"{"composed":false}"#).form == .asWritten)
    var changed = TextNormalization()
    (changed.form, changed.direction) = (.decomposed, .rightToLeft)
    let data = try JSONEncoder().encode(changed)
    #expect(try JSONDecoder().decode(TextNormalization.self, from: data) == changed)
    #expect(!String(decoding: data, as: UTF8.self).contains("\"composed\":"))
    #expect(throws: (any Error).self) { try normalization(#"{"form":"split"}"#) }
  }

  @Test func formsOfATextCompareAsEqual() throws {
    var normalization = TextNormalization()
    normalization.form = .decomposed
    #expect(scalars(normalization("\u{E9}")) == ["e", "\u{301}"] && normalization.unit == .scalar)
    normalization.form = .asWritten
    #expect(scalars(normalization("\u{E9}e\u{301}")) == ["\u{E9}", "e", "\u{301}"])
    var tally = ErrorTally()
    tally.add(reference: "\u{E9}t\u{E9} d", hypothesis: "e\u{301}te\u{301} e\u{301}")
    #expect(tally.characters[0].errors == 1 && tally.characters[0].referenceCount == 5)
    #expect(tally.words[0].errors == 1 && tally.words[0].referenceCount == 2)
  }
}

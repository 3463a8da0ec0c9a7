import Captions
import Decoding
import Foundation
import Tensors
import Testing

/// Tables written here, read by what NIST's format says and by this module's readers.
@Suite struct TableTests {
  private let formatter = TranscriptFormatter()

  private func underlined(_ text: String) -> String {
    text.unicodeScalars.split(separator: " ").map { String($0) }.joined(separator: "_")
  }

  @Test(arguments: 0..<20) func wordsComeBackFromCTM(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 21)
    let made = recording(randomTranscript(&source, count: 50), file: "a b;c%.wav", offset: 10)
    let text = formatter.text(made, as: .ctm)
    let rows = try CTMFile.rows(of: text, name: "x.ctm")
    let words = made.transcript.words.filter { !visible($0.text).isEmpty }
      .enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
      .map(\.element)
    #expect(rows.map(\.word) == words.map { underlined(visible($0.text)) })
    for (row, word) in zip(rows, words) {
      #expect(row.waveform == "a%20b;c%25" && row.channel == "1")
      #expect(abs(row.start - word.start) < 1e-9)
      #expect(abs(row.duration - max(0, word.end - word.start)) < 1e-9)
      #expect(abs((row.confidence ?? -1) - Double(word.confidence)) < 1e-4)
    }
    // NIST: fields parted by white space, `;;` comments, no more.
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix(";;") }
    #expect(lines.count == words.count)
    #expect(lines.allSatisfy { $0.unicodeScalars.split(separator: " ").count == 6 })
  }

  @Test(arguments: 0..<20) func segmentsComeBackFromSTM(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 22)
    let made = recording(randomTranscript(&source, count: 50))
    let rows = try STMFile.rows(of: formatter.text(made, as: .stm), name: "x.stm")
    let words = made.transcript.words.map { visible($0.text) }.filter { !$0.isEmpty }
    #expect(rows.map(\.text).joined(separator: " ") == words.joined(separator: " "))
    var clock = 0.0
    for row in rows {
      #expect(row.start >= clock && row.end > row.start && row.labels == ["O"])
      #expect(row.waveform == "talk" && row.speaker == "talk")
      clock = row.end
    }
  }

  @Test func severalRecordingsAreOneSortedTable() throws {
    let names = ["b.wav", ";;a.wav", "a.wav"]
    let made = names.map { recording(transcript([word("x", 500, 900)]), file: $0) }
    let words = try CTMFile.rows(of: formatter.text(made, as: .ctm), name: "c")
    #expect(words.map(\.waveform) == ["%3B;a", "a", "b"])
    let segments = try STMFile.rows(of: formatter.text(made, as: .stm), name: "s")
    #expect(segments.map(\.waveform) == ["%3B;a", "a", "b"])
    #expect(
      formatter.text(made, as: .tsv)
        == "start\tend\ttext\tfile\n" + names.map { "500\t900\tx\t\($0)\n" }.joined())
  }

  @Test(arguments: 0..<10) func theTableOfSegmentsHasThreeFields(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 23)
    let made = recording(randomTranscript(&source, count: 50))
    let lines = formatter.text(made, as: .tsv).dropLast().components(separatedBy: "\n")
    #expect(lines[0] == "start\tend\ttext")
    let rows = lines.dropFirst().map { $0.components(separatedBy: "\t") }
    let words = made.transcript.words.map { visible($0.text) }.filter { !$0.isEmpty }
    #expect(rows.map { $0[2] }.joined(separator: " ") == words.joined(separator: " "))
    for row in rows {
      let (start, end) = (try #require(Int(row[0])), try #require(Int(row[1])))
      #expect(row.count == 3 && start < end)
    }
  }

  @Test(arguments: [
    ("a 1 0.5 0.1", "4 fields"), ("a 1 -1 0.1 x", "'-1'"), ("a 1 nan 0.1 x", "'nan'"),
    ("a 1 0x1p3 0.1 x", "'0x1p3'"), ("a 1 0 inf x 1", "'inf'"), ("a 1 0 1 x 1.5", "'1.5'"),
    ("a 1 0 1 x 1 LEX", "7 fields"), ("a 1 * * <ALT_BEGIN>", "'*'"), ("a 1 0..1 1 x", "'0..1'"),
  ])
  func wrongRowsOfWordsAreNamed(row: String, found: String) {
    let text = ";; heading\n\na 1 0 1 fine NA\n\(row)\n"
    let error = #expect(throws: CaptionError.self) { try CTMFile.rows(of: text, name: "f.ctm") }
    #expect(error?.description.hasPrefix("f.ctm:4: found \(found)") == true, "\(error as Any)")
  }

  @Test func wordsAreScoredWhereTheyWereHeard() throws {
    let segments = try STMFile.rows(
      of: """
        call 1 anna 0.0 2.0 <o> one two
        call 1 ben 2.5 4.0 three
        call 1 anna 4.0 5.0 IGNORE_TIME_SEGMENT_IN_SCORING
        call 2 ben 0.0 1.0
        other 1 eve 0 1 nine
        """, name: "r.stm")
    let words = try CTMFile.rows(
      of: """
        CALL 1 0.1 0.4 one
        CALL 1 1.9 0.3 two
        CALL 1 2.3 0.1 uh
        CALL 1 3.7 0.4 three
        CALL 1 4.4 0.2 noise
        CALL 1 9.0 0.1 late
        call 2 5.0 0.2 far
        third 1 0.0 0.5 gone
        """, name: "h.ctm")
    let pairs = TimedPairs.pairs(reference: segments, hypothesis: words)
    #expect(pairs.map(\.speaker) == ["anna", "ben", "ben", "eve"])
    #expect(pairs.map(\.reference) == ["one two", "three", "", "nine"])
    // "two" ends after its segment, and its middle too, but that is nearer than the next one.
    #expect(pairs.map(\.hypothesis) == ["one two", "uh three", "far", ""])
    #expect(pairs.map(\.id)[1] == "call-1-2.5" && pairs.map(\.line) == [1, 2, 4, 5])
  }

  @Test func rowsOutOfOrderAreRefused() throws {
    #expect(
      throws: CaptionError.order(file: "f", line: 3, start: "1.0", previous: "2.0")
    ) { try CTMFile.rows(of: "a 1 2.0 1 x\nb 1 0.0 1 x\na 1 1.0 1 x", name: "f") }
    let rows = try CTMFile.rows(of: "a 1 2 1 x\na 2 1 1 x .5\r\nb 1 0 1 y NA\n", name: "f")
    #expect(rows.map(\.confidence) == [nil, 0.5, nil])
  }

  @Test func segmentsAsOthersWriteThem() throws {
    let text = """
      ;; CATEGORY "0" "" ""
      2347 A Adult 10.5 12.25 <o,f0,male> uh  the { fire / far } (%hesitation)
      2347 A Adult 13 14
      2347 B B1 0 1 <na\u{EF}ve word
      """
    let rows = try STMFile.rows(of: text, name: "f.stm")
    #expect(rows.map(\.labels) == [["o", "f0", "male"], [], []])
    #expect(
      rows.map(\.text) == ["uh the { fire / far } (%hesitation)", "", "<na\u{EF}ve word"])
    #expect(rows[0].start == 10.5 && rows[0].end == 12.25 && rows[0].speaker == "Adult")
  }

  @Test(arguments: [
    ("a 1 s 0.5", "4 fields"), ("a 1 s 2 2 x", "an end of 2"), ("a 1 s x 2 x", "'x'"),
  ])
  func wrongRowsOfSegmentsAreNamed(row: String, found: String) {
    let error = #expect(throws: CaptionError.self) { try STMFile.rows(of: row, name: "f.stm") }
    #expect(error?.description.hasPrefix("f.stm:1: found \(found)") == true, "\(error as Any)")
  }

  @Test func missingFilesAreNamed() {
    let error = #expect(throws: CaptionError.self) { try CTMFile.read("/nowhere/x.ctm") }
    #expect(error?.description.hasPrefix("/nowhere/x.ctm: ") == true)
  }
}

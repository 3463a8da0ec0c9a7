import Decoding
import Testing

private func utterance(
  _ id: String, _ speaker: String?, _ reference: String, _ hypothesis: String
) throws -> ScoredUtterance {
  let pair = try Scorer(.init(), method: .sclite)(reference: reference, hypothesis: hypothesis)
  return ScoredUtterance(id: id, speaker: speaker, alignment: pair.words)
}

@Suite struct ScoringReportTests {
  @Test func theSpeakerTable() throws {
    let table = SpeakerTable([
      try utterance("b_1", "b", "the cat sat on", "the bat sat"),
      try utterance("a_1", "a", "a b c", "b a c d"),
      try utterance("b_2", "b", "x", "x"),
    ])
    // Of b: 3 of 5 right, one substituted, one deleted. Of a: 2 of 3 right, one deleted, two added.
    let expected = """
      ,-----------------------------------------------------------------.
      | SPKR    | # Snt # Wrd | Corr    Sub    Del    Ins    Err  S.Err |
      |-----------------------------------------------------------------|
      | b       |    2      5 | 60.0   20.0   20.0    0.0   40.0   50.0 |
      |-----------------------------------------------------------------|
      | a       |    1      3 | 66.7    0.0   33.3   66.7  100.0  100.0 |
      |=================================================================|
      | Sum/Avg |    3      8 | 62.5   12.5   25.0   25.0   62.5   66.7 |
      |=================================================================|
      | Mean    |  1.5    4.0 | 63.3   10.0   26.7   33.3   70.0   75.0 |
      | S.D.    |  0.7    1.4 |  4.7   14.1    9.4   47.1   42.4   35.4 |
      | Median  |  1.5    4.0 | 63.3   10.0   26.7   33.3   70.0   75.0 |
      `-----------------------------------------------------------------'

      """
    #expect(table.text(.percent) == expected)
    #expect(
      table.text(.counts).contains(
        "| b       |    2      5 |    3      1      1      0      2      1 |"))
    #expect(table.rows.map(\.speaker) == ["b", "a"])
  }

  @Test func aTableOfNothing() {
    #expect(SpeakerTable([]).text().contains("Sum/Avg |    0      0 |  0.0"))
    #expect(SpeakerTable([]).spread(.counts).allSatisfy { $0.mean == 0 && $0.deviation == 0 })
  }

  @Test func errorsAreListedByFrequency() throws {
    let lists = ErrorLists([
      try utterance("1", nil, "cat dog", "bat dog"), try utterance("2", nil, "cat", "bat"),
      try utterance("3", nil, "ant", "ape"), try utterance("4", nil, "a b", "a b c c"),
      try utterance("5", nil, "z a y", "a"),
    ])
    #expect(
      lists.confusions.map { "\($0.reference)>\($0.hypothesis) \($0.count)" } == [
        "cat>bat 2", "ant>ape 1",
      ])
    #expect(lists.insertions.map { "\($0.word) \($0.count)" } == ["c 2"])
    #expect(lists.deletions.map { "\($0.word) \($0.count)" } == ["y 1", "z 1"])
    #expect(lists.substitutions.map { "\($0.word) \($0.count)" } == ["cat 2", "ant 1"])
    #expect(lists.falselyRecognized.map { "\($0.word) \($0.count)" } == ["bat 2", "ape 1"])
    #expect(
      lists.confusionText(1)
        == "CONFUSION PAIRS      3 in all, 2 different\n   1:    2  ->  cat ==> bat\n")
    #expect(
      lists.wordText(9).contains("DELETIONS            2 in all, 2 different\n   1:    1  ->  y\n"))
  }

  @Test func alignmentsArePrintedInColumns() throws {
    let plain = try utterance("s_1", "s", "the cat sat on", "the bat sat")
    #expect(
      plain.alignmentText(capitals: true) == """
        id: (s_1)
        Scores: (#C #S #D #I) 2 1 1 0
        REF:  the CAT sat ON
        HYP:  the BAT sat **
        Eval:     S       D

        """)
    let wide = try utterance("\u{1B}[2J", nil, "日本 語 e\u{301}te", "日 語 🙂 e\u{301}te")
    #expect(
      wide.alignmentText(capitals: false) == """
        id: (\u{FFFD}[2J)
        Scores: (#C #S #D #I) 2 1 0 1
        REF:  日本 語 ** e\u{301}te
        HYP:  日   語 🙂 e\u{301}te
        Eval: S       I

        """)
  }

  @Test func charactersAreAlignedWithTheirSpaces() throws {
    let pair = try Scorer()(reference: "a bc", hypothesis: "abd")
    #expect(pair.characterCounts == EditCounts(pair.characters))
    let utterance = ScoredUtterance(id: "1", alignment: pair.characters)
    #expect(utterance.alignmentText(capitals: false).contains("REF:  a ␣ b c\nHYP:  a * b d\n"))
  }
}

@Suite struct TranscriptFileTests {
  @Test func everyFormatIsRead() throws {
    let folder = try ScratchFolder()
    let trn = try folder.write("a.trn", ";; note\nhello (uh) (anna_1)\r\n\n(bert-2)\n")
    let first = try TranscriptFile.read(trn)
    #expect(first.map(\.id) == ["anna_1", "bert-2"] && first.map(\.speaker) == ["anna", "bert"])
    #expect(first.map(\.text) == ["hello (uh)", ""] && first.map(\.line) == [2, 4])
    let lines = try folder.write("a.txt", "\u{FEFF}one\n\ntwo three\n")
    #expect(try TranscriptFile.read(lines).map(\.text) == ["one", "", "two three"])
    let kaldi = try folder.write("text", "anna-1 hello\tyou\nanna-2\n")
    #expect(try TranscriptFile.read(kaldi, format: .kaldi).map(\.text) == ["hello\tyou", ""])
    let json = try folder.write(
      "a.jsonl",
      #"{"audio_filepath":"x.wav","text":"a","pred_text":"b","speaker":"s","n":1}"# + "\n")
    #expect(try TranscriptFile.read(json).map(\.text) == ["a"])
    #expect(try TranscriptFile.read(json, isHypothesis: true).map(\.text) == ["b"])
  }

  @Test func pairsAreFoundByNameOrByPlace() throws {
    let folder = try ScratchFolder()
    let reference = try folder.write("r.trn", "a (s_1)\nb (s_2)\n")
    let hypothesis = try folder.write("h.trn", "y (s_2)\nx (s_1)\n")
    let pairs = try TranscriptFile.pairs(reference: reference, hypothesis: hypothesis)
    #expect(pairs.map(\.hypothesis) == ["x", "y"] && pairs.map(\.speaker) == ["s", "s"])
    let lines = try folder.write("h.txt", "x\ny\n")
    let mixed = try TranscriptFile.pairs(reference: reference, hypothesis: lines)
    #expect(mixed.map(\.hypothesis) == ["x", "y"] && mixed.map(\.id) == ["s_1", "s_2"])
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let folder = try ScratchFolder()
    let reference = try folder.write("r.trn", "a (s_1)\nb (s_2)\n")
    let short = try folder.write("h.trn", "a (s_1)\n")
    #expect(
      throws: ScoringError.unmatched(id: "s_2", file: reference, line: 2, other: short)
    ) { try TranscriptFile.pairs(reference: reference, hypothesis: short) }
    #expect(
      throws: ScoringError.unmatched(id: "s_2", file: reference, line: 2, other: short)
    ) { try TranscriptFile.pairs(reference: short, hypothesis: reference) }
    let lines = try folder.write("h.txt", "a\n")
    #expect(
      throws: ScoringError.lengths(file: reference, lines: 2, other: lines, otherLines: 1)
    ) { try TranscriptFile.pairs(reference: reference, hypothesis: lines) }
    let twice = try folder.write("t.trn", "a (s_1)\nb (s_1)\n")
    #expect(throws: ScoringError.duplicate(file: twice, line: 2, id: "s_1", first: 1)) {
      try TranscriptFile.read(twice)
    }
    for (name, text) in [
      ("b.trn", "no name\n"), ("c.trn", "a ( )\n"), ("d.jsonl", "{\"txt\":1}\n"),
      ("e.jsonl", "[\n"),
      ("f.txt", ""), ("g.trn", ";; only\n"),
    ] {
      let path = try folder.write(name, text)
      #expect(throws: ScoringError.self, "\(name)") { try TranscriptFile.read(path) }
    }
    #expect(throws: ScoringError.self) { try TranscriptFile.read(folder.path + "/none.trn") }
  }
}

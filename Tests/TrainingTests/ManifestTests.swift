import Foundation
import Testing
import Training

@Suite struct ManifestTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ sample: Sample) -> String { sample.clips[0].path }

  @Test func jsonLinesWithByteOrderMarkAndCRLF() throws {
    let file = try folder.write(
      "a.jsonl",
      "\u{FEFF}{\"audio_filepath\": \"x/1.wav\", \"duration\": 1.5, \"text\": \"one\", \"speaker\": 7}\r\n"
        + "\r\n"
        + "{\"text\":\"caf\\u00e9 \\ud83d\\ude00\",\"audio_filepath\":\"/abs/2.flac\",\"lang\":[1,{}]}"
    )
    let samples = try Manifest.read(file)
    #expect(samples.map(\.text) == ["one", "café 😀"])
    #expect(samples.map(path) == [folder.path + "/x/1.wav", "/abs/2.flac"])
    #expect(samples.map(\.duration) == [1.5, nil])
    #expect(samples.map(\.speaker) == ["7", nil])
    #expect(samples.map(\.id) == ["x/1.wav", "/abs/2.flac"])
    #expect(samples.map(\.origin.line) == [1, 3])
  }

  @Test func jsonLinesCutARecordingByOffset() throws {
    let file = try folder.write(
      "a.jsonl", #"{"audio_filepath": "1.wav", "offset": 2, "duration": 1.5, "text": "one"}"#)
    let clip = try #require(try Manifest.read(file).first?.clips.first)
    #expect(clip == AudioClip(path: folder.path + "/1.wav", start: 2, end: 3.5))
  }

  /// Each hostile row with what the message must name.
  @Test(arguments: [
    (#"{"audio_filepath": "1.wav", "text": "one""#, "the end of the line"),
    (#"{"audio_filepath": "1.wav", "text": "one"} x"#, "'x'"),
    (#"{"audio_filepath": "1.wav", "text": "one", "text": "two"}"#, "\"text\" twice"),
    (#"{"audio_filepath": "1.wav", "text": 1}"#, "'text' = the number 1.0"),
    (#"{"audio_filepath": "1.wav"}"#, "'text'"),
    (#"{"image": "1.png", "text": "one"}"#, "'audio_filepath'"),
    (#"{"audio_filepath": "", "text": "one"}"#, "'audio_filepath' \"\""),
    (#"{"audio_filepath": "a\u0000b", "text": "one"}"#, "'audio_filepath'"),
    (#"{"audio_filepath": "1.wav", "text": "one", "duration": -1}"#, "'duration'"),
    (#"{"audio_filepath": "1.wav", "text": "one", "duration": NaN}"#, "'NaN}'"),
    (#"{"audio_filepath": "1.wav", "text": "one", "duration": 1e999}"#, "1e999"),
    (#"{"audio_filepath": "1.wav", "text": "\ud800"}"#, "half of a surrogate pair"),
    (#"{"audio_filepath": "1.wav", "text": "\x"}"#, "escapes"),
    (#"{"audio_filepath": "1.wav", "duration": 01, "text": "a"}"#, "'1, "),
    (#"{"audio_filepath": "1.wav", "speaker": true, "text": "a"}"#, "'speaker'"),
    (#"{"audio_filepath": "1.wav", "offset": 1e300, "duration": 1, "text": "a"}"#, "'offset'"),
    ("{\"audio_filepath\": \"1.wav\", \"text\": \"a\tb\"}", "control character"),
    (#"{} "#, "an empty object"),
    (#""text""#, "the string"),
    (String(repeating: "[", count: 100_000), "nested"),
  ])
  func brokenJSONRowsAreNamed(row: String, named: String) throws {
    let good = #"{"audio_filepath": "0.wav", "text": "zero"}"#
    let file = try folder.write("a.jsonl", good + "\n" + row + "\n" + good)
    let error = try #require(throws: ManifestError.self) { try Manifest.read(file) }
    guard case .row(file, 2, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(named), "\(error)")
    #expect("\(error)".utf8.count < file.utf8.count + 400, "a message is not a copy of the row")
  }

  @Test func bytesThatAreNotUTF8AreNamedWithTheirPlace() throws {
    let file = try folder.write("a.jsonl", bytes: Array("{}\n{\"é".utf8) + [0xFF, 0x0A])
    var reader = try LineReader(path: file)
    _ = try reader.next()
    let error = #expect(throws: ManifestError.self) { try reader.next() }
    #expect(error == .notUTF8(file: file, line: 2, column: 5))
    let wide = try folder.write("b.jsonl", bytes: [0xFF, 0xFE, 0x7B, 0x00, 0x0A, 0x00])
    let wideError = #expect(throws: ManifestError.self) { try Manifest.read(wide) }
    #expect("\(try #require(wideError))".contains("UTF-16"))
  }

  @Test func linesThatCrossBlocksStayWhole() throws {
    let lengths = [0, 1, 65_534, 65_535, 65_536, 65_537, 200_000, 3]
    let lines = lengths.enumerated().map { String(repeating: "\($0.offset)", count: $0.element) }
    let file = try folder.write("long.txt", lines.joined(separator: "\n"))
    var reader = try LineReader(path: file)
    for line in lines { #expect(try reader.next() == line) }
    #expect(try reader.next() == nil)
  }

  @Test func csvWithQuotesCommasAndLineEnds() throws {
    let file = try folder.write(
      "a.csv",
      "\u{FEFF}transcript,wav_filename,wav_filesize\r\n"
        + "\"he said \"\"no\"\", twice\",1.wav,5\r\n\"two\nlines\",\"b,c.wav\",6\r\n\r\n,3.wav,7")
    let samples = try Manifest.read(file)
    #expect(samples.map(\.text) == ["he said \"no\", twice", "two\nlines", ""])
    #expect(samples.map(\.id) == ["1.wav", "b,c.wav", "3.wav"])
    #expect(samples.map(\.origin.line) == [2, 3, 6])
    #expect(path(samples[1]) == folder.path + "/b,c.wav")
  }

  @Test(arguments: [
    ("wav_filename,wav_filesize,transcript\n1.wav,5,one,two\n", 2, "4 fields"),
    ("wav_filename,wav_filesize,transcript\n1.wav,5,\"one\n2.wav,5,two\n", 2, "never closed"),
    ("wav_filename,wav_filesize,transcript\n1.wav,5,\"one\" more\n", 2, "after a closing quote"),
    ("wav_filename,wav_filesize,transcript\n,5,one\n", 2, "empty 'wav_filename'"),
    ("wav_filename,wav_filesize,text\n1.wav,5,one\n", 1, "text"),
  ])
  func brokenCSVRowsAreNamed(text: String, line: Int, named: String) throws {
    let file = try folder.write("a.csv", text)
    let error = try #require(throws: ManifestError.self) { try Manifest.read(file) }
    guard case .row(file, line, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(named), "\(error)")
  }

  @Test func kaldiFolderWithSegments() throws {
    try folder.write("k/wav.scp", "rec1 audio/1.flac\nrec2\t/abs/with space.wav \n")
    try folder.write("k/text", "utt-b second one\nutt-a first\n")
    try folder.write("k/segments", "utt-a rec1 0.5 1.25\nutt-b rec2 3 -1\nutt-c rec2 0 3\n")
    try folder.write("k/utt2spk", "utt-a anna\nutt-b ben\n")
    let samples = try Manifest.read(folder.path + "/k")
    #expect(samples.map(\.id) == ["utt-b", "utt-a", "utt-c"])
    #expect(samples.map(\.text) == ["second one", "first", ""])
    #expect(samples.map(\.speaker) == ["ben", "anna", nil])
    #expect(
      samples.map(\.clips[0]) == [
        AudioClip(path: "/abs/with space.wav", start: 3),
        AudioClip(path: folder.path + "/k/audio/1.flac", start: 0.5, end: 1.25),
        AudioClip(path: "/abs/with space.wav", start: 0, end: 3),
      ])
    #expect(samples.map(\.duration) == [nil, 0.75, 3])
  }

  @Test func kaldiFolderWithoutSegments() throws {
    try folder.write("wav.scp", "a 1.wav\nb 2.wav\n")
    try folder.write("text", "b two\n")
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["b", "a"])
    #expect(samples.map(\.text) == ["two", ""])
    #expect(samples[1].origin == .init(file: folder.path + "/wav.scp", line: 1))
  }

  @Test(arguments: [
    ("a sox x.mp3 -t wav - |\n", "a one\n", nil, "sox x.mp3"),
    ("a 1.wav\n", "a one\nb two\n", nil, "'b'"),
    ("a 1.wav\na 2.wav\n", "a one\n", nil, "see line 1"),
    ("a 1.wav\n", "a one\na two\n", nil, "see line 1"),
    ("a\n", "a one\n", nil, "'a' alone"),
    ("a 1.wav\n", "s one\n", "s a 2 1\n", "'a 2 1'"),
    ("a 1.wav\n", "s one\n", "s b 1 2\n", "'b'"),
    ("a 1.wav\n", "s one\n", "s a nan 2\n", "'a nan 2'"),
  ])
  func brokenKaldiFoldersAreNamed(
    recordings: String, text: String, segments: String?, named: String
  ) throws {
    try folder.write("wav.scp", recordings)
    try folder.write("text", text)
    if let segments { try folder.write("segments", segments) }
    let error = try #require(throws: ManifestError.self) { try Manifest.read(folder.path) }
    guard case .row = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(named), "\(error)")
  }

  @Test func libriSpeechTree() throws {
    try folder.write("84/121123/84-121123.trans.txt", "84-121123-0000 GO\n84-121123-0001 DO YOU\n")
    try folder.write("84/121123/84-121123-0000.flac", "x")
    try folder.write("84/121123/84-121123-0001.opus", "x")
    try folder.write("85/1/85-1.trans.txt", "85-1-0000\n")
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["84-121123-0000", "84-121123-0001", "85-1-0000"])
    #expect(samples.map(\.text) == ["GO", "DO YOU", ""])
    #expect(samples.map(\.speaker) == ["84", "84", "85"])
    #expect(path(samples[1]) == folder.path + "/84/121123/84-121123-0001.opus")
    #expect(path(samples[2]) == folder.path + "/85/1/85-1-0000.flac")
  }

  @Test func recordingsBesideTheirText() throws {
    try folder.write("b.wav", "x")
    try folder.write("b.txt", "\u{FEFF} two \r\n\r\nthree\r\n")
    try folder.write("sub/a.FLAC", "x")
    try folder.write("sub/a.txt", "one")
    try folder.write("c.mp3", "x")
    try folder.write("README.txt", "not a transcript")
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["b.wav", "c.mp3", "sub/a.FLAC"])
    #expect(samples.map(\.text) == ["two three", "", "one"])
  }

  @Test func whatIsNoManifestIsRefused() throws {
    let array = try folder.write("a.json", "[{\"audio_filepath\": \"1.wav\"}]")
    let text = try folder.write("a.txt", "hello\n")
    let blank = try folder.write("blank.jsonl", "\n \n")
    let header = try folder.write("header.csv", "wav_filename,wav_filesize,transcript\n")
    try folder.write("pictures/1.png", "x")
    for (path, named) in [
      (array, "JSON array"), (text, "'hello'"), (folder.path + "/pictures", "'1.png'"),
      (blank, "no sample"), (header, "no sample"), (folder.path + "/none", "No such file"),
    ] {
      let error = try #require(throws: ManifestError.self) { try Manifest.read(path) }
      #expect("\(error)".hasPrefix(path) && "\(error)".contains(named), "\(error)")
    }
  }

  @Test func linkedFoldersAreReadOnce() throws {
    try folder.write("sub/a.wav", "x")
    try folder.write("sub/a.txt", "one")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/sub/loop", withDestinationPath: folder.path)
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["sub/a.wav"])
  }

  @Test func aLinkToNowhereIsLeftToTheAudit() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/a.wav", withDestinationPath: folder.path + "/gone.wav")
    try folder.write("a.txt", "one")
    #expect(try Manifest.read(folder.path).map(\.id) == ["a.wav"])
  }

  @Test(
    .enabled(if: SharedData.has("speech/fsdd/train.jsonl"), "the spoken digits are not here"))
  func realDigits() throws {
    let samples = try Manifest.read(SharedData.root + "/speech/fsdd/train.jsonl")
    #expect(samples.count == 2700)
    #expect(Set(samples.map(\.text)).count == 10)
    #expect(Set(samples.compactMap(\.speaker)).count == 6)
    #expect(samples.allSatisfy { FileManager.default.fileExists(atPath: $0.clips[0].path) })
  }
}

import Captions
import Decoding
import Foundation
import Tensors
import Testing

/// Words that formats have trouble with.
let hostileWords = [
  "plain", "\"quoted\"", "it's", "a<b>c</b>", "&amp;", "-->", "00:00:01,000-->00:00:02,000",
  "😀👩‍👩‍👧‍👦", "שלום", "مرحبا", "two\nlines", "tab\tbed", "nul\u{0}bell\u{7}", "\u{2028}", " ",
  "\u{301}", "e\u{301}", ";;comment", "{braces}", "back\\slash", "NOTE", "WEBVTT", "1", "馬馬馬",
  String(repeating: "long", count: 40), "\u{85}next", "\r\n", "\u{FEFF}bom", "100%",
  "\"\u{301}", "<\u{338}b", "-->\u{301}", "&\u{301}",
]

/// A transcript of random words at random times; some touch, overlap or have no length.
func randomTranscript(
  _ source: inout RandomSource, count: Int, words: [String] = hostileWords
) -> Transcript {
  var transcript = Transcript(joining: [])
  var clock = 0
  var bounds = [0]
  for index in 0..<count {
    if index > 0, source.chance(0.1) { bounds.append(index) }
    clock += source.chance(0.2) ? 0 : source.integer(in: 0...900)
    if source.chance(0.05) { clock += 4000 }
    let length = source.chance(0.1) ? 0 : source.integer(in: 1...1200)
    let text = words[source.integer(in: 0...words.count - 1)]
    transcript.words.append(
      word(text, clock, clock + length, confidence: source.uniform()))
    if !source.chance(0.1) { clock += length }
  }
  bounds.append(count)
  transcript.text = transcript.words.map(\.text).joined(separator: " ")
  for (first, last) in zip(bounds, bounds.dropFirst()) where first < last {
    let words = transcript.words[first..<last]
    transcript.segments.append(
      Transcript.Segment(
        start: words.map(\.start).min() ?? 0, end: words.map(\.end).max() ?? 0,
        words: first..<last, confidence: 0.5))
  }
  transcript.characters = transcript.words
  return transcript
}

/// A word from and to milliseconds.
func word(_ text: String, _ start: Int, _ end: Int, confidence: Float = 0.5) -> Transcript.Word {
  Transcript.Word(
    text: text, start: Double(start) / 1000, end: Double(end) / 1000, confidence: confidence)
}

/// A transcript of given words in one segment, or in segments of given sizes.
func transcript(_ words: [Transcript.Word], segments sizes: [Int]? = nil) -> Transcript {
  var result = Transcript(joining: [])
  (result.words, result.characters) = (words, words)
  result.text = words.map(\.text).joined(separator: " ")
  result.confidence = 0.5
  var first = 0
  for size in sizes ?? [words.count] where size > 0 {
    let part = words[first..<first + size]
    result.segments.append(
      Transcript.Segment(
        start: part.map(\.start).min() ?? 0, end: part.map(\.end).max() ?? 0,
        words: first..<first + size, confidence: 0.25))
    first += size
  }
  return result
}

/// A recording that lasts a second longer than its last word.
func recording(
  _ transcript: Transcript, file: String = "a/talk.wav", offset: Double = 0
) -> TranscribedRecording {
  let end = transcript.words.map(\.end).max() ?? 0
  return TranscribedRecording(
    transcript, file: file, model: "m", offset: offset, duration: end + 1)
}

/// What can be seen of a word: control characters and white space are gaps.
func visible(_ text: String) -> String {
  text.unicodeScalars.split { scalar in
    let properties = scalar.properties
    return properties.isWhitespace || properties.generalCategory == .control
  }.map { String($0) }.joined(separator: " ")
}

/// The path of a program, if it is installed.
func program(_ name: String) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile(atPath:))
}

/// Writes a text to a file, runs a program on it, and returns what it prints.
func output(of name: String, _ arguments: [String], on text: String) throws -> String {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let (input, result) = (folder.appending(path: "input"), folder.appending(path: "output"))
  try Data(text.utf8).write(to: input)
  try Data().write(to: result)
  let process = Process()
  process.executableURL = URL(filePath: try #require(program(name)))
  process.arguments = arguments.map {
    $0 == "INPUT" ? input.path(percentEncoded: false) : $0
  }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try FileHandle(forWritingTo: result)
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "\(name) \(arguments.joined(separator: " "))")
  return String(decoding: try Data(contentsOf: result), as: UTF8.self)
}

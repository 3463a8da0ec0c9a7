import Captions
import Decoding
import Foundation
import Tensors
import Testing

/// A reader of Praat's long text form: the values in order, whatever stands between them.
private struct GridReader {
  struct Tier {
    var name: String
    var intervals: [(start: Double, end: Double, text: String)]
  }
  struct Unexpected: Error { var found: String }

  var end = 0.0
  var tiers: [Tier] = []
  private var values: [String] = []

  /// Praat reads free-standing numbers, texts in quotes and flags in angle brackets; the rest is comment.
  init(_ text: String) throws {
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "\"" {
        values.append(Self.quoted(&rest))
      } else {
        let token = rest.prefix { !$0.properties.isWhitespace && $0 != "\"" }
        if token.isEmpty { rest.removeFirst() } else { rest.removeFirst(token.count) }
        let word = String(token)
        if Double(word) != nil || word == "<exists>" { values.append(word) }
      }
    }
    values.reverse()
    for expected in ["ooTextFile", "TextGrid", "0"] { try take(expected) }
    end = try number()
    try take("<exists>")
    let count = Int(try number())
    for _ in 0..<count { tiers.append(try tier()) }
    guard values.isEmpty else { throw Unexpected(found: "\(values)") }
  }

  private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String {
    var text = String.UnicodeScalarView()
    rest.removeFirst()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        guard rest.first == "\"" else { break }
        rest.removeFirst()
      }
      text.append(scalar)
    }
    return String(text)
  }

  private mutating func tier() throws -> Tier {
    try take("IntervalTier")
    let name = values.removeLast()
    try take("0")
    guard try number() == end else { throw Unexpected(found: "another end of tier \(name)") }
    let count = Int(try number())
    var tier = Tier(name: name, intervals: [])
    for _ in 0..<count {
      tier.intervals.append((try number(), try number(), values.popLast() ?? "missing"))
    }
    return tier
  }

  private mutating func take(_ expected: String) throws {
    let found = values.popLast() ?? "the end"
    guard found == expected else { throw Unexpected(found: found) }
  }

  private mutating func number() throws -> Double {
    let found = values.popLast() ?? "the end"
    guard let number = Double(found) else { throw Unexpected(found: found) }
    return number
  }
}

@Suite struct TextGridTests {
  @Test(arguments: 0..<40) func tiersAreWholeAndHoldEveryWord(seed: Int) throws {
    var source = RandomSource(seed: UInt64(seed), 31)
    let made = recording(
      randomTranscript(&source, count: source.integer(in: 0...40)), offset: Double(seed % 3))
    let grid = try GridReader(TranscriptFormatter().text(made, as: .textGrid))
    #expect(grid.tiers.map(\.name) == ["words", "characters"])
    let expected = made.transcript.words.enumerated()
      .sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
      .map { visible($0.element.text) }.filter { !$0.isEmpty }
    for tier in grid.tiers {
      var clock = 0.0
      for interval in tier.intervals {
        #expect(interval.start == clock && interval.end > interval.start, "seed \(seed)")
        clock = interval.end
      }
      #expect(clock == grid.end, "seed \(seed)")
      #expect(tier.intervals.map(\.text).filter { !$0.isEmpty } == expected, "seed \(seed)")
    }
  }

  @Test func gapsAreFilledAndTimesKept() throws {
    let made = TranscribedRecording(
      transcript([word("say", 500, 700), word("\"x\"", 700, 900)]), file: "x", model: "m",
      duration: 2)
    let grid = try GridReader(TranscriptFormatter().text(made, as: .textGrid))
    let intervals = try #require(grid.tiers.first).intervals
    #expect(intervals.map(\.start) == [0, 0.5, 0.7, 0.9])
    #expect(intervals.map(\.text) == ["", "say", "\"x\"", ""])
    #expect(grid.end == 2)
  }
}

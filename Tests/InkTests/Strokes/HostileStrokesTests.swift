import Foundation
import Ink
import Markup
import Tensors
import Testing

/// Files that want too much, each with an error and in little memory.
@Suite struct HostileStrokesTests {
  let folder: StrokeFolder

  init() throws { folder = try StrokeFolder() }

  /// A large sound file of each format, cut at every kilobyte: an error, or the strokes before the cut.
  @Test(arguments: ["inkml", "xml", "upn", "json"])
  func truncatedAtEveryKilobyte(kind: String) throws {
    let numbers = (0..<2000).map { ($0 % 97, $0 % 89) }
    let whole: String =
      switch kind {
      case "inkml":
        "<ink><trace>" + numbers.map { "\($0.0) \($0.1)" }.joined(separator: ",") + "</trace></ink>"
      case "xml":
        "<StrokeSet><Stroke>"
          + numbers.map { "<Point x=\"\($0.0)\" y=\"\($0.1)\"/>" }.joined()
          + "</Stroke></StrokeSet>"
      case "upn": ".PEN_DOWN\n" + numbers.map { "\($0.0) \($0.1)\n" }.joined() + ".PEN_UP\n"
      default: "[[" + numbers.map { "[\($0.0),\($0.1)]" }.joined(separator: ",") + "]]"
      }
    let bytes = Array(whole.utf8)
    #expect(try folder.read(whole).map(\.recording.pointCount) == [2000])
    for count in stride(from: 1024, to: bytes.count, by: 1024) {
      let file = try folder.write("cut", Array(bytes.prefix(count)))
      // UNIPEN says nowhere how long it is; a cut between points cannot be seen.
      if kind == "upn", let samples = try? StrokeFile.read(file) {
        #expect(samples[0].recording.pointCount < 2000)
        continue
      }
      let error = #expect(throws: StrokeError.self, "\(count)") { try StrokeFile.read(file) }
      #expect(error?.category == .badData)
    }
  }

  @Test func entitiesAreNeverExpanded() throws {
    let laughs = """
      <!DOCTYPE ink [<!ENTITY a "1 2,"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
      <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><ink><trace>&c;</trace></ink>
      """
    guard case .markup(.entityDeclaration) = try folder.error(Array(laughs.utf8)) else {
      Issue.record("expected the declaration to be refused")
      return
    }
    let outside = "<!DOCTYPE ink SYSTEM \"file:///etc/passwd\"><ink><trace>&x;</trace></ink>"
    #expect(try folder.error(Array(outside.utf8))?.category == .badData)
  }

  /// Repeats a piece of text between a beginning and an end without ever holding all of it.
  private func large(_ head: String, _ piece: String, _ count: Int, _ tail: String) throws -> String
  {
    let path = try folder.write("large", head)
    let file = try #require(FileHandle(forWritingAtPath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    let block = Data(String(repeating: piece, count: 4096).utf8)
    for _ in 0..<count / 4096 { try file.write(contentsOf: block) }
    try file.write(contentsOf: Data(tail.utf8))
    return path
  }

  @Test(arguments: [
    ("<ink><trace>0 0", ",1 1", "</trace></ink>"),
    ("<StrokeSet><Stroke>", "<Point x=\"1\" y=\"1\"/>", "</Stroke></StrokeSet>"),
    (".PEN_DOWN\n", "1 1\n", ".PEN_UP\n"),
    ("[[[0,0]", ",[1,1]", "]]"),
  ])
  func tooManyPointsAreRefused(head: String, piece: String, tail: String) throws {
    let path = try large(head, piece, 1 << 20, tail)
    let error = #expect(throws: StrokeError.self) {
      try StrokeFile.read(path, limits: StrokeLimits(points: 100_000))
    }
    guard case .tooMany(path, _, "points", 100_000) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    ("<ink>", "<trace>1 1</trace>", "</ink>"),
    ("<StrokeSet>", "<Stroke><Point x=\"1\" y=\"1\"/></Stroke>", "</StrokeSet>"),
    ("", ".PEN_DOWN\n1 1\n", ""), ("[[[0,0]]", ",[[1,1]]", "]"),
  ])
  func tooManyStrokesAreRefused(head: String, piece: String, tail: String) throws {
    let path = try large(head, piece, 1 << 16, tail)
    let error = #expect(throws: StrokeError.self) {
      try StrokeFile.read(path, limits: StrokeLimits(strokes: 1000))
    }
    guard case .tooMany(path, _, "strokes", 1000) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    ("<ink><trace>1", "1", "</trace></ink>"),
    ("<ink>", "<traceGroup>", "</ink>"),
    ("<ink><traceFormat>", "<channel name=\"X\"/>", "</traceFormat></ink>"),
    (
      "<ink><traceFormat><intermittentChannels>", "<channel name=\"X\"/>",
      "</intermittentChannels></traceFormat></ink>"
    ),
    (".COORD X Y ", "Z ", "\n"), (".", "A", ""), (".PEN_DOWN\n1", "1", "\n"),
    (".SEGMENT WORD 0 ? \"", "word ", "\"\n"),
    ("[[[1", "1", ",0]]]"), ("{\"", "key", "\"}"), ("{\"x\":", "[", "1}"),
  ])
  func partsWithoutEndAreRefused(head: String, piece: String, tail: String) throws {
    let path = try large(head, piece, 1 << 22, tail)
    let error = #expect(throws: StrokeError.self) { try StrokeFile.read(path) }
    #expect(error?.category == .badData)
  }

  @Test func otherEncodings() throws {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><ink><trace>1 2</trace></ink>"
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(try StrokeFile.read(try folder.write("wide", bytes)).count == 1)
    var json: [UInt8] = [0xFF, 0xFE]
    for unit in "[[[1,2]]]".utf16 { json += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(try folder.error(json)?.category == .badData)
    let latin = Array("{\"strokes\":[[[0,0]]],\"text\":\"caf".utf8) + [0xE9] + Array("\"}".utf8)
    guard case .encoding = try folder.error(latin) else {
      Issue.record("expected Latin-1 to be refused")
      return
    }
    #expect(try folder.error([0xEF, 0xBB, 0x41])?.category == .badData)
  }

  /// Damaged files give an error or numbers that the features can be computed of.
  @Test(arguments: ["hello.inkml", "differences.inkml", "word.upn", "whiteboard.xml", "rows.json"])
  func damagedFiles(name: String) throws {
    let rows = "{\"text\":\"a\",\"strokes\":[[[1,2,3,0.5],[4,5,6,1]],[[7e1,-8,9,0]]]}\n[[[1,2]]]"
    let whole =
      name == "rows.json"
      ? Array(rows.utf8)
      : try Array(Data(contentsOf: URL(fileURLWithPath: try strokeReference(name))))
    let signs = Array("0123456789-+.,'\"!#*?TFeE<>/[]{}&; \n\u{0}\u{7F}".utf8)
    let extractor = try StrokeFeatureExtractor()
    for seed: UInt64 in 0..<200 {
      var random = RandomSource(seed: seed)
      var bytes = whole
      for _ in 0..<random.integer(in: 1...4) {
        let place = random.integer(in: 0...bytes.count - 1)
        switch random.integer(in: 0...3) {
        case 0: bytes[place] = signs[random.integer(in: 0...signs.count - 1)]
        case 1: bytes.insert(signs[random.integer(in: 0...signs.count - 1)], at: place)
        case 2: bytes.remove(at: place)
        default: bytes[place] = UInt8(random.integer(in: 0...255))
        }
      }
      let file = try folder.write("damaged", bytes)
      do throws(StrokeError) {
        for sample in try StrokeFile.read(file) {
          #expect(sample.recording.isFinite && extractor(sample.recording).isFinite, "seed \(seed)")
        }
      } catch {
        #expect(error.category == .badData && error.description.hasPrefix(file), "seed \(seed)")
      }
    }
  }
}

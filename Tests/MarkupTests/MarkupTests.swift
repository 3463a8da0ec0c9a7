import Markup
import Testing

@Suite struct MarkupReaderTests {
  @Test func elementsTextAndAttributesComeInOrder() throws {
    let found = try events(
      """
      <?xml version="1.0"?><!-- c --><p:a xmlns:p="u" p:k="0" x="1 &lt; 2"><b/>t&#233;&amp;<![CDATA[<]]></p:a>
      """)
    #expect(found == ["<a x=1 < 2 k=0", "<b", ">b", "té&<", ">a"])
  }

  @Test func aNamespaceIsToldApartFromThePrefix() throws {
    let reader = MarkupReader(bytes: Array(#"<p:a xmlns:p="urn:x"><b/></p:a>"#.utf8), name: "t")
    #expect(try reader.next() == .start(MarkupElement(name: "a", namespace: "urn:x")))
    #expect(try reader.next() == .start(MarkupElement(name: "b")))
  }

  @Test func anUndeclaredPrefixIsPassedOver() throws {
    #expect(try events("<q:a><q:b/></q:a>") == ["<a", "<b", ">b", ">a"])
  }

  @Test func linesAndDepthAreCounted() throws {
    let reader = MarkupReader(bytes: Array("<a>\r\n<b\n/>x\ny</a>".utf8), name: "t")
    var found: [[Int]] = []
    while try reader.next() != nil { found.append([reader.line, reader.depth]) }
    // a, line end, b, its end, text, end of a.
    #expect(found == [[1, 1], [1, 1], [3, 2], [3, 1], [3, 1], [4, 0]])
  }

  @Test func lineEndsBecomeOneCharacter() throws {
    #expect(try events("<a>1\r\n2\r3\n4</a>") == ["<a", "1\n2\n3\n4", ">a"])
  }

  @Test func encodingsAreDecoded() throws {
    let text = "<a>Grüße, ça va</a>"
    let latin =
      Array(#"<?xml version="1.0" encoding="ISO-8859-1"?>"#.utf8)
      + text.unicodeScalars.map { UInt8($0.value) }
    let wide = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + text
    let little = wide.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big = wide.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), latin, little, big] {
      let reader = MarkupReader(bytes: bytes, name: "t")
      #expect(try events(reader) == ["<a", "Grüße, ça va", ">a"])
    }
  }

  @Test func aTextUpToThePieceComesWholeAndALongerOneInPieces() throws {
    let limits = MarkupLimits(pieceBytes: 1000)
    let short = String(repeating: "é&amp;", count: 333)
    #expect(try events("<a>\(short)</a>", limits: limits).count == 3)
    let long = String(repeating: "1é2 ", count: 100_000)
    let pieces = try events("<a>\(long)</a>", limits: limits).dropFirst().dropLast()
    #expect(pieces.count >= 500 && pieces.allSatisfy { $0.utf8.count <= 1000 })
    #expect(pieces.joined() == long)
    let least = try events("<a>é🖋漢a</a>", limits: MarkupLimits(pieceBytes: 4))
    #expect(least == ["<a", "é", "🖋", "漢a", ">a"])
  }

  @Test func aWholeTextIsAskedFor() throws {
    let bytes = Array("<a><b>x<c>y</c>z</b><d/></a>".utf8)
    let reader = MarkupReader(bytes: bytes, name: "t")
    _ = try reader.next()
    _ = try reader.next()
    #expect(try reader.elementText() == "xyz")
    #expect(try reader.next() == .start(MarkupElement(name: "d")))
    let limited = MarkupReader(bytes: bytes, name: "t", limits: MarkupLimits(textBytes: 2))
    _ = try limited.next()
    #expect(throws: MarkupError.tooLong(file: "t", line: 1, part: "a text", limit: 2)) {
      try limited.elementText()
    }
  }

  @Test func childrenAreVisitedOneByOne() throws {
    let reader = MarkupReader(
      bytes: Array("<a> <b><c/></b>x<d/><e><f/></e></a>".utf8), name: "t")
    _ = try reader.next()
    var names: [String] = []
    while let child = try reader.nextChild(ofDepth: 1) {
      names.append(child.name)
      if child.name == "b" { try reader.skipElement() }
    }
    #expect(names == ["b", "d", "e"])
    #expect(try reader.next() == nil)
  }

  @Test func manyTasksReadAtOnce() async throws {
    let text = "<a>" + (0..<2000).map { "<b n=\"\($0)\">é&amp;\($0)</b>" }.joined() + "</a>"
    let expected = try events(text)
    let equal = await withTaskGroup(of: Bool.self) { group in
      for task in 0..<16 {
        group.addTask {
          task % 4 == 3
            ? failure("<a>&x;</a>") == .entityReference(file: "test.xml", line: 1, name: "x")
            : (try? events(text)) == expected
        }
      }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(equal)
  }
}

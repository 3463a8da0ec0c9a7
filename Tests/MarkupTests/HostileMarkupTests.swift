import Files
import Markup
import Testing

@Suite struct HostileMarkupTests {
  @Test func entitiesAreRefusedByName() {
    let declared = #"<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#
    #expect(failure(declared) == .entityDeclaration(file: "test.xml", line: 1, name: "x"))
    let file = #"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#
    #expect(failure(file) == .entityDeclaration(file: "test.xml", line: 1, name: "x"))
    let parameter = "<!DOCTYPE a [\n<!ENTITY % x SYSTEM \"http://127.0.0.1/x\"> %x;]><a/>"
    #expect(failure(parameter) == .entityDeclaration(file: "test.xml", line: 2, name: "x"))
    #expect(failure("<a>\n&nbsp;</a>") == .entityReference(file: "test.xml", line: 2, name: "nbsp"))
    #expect(failure("<a b='&y;'/>") == .entityReference(file: "test.xml", line: 1, name: "y"))
  }

  @Test func aBillionLaughsStayUnheard() {
    var text = "<!DOCTYPE l [<!ENTITY l0 \"ha\">"
    for level in 1...10 {
      let uses = String(repeating: "&l\(level - 1);", count: 10)
      text += "<!ENTITY l\(level) \"\(uses)\">"
    }
    text += "]><l k='&l10;'>&l10;</l>"
    #expect(failure(text) == .entityDeclaration(file: "test.xml", line: 1, name: "l0"))
  }

  @Test func aDocumentTypeWithoutDeclarationsIsPassedOver() throws {
    let text = #"<!DOCTYPE a PUBLIC "-//X//Y//EN" "http://127.0.0.1:9/none.dtd"><a>x</a>"#
    #expect(try events(text) == ["<a", "x", ">a"])
  }

  @Test func defaultsOfAttributesAreRefused() {
    let text = #"<!DOCTYPE a [<!ATTLIST a k (p|q) #REQUIRED><!ATTLIST a b CDATA "c">]><a k="p"/>"#
    #expect(
      failure(text)
        == .attributeDefault(file: "test.xml", line: 1, element: "a", attribute: "b"))
  }

  @Test func depthIsLimited() throws {
    let text = String(repeating: "<a>", count: 200_000)
    #expect(failure(text) == .tooDeep(file: "test.xml", line: 1, limit: 256))
    let allowed = String(repeating: "<a>", count: 9) + String(repeating: "</a>", count: 9)
    #expect(failure(allowed, limits: MarkupLimits(depth: 9)) == nil)
    #expect(
      failure(allowed, limits: MarkupLimits(depth: 8))
        == .tooDeep(file: "test.xml", line: 1, limit: 8))
  }

  @Test func aHugeAttributeIsRefused() {
    let limits = MarkupLimits(tagBytes: 50_000)
    let value = String(repeating: "x", count: 20_000)
    #expect(failure("<a b='\(value)'/>", limits: limits) == nil)
    let huge = String(repeating: value, count: 10)
    for text in ["<a b='\(huge)'/>", "<a b='\(huge)", "<a><!--\(huge)--></a>", "<a><\(huge)"] {
      guard case .tooLong = failure(text, limits: limits) else {
        Issue.record("\(text.prefix(8)): got \(String(describing: failure(text, limits: limits)))")
        continue
      }
    }
  }

  @Test func aTagOfManyAttributesIsRefusedInGoodTime() {
    let many = (0..<1_000_000).map { " a\($0)=''" }.joined()
    let start = ContinuousClock.now
    guard case .tooLong = failure("<a\(many)/>") else {
      Issue.record("a million attributes were read")
      return
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func namesWithoutEndAreRefused() {
    let text = "<a>" + (0..<70_000).map { "<b\($0)/>" }.joined() + "</a>"
    guard case .tooManyNames = failure(text) else {
      Issue.record("70,000 names were read")
      return
    }
  }

  @Test func whatIsNotXMLIsNamed() {
    #expect(failure("") == .empty(file: "test.xml"))
    let wrong = [
      "PNG", "\u{0}\u{0}", "{\"a\": 1}", "<a", "<a>", "<a></b>", "<a/><b/>", "<a b=c/>",
      "<a>&#1;</a>", "<a>\u{1}</a>", "<a>&", "<?xml version='1.0' encoding='no-such'?><a/>",
    ]
    for text in wrong {
      guard case .malformed(_, let line, let reason) = failure(text) else {
        Issue.record("\(text) was read")
        continue
      }
      #expect(line == 1 && !reason.isEmpty && !reason.contains("\n"))
    }
  }

  @Test func bytesThatAreNotUTF8AreNamed() {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xE9, 0x20], [0xED, 0xA0, 0x80]] {
      let text = Array("<a>\n".utf8) + bytes + Array("</a>".utf8)
      guard case .malformed(_, let line, _) = failure(text) else {
        Issue.record("\(bytes) was read")
        continue
      }
      #expect(line == 2)
    }
    let wide = "\u{FEFF}<a>x</a>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    // Half a surrogate pair, which the converter reports on its own.
    let broken = wide[..<8] + [0x00, 0xD8] + wide[8...]
    guard case .malformed = failure(Array(broken)) else {
      Issue.record("half a surrogate pair was read")
      return
    }
  }

  @Test func everyTruncationIsAnErrorAndNoMore() {
    let rows = (0..<2000).map { "<b n=\"\($0)\">é&amp;<!-- c --><![CDATA[<d>]]>\($0)</b>\n" }
    let bytes = Array(("<?xml version='1.0'?>\n<a>" + rows.joined() + "</a>").utf8)
    #expect(failure(bytes) == nil)
    for count in stride(from: 1, to: bytes.count, by: 1021) {
      guard case .malformed = failure(Array(bytes[..<count])) else {
        Issue.record("\(count) of \(bytes.count) bytes were read")
        continue
      }
    }
  }

  @Test func whatPrecedesAnErrorIsRead() throws {
    let reader = MarkupReader(bytes: Array("<a><b/></c>".utf8), name: "t")
    #expect(try reader.next() == .start(MarkupElement(name: "a")))
    #expect(try reader.next() == .start(MarkupElement(name: "b")))
    #expect(try reader.next() == .end("b"))
    for _ in 0..<2 { #expect(throws: MarkupError.self) { try reader.next() } }
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: MarkupError.file(.notFound(path: "/no/such.xml"))) {
      try MarkupReader(path: "/no/such.xml")
    }
  }

  @Test func messagesNameFileLineAndRemedy() {
    #expect(
      "\(MarkupError.entityReference(file: "a.xml", line: 3, name: "uuml"))"
        == "a.xml:3: uses the entity '&uuml;', expected only &amp; &lt; &gt; &quot; &apos; "
        + "or character references such as &#233;; replace it by its text")
    #expect(
      failure("<a>\n<b></a>")?.description
        == "test.xml:2: found Opening and ending tag mismatch: b line 2 and a, "
        + "expected well-formed XML; export or copy it again")
  }
}

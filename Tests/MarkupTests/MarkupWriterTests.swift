import Markup
import Testing

@Suite struct MarkupWriterTests {
  private func string(_ writer: consuming MarkupWriter) -> String {
    String(decoding: writer.finish(), as: UTF8.self)
  }

  @Test func elementsAreIndentedAndTextIsNot() {
    var writer = MarkupWriter(doctype: "a")
    writer.start("a", [("x", "1")])
    writer.element("b", text: "t")
    writer.element("c") { $0.element("d") }
    writer.element("e", isInline: true) {
      $0.element("f", text: "1")
      $0.element("g") { $0.element("h") }
    }
    #expect(
      string(writer) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE a>
        <a x="1">
          <b>t</b>
          <c>
            <d/>
          </c>
          <e><f>1</f><g><h/></g></e>
        </a>

        """)
  }

  @Test func everyCharacterIsReadBack() throws {
    let hostile = "<a>&amp;\"']]>\r\n\t é 漢字 \u{1F58B}\u{200F}שלום\u{301}\u{85}\u{2028}"
    var writer = MarkupWriter()
    writer.element("t", [("k", hostile)], text: hostile)
    let reader = MarkupReader(bytes: writer.finish(), name: "t")
    let element = MarkupElement(
      name: "t", attributes: [MarkupAttribute(name: "k", value: hostile)])
    #expect(try reader.next() == .start(element))
    #expect(try reader.next() == .text(hostile))
    #expect(try reader.next() == .end("t"))
  }

  @Test func whatXMLCannotSayIsReplaced() throws {
    for value in UInt32(0)...0x11_FFFF {
      guard value < 0x20 || value >= 0xFFFE && value <= 0xFFFF,
        let scalar = Unicode.Scalar(value)
      else { continue }
      var writer = MarkupWriter()
      writer.element("t", [("k", "\(scalar)")], text: "\(scalar)")
      let expected = [0x9, 0xA, 0xD].contains(value) ? scalar : "\u{FFFD}"
      #expect(
        try events(MarkupReader(bytes: writer.finish(), name: "t"))
          == ["<t k=\(expected)", "\(expected)", ">t"])
    }
  }

  @Test func openElementsAreClosed() throws {
    var writer = MarkupWriter()
    writer.start("a")
    writer.start("b")
    writer.text("x")
    #expect(
      try events(MarkupReader(bytes: writer.finish(), name: "t"))
        == ["<a", "\n  ", "<b", "x", ">b", "\n", ">a"])
  }
}

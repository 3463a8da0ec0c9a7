import Foundation
import Ink
import Testing

@Suite struct OutputTests {
  private let page = Recognized.page

  @Test func hOCRHoldsPlacesAndConfidences() throws {
    let document = try Node(HOCRFile.encode([page, page]))
    let pages = document.all(class: "ocr_page")
    #expect(
      pages.map { $0["title"] } == [
        #"image "folder/a \"b\"; c.png"; bbox 0 0 640 480; ppageno 0"#,
        #"image "folder/a \"b\"; c.png"; bbox 0 0 640 480; ppageno 1"#,
      ])
    let lines = try #require(pages.first).all(class: "ocr_line")
    #expect(
      lines.map { $0["title"] } == [
        "bbox 10 10 110 30; poly 10 10 110 12 110 30 10 30; baseline -0.02 -2; x_conf 98.77",
        "bbox 200 50 300 70; x_conf 100.0", "bbox 10 90 30 110; x_conf 0.0",
        "bbox 600 470 640 480; x_conf 50.0",
      ])
    #expect(lines.map { $0["dir"] } == [nil, "rtl", nil, nil])
    let words = lines.map { $0.all(class: "ocrx_word") }
    #expect(
      words.map { $0.map(\.text) } == [["cher", "été"], ["שלום", "עולם", "7"], ["q\u{302}a"], []])
    #expect(
      words[0].map { $0["title"] } == [
        "bbox 10 10 50 30; x_wconf 90", "bbox 60 10 90 30; x_wconf 13",
      ])
    #expect(lines[3].text == "nothing else")
    let characters = words[0][1].all(class: "ocrx_cinfo")
    #expect(characters.map(\.text) == ["é", "t", "é"])
    #expect(characters[1]["title"] == "x_bboxes 70 10 80 30; x_conf 90.0")
    let ids = document.all { $0["id"] != nil }.compactMap { $0["id"] }
    #expect(Set(ids).count == ids.count)
  }

  @Test func altoIsReadBack() throws {
    let bytes = ALTOFile.encode(page)
    let back = try ALTOFile.read(bytes, name: "/nowhere/page.xml")
    #expect(back.imagePath == "/nowhere/folder/a \"b\"; c.png")
    #expect(back.width == 640 && back.height == 480 && back.problems.isEmpty)
    #expect(back.lines.map(\.text) == page.lines.map(\.text))
    #expect(back.lines[0].polygon == points(10, 10, 110, 12, 110, 30, 10, 30))
    #expect(back.lines[0].baseline == page.lines[0].baseline)
    #expect(back.lines[3].polygon == points(600, 470, 640, 470, 640, 480, 600, 480))
    let document = try Node(bytes)
    let strings = document.all("String")
    #expect(strings.map { $0["WC"] } == ["0.9", "0.125", "0.9", "0.9", "0.9", "0.9", "0.5"])
    #expect(strings[0]["CC"] == "0 1 2 3" && strings[6]["CC"] == nil)
    #expect(strings[1].all("Glyph").map { $0["CONTENT"] } == ["é", "t", "é"])
    #expect(strings[1].all("Glyph").map { $0["GC"] } == ["1.0", "0.9", "0.8"])
    // No single code point is a q with a circumflex.
    #expect(strings[5].all("Glyph").isEmpty && strings[5]["CONTENT"] == "q\u{302}a")
    #expect(document.all("TextLine").map { $0["BASEDIRECTION"] } == [nil, "rtl", nil, nil])
  }

  @Test func pageXMLIsReadBack() throws {
    let bytes = PageXMLFile.encode(page, created: Date(timeIntervalSince1970: 1_700_000_000))
    let back = try PageXMLFile.read(bytes, name: "page.xml")
    #expect(back.width == 640 && back.height == 480 && back.problems.isEmpty)
    #expect(back.lines.map(\.text) == page.lines.map(\.text))
    #expect(back.lines.map(\.id) == ["line_1", "line_2", "line_3", "line_4"])
    #expect(back.lines[0].polygon == points(10, 10, 110, 12, 110, 30, 10, 30))
    #expect(back.lines[0].baseline == page.lines[0].baseline)
    let document = try Node(bytes)
    #expect(document.all("Created").map(\.text) == ["2023-11-14T22:13:20Z"])
    #expect(
      document.all("Word").map { $0.all("TextEquiv").last?["conf"] }.prefix(2) == ["0.9", "0.125"])
    #expect(document.all("Glyph").count == 4 + 3 + 9 + 2)
    #expect(
      document.all("TextLine").map { $0["readingDirection"] } == [nil, "right-to-left", nil, nil])
  }

  @Test func jsonIsReadByAnotherParser() throws {
    let object = try JSONSerialization.jsonObject(with: Data(page.json(pretty: true)))
    let root = try #require(object as? [String: Any])
    #expect(root["image"] as? String == page.image && root["width"] as? Int == 640)
    let lines = try #require(root["lines"] as? [[String: Any]])
    #expect(lines.map { $0["text"] as? String } == page.lines.map(\.text))
    #expect(lines[0]["confidence"] as? Double == 0.9877)
    #expect(lines[0]["baseline"] as? [[Double]] == [[10, 28], [110, 26]])
    #expect(lines[1]["box"] as? [String: Int] == ["x": 200, "y": 50, "width": 100, "height": 20])
    let words = try #require(lines[0]["words"] as? [[String: Any]])
    let characters = try #require(words[1]["characters"] as? [[String: Any]])
    #expect(characters.map { $0["text"] as? String } == ["é", "t", "é"])
  }

  @Test func hostileTextStaysText() throws {
    let text = Recognized.hostile
    let box = PageBox(x: -5, y: -5, width: 1000, height: 1000)
    let character = RecognizedCharacter(text: text, confidence: 1, box: box)
    let word = RecognizedWord(text: text, confidence: 1, box: box, characters: [character])
    let line = RecognizedLine(
      text: text, confidence: 1, box: box, polygon: points(-9, -9, 9, 9, 1e6, 4),
      baseline: points(3, 3, 3, 9), words: [word])
    let page = RecognizedPage(image: text, width: 10, height: 10, lines: [line])
    let written = "<b>&amp;\"'\u{FFFD}\u{FFFD}]]>"
    let alto = try ALTOFile.read(ALTOFile.encode(page), name: "x")
    let xml = try PageXMLFile.read(PageXMLFile.encode(page), name: "x")
    for line in alto.lines + xml.lines {
      #expect(line.text == written)
      #expect(line.polygon == points(0, 0, 9, 9, 10, 4))
    }
    let hOCR = try Node(HOCRFile.encode([page]))
    #expect(hOCR.all(class: "ocrx_cinfo").map(\.text) == [written + "\n\r\t"])
    #expect(
      hOCR.all(class: "ocr_line").map { $0["title"] }
        == ["bbox 0 0 10 10; poly 0 0 9 9 10 4; x_conf 100.0"])
    let object = try JSONSerialization.jsonObject(with: Data(page.json())) as? [String: Any]
    #expect(object?["image"] as? String == text)
  }

  @Test func anEmptyPageIsAPage() throws {
    let page = RecognizedPage(image: "white.png", width: 3, height: 4, lines: [])
    #expect(try ALTOFile.read(ALTOFile.encode(page), name: "x").lines.isEmpty)
    #expect(try PageXMLFile.read(PageXMLFile.encode(page), name: "x").lines.isEmpty)
    #expect(try Node(HOCRFile.encode([page])).all(class: "ocr_page").count == 1)
    #expect(try Node(HOCRFile.encode([])).all(class: "ocr_page").isEmpty)
  }

  @Test(arguments: [
    ("abc שלום", false), ("שלום abc", true), ("123 سلام", true), ("٣ abc", false), ("", false),
    ("12 !", false), ("\u{200F}abc", true), ("\u{200E}שלום", false), ("\u{5B0}a", false),
    ("漢字", false), ("𐤀", true), ("« été", false), ("ﷺ", true),
  ])
  func directionFollowsTheFirstLetter(text: String, isRightToLeft: Bool) throws {
    let line = RecognizedLine(
      text: text, confidence: 1, box: PageBox(x: 0, y: 0, width: 1, height: 1))
    let page = RecognizedPage(image: "a", width: 1, height: 1, lines: [line])
    let lines = try Node(HOCRFile.encode([page])).all(class: "ocr_line")
    #expect(lines.map { $0["dir"] } == [isRightToLeft ? "rtl" : nil])
  }
}

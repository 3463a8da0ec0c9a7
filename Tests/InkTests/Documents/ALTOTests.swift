import Ink
import Markup
import Testing

@Suite struct ALTOTests {
  @Test func eScriptoriumAndPAGESayTheSame() throws {
    let alto = try ALTOFile.read(Pages.path("escriptorium-alto.xml"))
    let page = try PageXMLFile.read(Pages.path("escriptorium-page.xml"))
    #expect(alto.lines == page.lines)
    #expect(alto.imagePath == page.imagePath)
    #expect(alto.width == 800 && alto.height == 1000)
    #expect(alto.problems.map(\.id) == ["eSc_line_d4"])
  }

  @Test func krakensWordsAndOrderAreRead() throws {
    let page = try ALTOFile.read(Pages.path("kraken-alto.xml"))
    #expect(page.lines.map(\.text) == ["zero", "one <two>"])
    #expect(page.lines[0].polygon == points(10, 20, 310, 20, 310, 60, 10, 60))
    #expect(page.lines[1].baseline == points(10, 130, 310, 132))
    #expect(page.imagePath.hasSuffix("/Documents/scans/p1.png"))
  }

  @Test func lengthsBecomePixelsWhereTheResolutionIsKnown() throws {
    let path = try Pages.path("library-alto.xml")
    #expect(
      throws: DocumentError.unit(file: path, line: 4, found: "tenths of a millimetre")
    ) { try ALTOFile.read(path) }
    let page = try ALTOFile.read(path, dotsPerInch: 127)
    #expect(page.width == 635 && page.height == 1270)
    #expect(page.lines.map(\.text) == ["Une pr-", "omenade d'été"])
    #expect(page.lines.map(\.id) == ["line_1", "line_2"])
    let expected = points(127, 127, 381, 127, 381, 152.4, 127, 152.4)
    for (found, expected) in zip(page.lines[0].polygon, expected) {
      #expect(abs(found.x - expected.x) < 1e-9 && abs(found.y - expected.y) < 1e-9)
    }
    #expect(page.lines[0].baseline?.map(\.x) == [127, 381])
    let inches = Pages.alto(
      "<TextLine ID='l' HPOS='1200' VPOS='600' WIDTH='2400' HEIGHT='300'/>", unit: "inch1200")
    #expect(
      try ALTOFile.read(inches, name: "a", dotsPerInch: 300).lines.first?.polygon
        == points(300, 150, 900, 150, 900, 225, 300, 225))
  }

  @Test func whatIsNotALTOIsRefused() throws {
    guard case .wrongKind = altoError(try Pages.bytes("transkribus.xml")) else {
      Issue.record("a PAGE file was read")
      return
    }
    guard case .invalid(_, 2, "the unit 'mm'", _) = altoError(Pages.alto("", unit: "mm")) else {
      Issue.record("millimetres were read")
      return
    }
    let bare = [
      "<alto/>", "<alto><Layout><Page/></Layout></alto>",
      "<alto><Layout><Page/><Page/></Layout></alto>",
    ]
    for text in bare {
      guard case .invalid = altoError(Array(text.utf8)) else {
        Issue.record("\(text) was read")
        continue
      }
    }
  }

  @Test func linesOfNoUseAreListed() throws {
    let rectangle = "HPOS='1' VPOS='2' WIDTH='3' HEIGHT='4'"
    let bad = [
      "<TextLine ID='x'/>", "<TextLine ID='x' HPOS='1' VPOS='2' WIDTH='-3' HEIGHT='4'/>",
      "<TextLine ID='x' HPOS='nan' VPOS='2' WIDTH='3' HEIGHT='4'/>",
      "<TextLine ID='x' \(rectangle)><Shape><Polygon POINTS='1 2 3'/></Shape></TextLine>",
      "<TextLine ID='x' \(rectangle)><Shape><Polygon/></Shape></TextLine>",
    ]
    for line in bad {
      let page = try ALTOFile.read(
        Pages.alto("<TextBlock>\(line)<TextLine ID='y' \(rectangle)/></TextBlock>"), name: "a.xml")
      #expect(page.problems.map(\.id) == ["x"])
      #expect(page.lines.map(\.id) == ["y"])
    }
  }

  @Test func damagedFilesAreErrors() throws {
    let bytes = try Pages.bytes("kraken-alto.xml")
    for count in stride(from: 0, to: bytes.count - 2, by: 97) {
      guard case .markup = altoError(Array(bytes[..<count])) else {
        Issue.record("\(count) bytes were read")
        continue
      }
    }
  }

  private func altoError(_ bytes: [UInt8]) -> DocumentError? {
    do throws(DocumentError) {
      _ = try ALTOFile.read(bytes, name: "a.xml")
      return nil
    } catch {
      return error
    }
  }
}

import Foundation
import Ink
import Testing

@Suite struct PageXMLTests {
  @Test func transkribusPagesAreReadInTheirOrder() throws {
    let path = try Pages.path("transkribus.xml")
    let page = try PageXMLFile.read(path)
    #expect(page.imagePath == path.replacing("transkribus.xml", with: "0001_letter.jpg"))
    #expect(page.width == 1200 && page.height == 1600 && page.problems.isEmpty)
    #expect(page.lines.map(\.id) == ["r2l1", "r1l1", "r1l2", "r1l3"])
    #expect(
      page.lines.map(\.text)
        == ["Ein Brief", "die erste Zeile¬", "die zweite Zeile & mehr", nil])
    #expect(page.lines[2].polygon == points(100, 400, 1000, 410, 1000, 480, 100, 470))
    #expect(page.lines[2].baseline == points(100, 460, 500, 462, 1000, 470))
  }

  @Test func eScriptoriumPagesAreRead() throws {
    let page = try PageXMLFile.read(Pages.path("escriptorium-page.xml"))
    #expect(page.lines.map(\.text) == ["שלום לך עולם", "de la maison, j’écris"])
    #expect(page.lines.map(\.id) == ["eSc_line_b2", "eSc_line_c3"])
    #expect(page.problems.map(\.id) == ["eSc_line_d4"])
    let problem = try #require(page.problems.first)
    #expect(
      problem.description.hasSuffix(
        "escriptorium-page.xml:26: line 'eSc_line_d4': found no outline, expected 'Coords'"))
  }

  @Test func theFirstVersionsAndNestedGroupsAreRead() throws {
    let page = try PageXMLFile.read(Pages.path("aletheia.xml"))
    #expect(page.imagePath == "/nowhere/00000085.tif")
    #expect(
      page.lines.map(\.id)
        == ["l-a", "l-b", "l-inside-b", "l-cell1", "l-cell2", "l-last", "l-unlisted"])
    // The outline and the text of words stand in for those of the line.
    #expect(page.lines[2].polygon == points(10, 20, 60, 20, 60, 45, 10, 45))
    #expect(page.lines[2].text == "xy z")
    #expect(page.lines[6].polygon == points(1, 2, 9, 2, 9, 8))
  }

  @Test func listedLinesComeInTheOrderOfTheList() throws {
    let lines = ["p", "q", "r"].map {
      "<TextLine id='\($0)'><Coords points='0,0 1,0 1,1'/></TextLine>"
    }
    let order = """
      <ReadingOrder><OrderedGroup><RegionRefIndexed index='0' regionRef='r'/>
      <RegionRefIndexed index='1' regionRef='p'/><RegionRefIndexed index='2' regionRef='q'/>
      </OrderedGroup></ReadingOrder>
      """
    let bytes = Pages.page(order + "<TextRegion id='t'>\(lines.joined())</TextRegion>")
    #expect(try PageXMLFile.read(bytes, name: "p").lines.map(\.id) == ["r", "p", "q"])
  }

  @Test func anImageBesideTheFileIsFound() throws {
    try Pages.withFolder { folder in
      let path = folder + "/p.xml"
      let names = ["a.png", "elsewhere/a.png", "C:\\scans\\a.png", "file:///elsewhere/a.png"]
      try Data().write(to: URL(fileURLWithPath: folder + "/a.png"))
      for name in names {
        let bytes = Pages.page("", attributes: "imageFilename='\(name)'")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(try PageXMLFile.read(path).imagePath == folder + "/a.png")
      }
    }
  }

  @Test func outlinesOfNoUseAreListed() throws {
    let bad = [
      "": "0 points in 'Coords'", "1,2 3,4": "2 points in 'Coords'",
      "1,2 3,4 5": "5 coordinates in 'Coords'",
      "nan,2 3,4 5,6": "the coordinate 'nan' in 'Coords'",
      "inf,2 3,4 5,6": "the coordinate 'inf' in 'Coords'",
      "1,2 3,1e300 5,6": "the coordinate '1e300' in 'Coords'",
      "1;2 3,4 5,6": "the coordinate '1;2' in 'Coords'",
    ]
    for (coordinates, found) in bad {
      let bytes = Pages.page(
        """
        <TextRegion><TextLine id="x"><Coords points="\(coordinates)"/></TextLine>
        <TextLine id="y"><Coords points="-5,-6 3,4 5.5,6"/><Baseline points="1,nan"/></TextLine>
        </TextRegion>
        """)
      let page = try PageXMLFile.read(bytes, name: "p.xml")
      #expect(page.problems.map(\.found) == [found, "the coordinate 'nan' in 'Baseline'"])
      #expect(page.lines.map(\.id) == ["y"])
      #expect(page.lines.first?.polygon == points(-5, -6, 3, 4, 5.5, 6))
      #expect(page.lines.first?.baseline == nil)
    }
  }

  @Test func pointElementsAreBounded() throws {
    let many = String(repeating: "<Point x='1' y='2'/>", count: 200_000)
    let page = try PageXMLFile.read(
      Pages.page("<TextLine id='x'><Coords>\(many)</Coords></TextLine>"), name: "p")
    #expect(page.problems.map(\.found) == ["more than 100000 points in 'Coords'"])
  }

  @Test func aMillionPointsInAnAttributeAreRefused() {
    let points = String(repeating: "1,2 ", count: 1_000_000)
    let bytes = Pages.page("<TextLine id='x'><Coords points='\(points)'/></TextLine>")
    guard case .markup(.tooLong) = pageError(bytes) else {
      Issue.record("a million points were read")
      return
    }
  }

  @Test func otherFilesAreRefusedByName() {
    let wrong = [
      "<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'/>", "<PcGts xmlns='urn:x'/>",
    ]
    for text in wrong {
      guard case .wrongKind(_, 1, _, _) = pageError(Array(text.utf8)) else {
        Issue.record("\(text) was read")
        continue
      }
    }
    let incomplete = [
      Array("<PcGts/>".utf8), Pages.page("", attributes: ""),
      Pages.page("</Page><Page imageFilename='b'>"),
    ]
    for bytes in incomplete {
      guard case .invalid = pageError(bytes) else {
        Issue.record("\(String(decoding: bytes, as: UTF8.self)) was read")
        continue
      }
    }
  }

  @Test func damagedFilesAreErrors() throws {
    let bytes = try Pages.bytes("transkribus.xml")
    for count in stride(from: 0, to: bytes.count, by: 97) {
      guard case .markup = pageError(Array(bytes[..<count])) else {
        Issue.record("\(count) bytes were read")
        continue
      }
    }
    let entity = Array("<!DOCTYPE PcGts [<!ENTITY e 'x'>]><PcGts>&e;</PcGts>".utf8)
    guard case .markup(.entityDeclaration) = pageError(entity) else {
      Issue.record("an entity was declared")
      return
    }
    let deep = Pages.page(String(repeating: "<TextRegion>", count: 100_000))
    guard case .markup(.tooDeep) = pageError(deep) else {
      Issue.record("100,000 regions inside each other were read")
      return
    }
  }

  @Test func linesAreCounted() {
    let many = String(
      repeating: "<TextLine><Coords points='0,0 1,0 1,1'/></TextLine>", count: 100_001)
    #expect(
      pageError(Pages.page(many)) == .tooManyLines(file: "p.xml", line: 2, limit: 100_000))
  }

  private func pageError(_ bytes: [UInt8]) -> DocumentError? {
    do throws(DocumentError) {
      _ = try PageXMLFile.read(bytes, name: "p.xml")
      return nil
    } catch {
      return error
    }
  }
}

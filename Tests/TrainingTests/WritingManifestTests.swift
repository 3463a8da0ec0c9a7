import Ink
import Testing
import Training

/// Manifests of pictures of lines, of pages and of pen strokes.
@Suite struct WritingManifestTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func clip(_ sample: Sample) throws -> ImageClip {
    guard case .image(let clip) = sample.source else {
      throw ManifestError.empty(path: sample.id)
    }
    return clip
  }

  private func recording(_ sample: Sample) throws -> PenRecording {
    guard case .strokes(let recording) = sample.source else {
      throw ManifestError.empty(path: sample.id)
    }
    return recording
  }

  @Test func picturesBesideTheirText() throws {
    try folder.write("b.png", "x")
    try folder.write("b.gt.txt", "\u{FEFF}two\r\nthree\r\n")
    try folder.write("b.txt", "what a program read")
    try folder.write("sub/a.JPG", "x")
    try folder.write("sub/a.txt", "one")
    try folder.write("c.jpeg", "x")
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["b.png", "c.jpeg", "sub/a.JPG"])
    #expect(samples.map(\.text) == ["two three", "", "one"])
    #expect(try clip(samples[2]) == ImageClip(path: folder.path + "/sub/a.JPG"))
    #expect(samples[0].origin.file == folder.path + "/b.gt.txt")
  }

  @Test func linesOfIAM() throws {
    let rows = """
      #--- lines.txt ---#
      #
      a01-000u-00 ok 154 19 408 746 1661 89 A|MOVE|to|stop|Mr.|Gaitskell
      a01-000u-01 err 156 19 395 932 1850 105 any|more
      a01-000u-02 ok 157 16 408 1106 1986 105 "|Life|Peers|"
      b02-001-00 ok 157 16 10 20 300 40 a|form
      """
    try folder.write("ascii/lines.txt", rows)
    try folder.write("ascii/forms.txt", "# writers\na01-000u 000 2 prt 7 5 52 36\n")
    try folder.write("lines/a01/a01-000u/a01-000u-00.png", "x")
    try folder.write("ascii/a01-000u-01.png", "x")
    try folder.write("forms/b02-001.png", "x")
    for path in ["/ascii", "/ascii/lines.txt"] {
      #expect(try Manifest.format(of: folder.path + path) == .iamLines)
      let samples = try Manifest.read(folder.path + path)
      #expect(
        samples.map(\.text) == [
          "A MOVE to stop Mr. Gaitskell", "any more", "\" Life Peers \"", "a form",
        ])
      #expect(samples.map(\.speaker) == ["000", "000", "000", nil])
      #expect(samples.map(\.origin.line) == [3, 4, 5, 6])
      let root = folder.path + "/ascii/"
      #expect(
        try samples.map(clip).map(\.path) == [
          root + "../lines/a01/a01-000u/a01-000u-00.png", root + "a01-000u-01.png",
          root + "a01/a01-000u/a01-000u-02.png", root + "../forms/b02-001.png",
        ])
      #expect(try clip(samples[3]).description.hasSuffix("b02-001.png[300x40+10+20]"))
    }
    try folder.write("broken/lines.txt", rows + "\na01-000u-03 ok 1 2 3\n")
    let error = #expect(throws: ManifestError.self) { try Manifest.read(folder.path + "/broken") }
    guard case .row(folder.path + "/broken/lines.txt", 7, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  private static let page = """
    <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
    <Page imageFilename="p.png" imageWidth="60" imageHeight="40"><TextRegion id="r">
    <Coords points="0,0 59,0 59,39 0,39"/>
    <TextLine id="l1"><Coords points="4,4 24,4 24,13 4,13"/>
    <Baseline points="4,12 24,12"/>
    <TextEquiv><Unicode>first</Unicode></TextEquiv></TextLine>
    <TextLine id="l2"><Coords points="4,20 24,20 24,29 4,29"/></TextLine>
    <TextLine id="l3"><TextEquiv><Unicode>nowhere</Unicode></TextEquiv></TextLine>
    </TextRegion></Page></PcGts>
    """

  private static let alto = """
    <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>
    <MeasurementUnit>pixel</MeasurementUnit>
    <sourceImageInformation><fileName>p.png</fileName></sourceImageInformation></Description>
    <Layout><Page WIDTH="60" HEIGHT="40"><PrintSpace><TextBlock ID="b">
    <TextLine ID="a1" HPOS="30" VPOS="4" WIDTH="20" HEIGHT="9"><String CONTENT="second"/></TextLine>
    </TextBlock></PrintSpace></Page></Layout></alto>
    """

  /// White, with a dark rectangle inside each of the outlines.
  private func writePage(_ name: String, width: Int = 60) throws {
    var image = GrayImage(width: width, height: 40)
    for y in 6..<11 {
      for x in 8..<20 { image[x, y] = 0 }
      for x in 34..<44 { image[x, y] = 100 }
    }
    try folder.write(name, bytes: try ImageFile.encode(image, file: name))
  }

  @Test func pagesGiveTheirLinesAndTheAuditNamesTheOthers() throws {
    try writePage("p.png")
    try folder.write("page/a.xml", Self.page)
    try folder.write("b.xml", Self.alto)
    try folder.write("mets.xml", "<mets/>")
    #expect(try Manifest.format(of: folder.path) == .pages)
    let samples = try Manifest.read(folder.path)
    #expect(samples.map(\.id) == ["b.xml:a1", "page/a.xml:l1", "page/a.xml:l2", "page/a.xml:l3"])
    #expect(samples.map(\.text) == ["second", "first", "", ""])
    #expect(try Manifest.read(folder.path + "/b.xml").map(\.id) == ["b.xml:a1"])

    let cache = PageCache()
    let line = try clip(samples[1]).load(from: cache)
    #expect((line.width, line.height) == (21, 10))
    #expect(line[4, 2] == 0 && line[0, 0] == 255)
    #expect(try clip(samples[0]).load(from: cache)[4, 2] == 100)

    let reasons = samples.map { Audits.reason(of: $0) }
    #expect(reasons[0] == nil && reasons[1] == nil)
    #expect(reasons[2] == .emptyTranscript)
    guard case .notOutlined(let problem)? = reasons[3] else {
      Issue.record("\(String(describing: reasons[3]))")
      return
    }
    #expect(problem.line == 8 && problem.file == folder.path + "/page/a.xml")
    #expect(
      "\(SampleProblem(sample: samples[3], reason: .notOutlined(problem)))".contains("a.xml:8"))
  }

  @Test func aPageIsDecodedOnceForAllItsLines() throws {
    try writePage("p.png")
    try writePage("q.png")
    let lines = (0..<40).map { index in
      let x = Double(index / 2)
      return ImageClip(
        path: folder.path + (index % 2 == 0 ? "/p.png" : "/q.png"),
        polygon: [.init(x: x, y: 0), .init(x: x + 20, y: 0), .init(x: x, y: 20)])
    }
    #expect(Set(lines).count == 40)
    let both = PageCache()
    for line in lines { _ = try line.load(from: both) }
    #expect(both.decodedCount == 2)
    let one = PageCache(byteLimit: 1)
    for line in lines[..<4] { _ = try line.load(from: one) }
    #expect(one.decodedCount == 4, "one page is kept, whatever its size")
  }

  @Test func aPageOfAnotherSizeAndAnOutlineBesideItAreNamed() throws {
    try writePage("p.png", width: 61)
    let path = try folder.write("a.xml", Self.page)
    let sample = try Manifest.read(path)[0]
    #expect(Audits.reason(of: sample) == .wrongSize(found: "61 × 40", expected: "60 × 40"))
    try writePage("p.png")
    try folder.write("b.xml", Self.page.replacing("4,4 24,4 24,13 4,13", with: "70,4 80,4 80,9"))
    guard
      case .unreadable(.document(.polygon))? = Audits.reason(
        of: try Manifest.read(folder.path + "/b.xml")[0])
    else {
      Issue.record("an outline beside the page was taken")
      return
    }
  }

  @Test func aDamagedPageFileEndsTheReadingWithItsLine() throws {
    try folder.write("a.xml", String(Self.page.dropLast(60)))
    let error = #expect(throws: ManifestError.self) { try Manifest.read(folder.path) }
    guard case .document? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(try #require(error))".hasPrefix(folder.path + "/a.xml:"))
    try folder.write("other/x.xml", "<html/>")
    #expect(throws: ManifestError.self) { try Manifest.read(folder.path + "/other/x.xml") }
  }

  @Test func jsonLinesWithBoxesAndPolygons() throws {
    let file = try folder.write(
      "a.jsonl",
      #"""
      {"image_filepath": "p.png", "text": "a", "box": [4, 5, 20, 10], "writer": "w"}
      {"image_filepath": "p.png", "text": "b", "polygon": [[0, 0], [9.5, 0], [3, 8]], "id": "b1"}
      {"image_filepath": "p.png", "text": "c"}
      """#)
    try writePage("p.png")
    let samples = try Manifest.read(file)
    let sizes = try samples.map { sample in
      let image = try clip(sample).load(from: PageCache())
      return [image.width, image.height]
    }
    #expect(sizes == [[20, 10], [11, 9], [60, 40]])
    #expect(samples.map(\.id) == ["p.png", "b1", "p.png"] && samples[0].speaker == "w")
  }

  @Test(arguments: [
    (#"{"image_filepath": "p.png"}"#, "'text'"),
    (#"{"image_filepath": "p.png", "text": "a", "box": [1, 2, 3]}"#, "'box'"),
    (#"{"image_filepath": "p.png", "text": "a", "box": [1, 2, 3, 0]}"#, "above 0"),
    (#"{"image_filepath": "p.png", "text": "a", "box": [1, 2, 3, 1e9]}"#, "'box'"),
    (#"{"image_filepath": "p.png", "text": "a", "polygon": [[1, 2], [3, 4]]}"#, "three points"),
    (#"{"image_filepath": "p.png", "text": "a", "polygon": [[1, 2], [3, 4], [5]]}"#, "a point"),
    (
      #"{"image_filepath": "p.png", "text": "a", "box": [1, 2, 3, 4], "polygon": []}"#,
      "one of them"
    ),
    (#"{"strokes_filepath": "", "text": "a"}"#, "'strokes_filepath'"),
    (#"{"strokes": [], "text": "a"}"#, "no stroke"),
    (#"{"text": "a"}"#, "'image_filepath'"),
  ])
  func brokenRowsAreNamed(row: String, named: String) throws {
    let file = try folder.write("a.jsonl", "\n" + row)
    let error = try #require(throws: ManifestError.self) { try Manifest.read(file) }
    guard case .row(file, 2, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(named), "\(error)")
  }

  private static let inkML = """
    <ink xmlns="http://www.w3.org/2003/InkML">
    <annotation type="truth">inside</annotation>
    <trace>0 0, 5 9, 9 0</trace><trace>3 3, 6 3</trace></ink>
    """

  @Test func strokesBesideTheirTextOrWithItInside() throws {
    try folder.write("a.inkml", Self.inkML)
    try folder.write("b.inkml", Self.inkML)
    try folder.write("b.txt", "beside\n")
    try folder.write(
      "c.json",
      #"{"strokes": [[[0, 0], [1, 1]]], "text": "one"}"# + "\n"
        + #"{"strokes": [[[5, 5], [6, 6]], [[7, 7]]]}"#)
    try folder.write("c.txt", "uno\ndue\n")
    try folder.write("d.dat", ".COORD X Y\n.PEN_DOWN\n1 2\n3 4\n.PEN_UP\n")
    try folder.write("d.txt", "unipen")
    try folder.write("e.inkml", "<ink><trace>1 2, x")
    try folder.write("notes.json", "{\"not\": \"strokes\"}")
    try folder.write("blob.dat", bytes: [0, 1, 2, 3])
    #expect(try Manifest.format(of: folder.path) == .strokes)
    let samples = try Manifest.read(folder.path)
    #expect(
      samples.map(\.id) == ["a.inkml", "b.inkml", "c.json:1", "c.json:2", "d.dat", "e.inkml"])
    #expect(samples.map(\.text) == ["inside", "beside", "uno", "due", "unipen", ""])
    #expect(try samples.map { try recording($0).strokes.count } == [2, 2, 1, 2, 1, 0])
    guard case .unreadable(.strokes)? = samples[5].defect else {
      Issue.record("\(String(describing: samples[5].defect))")
      return
    }
    #expect(try Manifest.read(folder.path + "/a.inkml").map(\.text) == ["inside"])
    #expect(try Manifest.read(folder.path + "/d.dat").map(\.text) == [""])
    // One line for a file of two recordings is the text of both together.
    try folder.write("c.txt", "uno due")
    let joined = try Manifest.read(folder.path).filter { $0.id.hasPrefix("c") }
    #expect(joined.map(\.text) == ["uno due"])
    #expect(try recording(joined[0]).strokes.count == 3)
  }

  @Test func jsonLinesNameFilesOfStrokes() throws {
    try folder.write("a.inkml", Self.inkML)
    let file = try folder.write(
      "rows.jsonl",
      #"""
      {"strokes_filepath": "a.inkml", "text": "told"}
      {"strokes_filepath": "a.inkml"}
      {"strokes_filepath": "gone.inkml", "text": "lost"}
      """#)
    let samples = try Manifest.read(file)
    #expect(samples.map(\.text) == ["told", "inside", "lost"])
    #expect(try recording(samples[0]).strokes.count == 2)
    guard case .missing(.strokes)? = samples[2].defect else {
      Issue.record("\(String(describing: samples[2].defect))")
      return
    }
  }
}

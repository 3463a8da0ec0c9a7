import Markup

/// PAGE XML, the format of PRImA, in which Transkribus, eScriptorium and others keep their pages.
///
/// All versions from 2009 to 2019 are read: Coords and Baseline as `points` or as `Point` elements;
/// of several TextEquiv the one with the lowest index; the text of words where a line has none.
public enum PageXMLFile {
  /// Reads a page.
  ///
  /// - Throws: `DocumentError` if the file as a whole is of no use. Lines that are not outlined, or not
  ///   well, are left out and listed in the page's problems.
  public static func read(_ path: String) throws(DocumentError) -> GroundTruthPage {
    try PageXMLParser(DocumentReader(path: path)).page()
  }

  /// Reads a page that is in memory, as if it came from the file `name`.
  public static func read(
    _ bytes: [UInt8], name: String
  ) throws(DocumentError) -> GroundTruthPage {
    try PageXMLParser(DocumentReader(MarkupReader(bytes: bytes, name: name))).page()
  }
}

final class PageXMLParser {
  /// The versions differ in what follows; some programs write the address with `https`.
  static let namespaces = ["http", "https"].map {
    "\($0)://schema.primaresearch.org/PAGE/gts/pagecontent/"
  }

  private let xml: DocumentReader
  private var found: GroundTruthPage?
  private var order = RegionOrder()
  private var problems = ProblemList()

  init(_ xml: DocumentReader) { self.xml = xml }

  func page() throws(DocumentError) -> GroundTruthPage {
    try xml.openRoot("PcGts", namespaces: Self.namespaces, kind: "PAGE XML")
    let rootLine = xml.line
    try xml.forEachChild { (child) throws(DocumentError) in
      if child.name == "Page" { try readPage(child) }
    }
    try xml.finish()
    guard var page = found else {
      throw .invalid(
        file: xml.name, line: rootLine, found: "no element 'Page'", expected: "one in 'PcGts'")
    }
    page.lines = order.lines()
    page.problems = problems.list
    return page
  }

  private func readPage(_ element: MarkupElement) throws(DocumentError) {
    guard found == nil else {
      throw .invalid(
        file: xml.name, line: xml.line, found: "a second 'Page'", expected: "one page in a file")
    }
    guard let image = element["imageFilename"], !image.isEmpty else {
      throw .invalid(
        file: xml.name, line: xml.line, found: "a 'Page' without the attribute 'imageFilename'",
        expected: "the name of the page's image")
    }
    found = GroundTruthPage(
      imagePath: ImageReference.path(image, in: xml.name),
      width: Self.size(element["imageWidth"]),
      height: Self.size(element["imageHeight"]))
    try readContent(region: nil)
  }

  private static func size(_ text: String?) -> Int? {
    text.flatMap { Int($0) }.flatMap { (1...Int(PagePoint.limit)).contains($0) ? $0 : nil }
  }

  /// Reads the children of a page or of a region.
  private func readContent(region: Int?) throws(DocumentError) {
    var region = region
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "ReadingOrder":
        order.listed = try PageReadingOrder.read(xml)
      case "TextLine":
        // The schema has lines in regions only; programs forget that.
        if region == nil {
          region = order.regions.count
          order.regions.append(RegionOrder.Region(id: ""))
        }
        try readLine(child, region: region ?? 0)
      case let name where name.hasSuffix("Region") || name == "TableCell":
        order.regions.append(
          RegionOrder.Region(
            id: child["id"] ?? "", parent: region, index: Self.readingIndex(child)))
        try readContent(region: order.regions.count - 1)
      default: break
      }
    }
  }

  private func readLine(_ element: MarkupElement, region: Int) throws(DocumentError) {
    let number = try problems.countLine(xml)
    let id = element["id"] ?? "line_\(number)"
    let fileLine = xml.line
    var (polygon, baseline): ([PagePoint]?, [PagePoint]?)
    var hasOutline = false
    var text = TextEquivalents()
    var words: [Word] = []
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "Coords":
        hasOutline = true
        polygon = try readPoints(child, id: id, least: 3)
      case "Baseline": baseline = try readPoints(child, id: id, least: 2)
      case "TextEquiv": try text.read(child, xml)
      case "Word": words.append(try readWord(id: id))
      default: break
      }
    }
    if !hasOutline {
      polygon = PageBox(around: words.flatMap { $0.polygon ?? [] })?.corners
      if polygon == nil {
        problems.add(xml.name, fileLine, id, found: "no outline", expected: "'Coords'")
      }
    }
    guard let polygon else { return }
    let spelled = words.compactMap(\.text)
    let line = GroundTruthLine(
      id: id, polygon: polygon, baseline: baseline,
      text: text.best ?? (spelled.isEmpty ? nil : spelled.joined(separator: " ")))
    order.regions[region].lines.append((line, Self.readingIndex(element)))
  }

  private struct Word {
    var text: String?
    var polygon: [PagePoint]?
  }

  private func readWord(id: String) throws(DocumentError) -> Word {
    var text = TextEquivalents()
    var polygon: [PagePoint]?
    var glyphs = ""
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "Coords": polygon = try readPoints(child, id: id, least: 3)
      case "TextEquiv": try text.read(child, xml)
      case "Glyph":
        var glyph = TextEquivalents()
        try xml.forEachChild { (child) throws(DocumentError) in
          if child.name == "TextEquiv" { try glyph.read(child, xml) }
        }
        glyphs += glyph.best ?? ""
      default: break
      }
    }
    return Word(text: text.best ?? (glyphs.isEmpty ? nil : glyphs), polygon: polygon)
  }

  /// The points of Coords or Baseline; nil, with a problem noted, if they are of no use.
  private func readPoints(
    _ element: MarkupElement, id: String, least: Int
  ) throws(DocumentError) -> [PagePoint]? {
    let fileLine = xml.line
    var text = element["points"] ?? ""
    if text.isEmpty {
      var count = 0
      try xml.forEachChild { (child) throws(DocumentError) in
        guard child.name == "Point", count <= PagePoint.countLimit else { return }
        count += 1
        text += "\(child["x"] ?? "no x") \(child["y"] ?? "no y") "
      }
    }
    return problems.points(
      text, least: least, of: element.name, at: (xml.name, fileLine, id))
  }

  /// The index in `custom="readingOrder {index:3;}"`, as Transkribus writes it.
  private static func readingIndex(_ element: MarkupElement) -> Int? {
    guard let custom = element["custom"], let start = custom.firstRange(of: "readingOrder") else {
      return nil
    }
    let inside = custom[start.upperBound...].prefix { $0 != "}" }
    guard let key = inside.firstRange(of: "index:") else { return nil }
    return Int(inside[key.upperBound...].drop { $0 == " " }.prefix { $0.isNumber })
  }
}

/// Of the readings of a line or word, the one with the lowest index.
struct TextEquivalents {
  private(set) var best: String?
  private var bestIndex = Int.max

  /// Reads a TextEquiv.
  mutating func read(_ element: MarkupElement, _ xml: DocumentReader) throws(DocumentError) {
    var (unicode, plain): (String?, String?)
    try xml.forEachChild { (child) throws(DocumentError) in
      if child.name == "Unicode" { unicode = GroundTruthLine.transcript(try xml.text()) }
      if child.name == "PlainText" { plain = GroundTruthLine.transcript(try xml.text()) }
    }
    let index = element["index"].flatMap { Int($0) } ?? 0
    guard index < bestIndex, let text = unicode ?? plain else { return }
    (best, bestIndex) = (text, index)
  }
}

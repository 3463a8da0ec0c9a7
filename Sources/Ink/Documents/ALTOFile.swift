import Markup

/// ALTO, the Library of Congress's format for the text of page images, versions 1 to 4.
///
/// Lines are outlined by their Shape, or else by their rectangle. The text is that of the strings and
/// spaces, with the hyphen at the end of the line if there is one.
public enum ALTOFile {
  /// Reads a page.
  ///
  /// - Parameter dotsPerInch: The resolution of the image, for files that measure in tenths of a
  ///   millimetre or 1200ths of an inch.
  /// - Throws: `DocumentError` if the file as a whole is of no use. Lines that are not outlined, or not
  ///   well, are left out and listed in the page's problems.
  public static func read(
    _ path: String, dotsPerInch: Double? = nil
  ) throws(DocumentError) -> GroundTruthPage {
    try ALTOParser(DocumentReader(path: path), dotsPerInch).page()
  }

  /// Reads a page that is in memory, as if it came from the file `name`.
  public static func read(
    _ bytes: [UInt8], name: String, dotsPerInch: Double? = nil
  ) throws(DocumentError) -> GroundTruthPage {
    try ALTOParser(DocumentReader(MarkupReader(bytes: bytes, name: name)), dotsPerInch).page()
  }
}

final class ALTOParser {
  /// The Library of Congress's, the first versions' and that of the French national library.
  static let namespaces = [
    "http://www.loc.gov/standards/alto/", "https://www.loc.gov/standards/alto/",
    "http://schema.ccs-gmbh.com/ALTO",
    "http://bibnum.bnf.fr/ns/alto",
  ]

  private let xml: DocumentReader
  private let dotsPerInch: Double?
  /// Pixels in a unit of the file.
  private var scale = 1.0
  private var imageName: String?
  private var pageCount = 0
  private var size: (width: Int?, height: Int?) = (nil, nil)
  private var order = RegionOrder()
  private var problems = ProblemList()

  init(_ xml: DocumentReader, _ dotsPerInch: Double?) {
    precondition(
      dotsPerInch.map { (1...100_000).contains($0) } ?? true,
      "ALTOFile: got \(dotsPerInch ?? 0) dots per inch, expected 1 to 100000")
    (self.xml, self.dotsPerInch) = (xml, dotsPerInch)
  }

  func page() throws(DocumentError) -> GroundTruthPage {
    try xml.openRoot("alto", namespaces: Self.namespaces, kind: "ALTO")
    let rootLine = xml.line
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "Description": try readDescription()
      case "ReadingOrder": order.listed = try references()
      case "Layout": try readLayout()
      default: break
      }
    }
    try xml.finish()
    guard pageCount == 1 else {
      throw .invalid(
        file: xml.name, line: rootLine, found: "\(pageCount) elements 'Page'",
        expected: "one page in a file")
    }
    guard let imageName, !imageName.isEmpty else {
      throw .invalid(
        file: xml.name, line: rootLine, found: "no 'sourceImageInformation/fileName'",
        expected: "the name of the page's image")
    }
    return GroundTruthPage(
      imagePath: ImageReference.path(imageName, in: xml.name), width: size.width,
      height: size.height, lines: order.lines(), problems: problems.list)
  }

  private func readDescription() throws(DocumentError) {
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "MeasurementUnit":
        let line = xml.line
        let unit = GroundTruthLine.transcript(try xml.text()) ?? "pixel"
        try setUnit(unit, line: line)
      case "sourceImageInformation":
        try xml.forEachChild { (child) throws(DocumentError) in
          if child.name == "fileName" { imageName = GroundTruthLine.transcript(try xml.text()) }
        }
      default: break
      }
    }
  }

  private func setUnit(_ unit: String, line: Int) throws(DocumentError) {
    switch (unit.lowercased(), dotsPerInch) {
    case ("pixel", _): scale = 1
    case ("mm10", let dots?): scale = dots / 254
    case ("inch1200", let dots?): scale = dots / 1200
    case ("mm10", nil): throw .unit(file: xml.name, line: line, found: "tenths of a millimetre")
    case ("inch1200", nil): throw .unit(file: xml.name, line: line, found: "1200ths of an inch")
    default:
      throw .invalid(
        file: xml.name, line: line, found: "the unit '\(unit)'",
        expected: "'pixel', 'mm10' or 'inch1200'")
    }
  }

  /// The ids that a reading order refers to, in the file's order.
  private func references() throws(DocumentError) -> [String] {
    var ids: [String] = []
    try xml.forEachChild { (child) throws(DocumentError) in
      ids += (child["REF"] ?? "").split(separator: " ").map(String.init)
      if child.name.hasSuffix("Group") { ids += try references() }
    }
    return ids
  }

  private func readLayout() throws(DocumentError) {
    try xml.forEachChild { (child) throws(DocumentError) in
      guard child.name == "Page" else { return }
      pageCount += 1
      size = (
        child["WIDTH"].flatMap { pixels($0) }, child["HEIGHT"].flatMap { pixels($0) }
      )
      try readBlocks(region: nil)
    }
  }

  /// Reads the children of a page, a print space, a margin or a block.
  private func readBlocks(region: Int?) throws(DocumentError) {
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "TextLine": try readLine(child, region: region ?? openRegion("", in: nil))
      case "TextBlock", "ComposedBlock":
        try readBlocks(region: openRegion(child["ID"] ?? "", in: region))
      case "PrintSpace", "TopMargin", "LeftMargin", "RightMargin", "BottomMargin":
        try readBlocks(region: region)
      default: break
      }
    }
  }

  private func openRegion(_ id: String, in parent: Int?) -> Int {
    order.regions.append(RegionOrder.Region(id: id, parent: parent))
    return order.regions.count - 1
  }

  private func pixels(_ text: String) -> Int? {
    number(text).map { Int($0.rounded()) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private func number(_ text: String) -> Double? {
    PagePoint.coordinate(text).map { $0 * scale }
  }
}

extension ALTOParser {
  private func readLine(_ element: MarkupElement, region: Int) throws(DocumentError) {
    let count = try problems.countLine(xml)
    let id = element["ID"] ?? "line_\(count)"
    let place = (file: xml.name, line: xml.line, id: id)
    var polygon: [PagePoint]?
    var hasShape = false
    var text = ALTOText()
    try xml.forEachChild { (child) throws(DocumentError) in
      switch child.name {
      case "Shape":
        try xml.forEachChild { (child) throws(DocumentError) in
          guard child.name == "Polygon" else { return }
          hasShape = true
          polygon = scaled(
            problems.points(child["POINTS"] ?? "", least: 3, of: "Polygon", at: place))
        }
      default: text.append(child)
      }
    }
    if !hasShape { polygon = rectangle(element, at: place) }
    guard let polygon else { return }
    let line = GroundTruthLine(
      id: id, polygon: polygon, baseline: baseline(element, polygon, at: place),
      text: text.transcript)
    order.regions[region].lines.append((line, nil))
  }

  private func scaled(_ points: [PagePoint]?) -> [PagePoint]? {
    points?.map { PagePoint(x: $0.x * scale, y: $0.y * scale) }
  }

  /// The corners of a line without a Shape.
  private func rectangle(
    _ element: MarkupElement, at place: (file: String, line: Int, id: String)
  ) -> [PagePoint]? {
    let names = ["HPOS", "VPOS", "WIDTH", "HEIGHT"]
    let values = names.compactMap { element[$0].flatMap { number($0) } }
    guard values.count == 4, values[2] >= 0, values[3] >= 0 else {
      let found = names.map { "\($0) '\(element[$0] ?? "")'" }.joined(separator: ", ")
      problems.add(
        place.file, place.line, place.id, found: String(found.prefix(200)),
        expected: "a Shape, or four numbers, finite and of no negative size")
      return nil
    }
    let (x, y, right, bottom) = (
      values[0], values[1], values[0] + values[2], values[1] + values[3]
    )
    return [(x, y), (right, y), (right, bottom), (x, bottom)].map {
      PagePoint(x: $0.0, y: $0.1)
    }
  }

  /// A list of points, or one height as the versions before 4.1 have it.
  private func baseline(
    _ element: MarkupElement, _ polygon: [PagePoint],
    at place: (file: String, line: Int, id: String)
  ) -> [PagePoint]? {
    guard let text = element["BASELINE"], !text.isEmpty else { return nil }
    guard let y = number(text) else {
      return scaled(problems.points(text, least: 2, of: "BASELINE", at: place))
    }
    let xs = polygon.map(\.x)
    guard let left = xs.min(), let right = xs.max() else { return nil }
    return [PagePoint(x: left, y: y), PagePoint(x: right, y: y)]
  }
}

/// The text of a line of ALTO, put together from its strings, spaces and hyphen.
struct ALTOText {
  private enum Part { case string(String), space, hyphen(String) }
  private var parts: [Part] = []

  mutating func append(_ element: MarkupElement) {
    switch element.name {
    case "String": parts.append(.string(element["CONTENT"] ?? ""))
    case "SP": parts.append(.space)
    case "HYP": parts.append(.hyphen(element["CONTENT"] ?? "-"))
    default: break
    }
  }

  /// The line; programs that write no spaces at all mean one between any two strings.
  var transcript: String? {
    let hasSpaces = parts.contains { if case .space = $0 { true } else { false } }
    var text = ""
    for (place, part) in parts.enumerated() {
      switch part {
      case .string(let content):
        if !hasSpaces, place > 0 { text += " " }
        text += content
      case .space: text += " "
      case .hyphen(let content): text += content
      }
    }
    return GroundTruthLine.transcript(text)
  }
}

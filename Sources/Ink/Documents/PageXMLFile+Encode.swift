import Foundation
import Markup

extension PageXMLFile {
  /// A page as PAGE XML of 2019, UTF-8, with words and glyphs.
  ///
  /// - Parameter created: The time that the file states.
  public static func encode(_ page: RecognizedPage, created: Date = Date()) -> [UInt8] {
    var writer = MarkupWriter()
    let namespace = PageXMLParser.namespaces[0] + "2019-07-15"
    let root = [
      ("xmlns", namespace), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
      ("xsi:schemaLocation", "\(namespace) \(namespace)/pagecontent.xsd"),
    ]
    writer.element("PcGts", root) { writer in
      writer.element("Metadata") { writer in
        writer.element("Creator", text: "scribe")
        writer.element("Created", text: created.formatted(.iso8601))
        writer.element("LastChange", text: created.formatted(.iso8601))
      }
      let attributes = [
        ("imageFilename", page.image), ("imageWidth", "\(page.width)"),
        ("imageHeight", "\(page.height)"),
      ]
      writer.element("Page", attributes) { writer in
        guard let box = page.textBox else { return }
        writer.element("TextRegion", [("id", "region_1")]) { writer in
          writeOutline(box.corners, page, &writer)
          for (number, line) in page.lines.enumerated() {
            write(line, "line_\(number + 1)", page, &writer)
          }
        }
      }
    }
    return writer.finish()
  }

  private static func write(
    _ line: RecognizedLine, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    var attributes = [("id", id)]
    if line.isRightToLeft { attributes.append(("readingDirection", "right-to-left")) }
    writer.element("TextLine", attributes) { writer in
      writeOutline(line.outline, page, &writer)
      if let baseline = line.baseline {
        writer.element("Baseline", [("points", PageFormat.points(baseline, on: page))])
      }
      for (number, word) in line.words.enumerated() {
        write(word, "\(id)_word_\(number + 1)", page, &writer)
      }
      writeText(line.text, line.confidence, &writer)
    }
  }

  private static func write(
    _ word: RecognizedWord, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    writer.element("Word", [("id", id)]) { writer in
      writeOutline(word.box.corners, page, &writer)
      for (number, character) in word.characters.enumerated() {
        writer.element("Glyph", [("id", "\(id)_glyph_\(number + 1)")]) { writer in
          writeOutline(character.box.corners, page, &writer)
          writeText(character.text, character.confidence, &writer)
        }
      }
      writeText(word.text, word.confidence, &writer)
    }
  }

  private static func writeOutline(
    _ points: [PagePoint], _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    writer.element("Coords", [("points", PageFormat.points(points, on: page))])
  }

  private static func writeText(
    _ text: String, _ confidence: Double, _ writer: inout MarkupWriter
  ) {
    writer.element("TextEquiv", [("conf", "\(confidence)")]) {
      $0.element("Unicode", text: text)
    }
  }
}

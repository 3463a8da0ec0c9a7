import Foundation
import Markup

extension ALTOFile {
  /// A page as ALTO 4.4, UTF-8.
  ///
  /// Words have their confidence as `WC` and those of their characters as `CC` (0 sure, 9 unsure). A
  /// Glyph of ALTO is one code point: where a word has a character that no single one stands for, its
  /// glyphs are left out, so that the places of the others still count.
  public static func encode(_ page: RecognizedPage) -> [UInt8] {
    var writer = MarkupWriter()
    let namespace = "http://www.loc.gov/standards/alto/ns-v4#"
    let root = [
      ("xmlns", namespace), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
      (
        "xsi:schemaLocation",
        "\(namespace) http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
      ),
    ]
    writer.element("alto", root) { writer in
      writer.element("Description") { writer in
        writer.element("MeasurementUnit", text: "pixel")
        writer.element("sourceImageInformation") { $0.element("fileName", text: page.image) }
        writer.element("Processing", [("ID", "recognition")]) { writer in
          writer.element("processingSoftware") { $0.element("softwareName", text: "scribe") }
        }
      }
      writer.element("Layout") { write(page, &$0) }
    }
    return writer.finish()
  }

  private static func write(_ page: RecognizedPage, _ writer: inout MarkupWriter) {
    let size = [("WIDTH", "\(page.width)"), ("HEIGHT", "\(page.height)")]
    writer.element("Page", [("ID", "page_1"), ("PHYSICAL_IMG_NR", "1")] + size) { writer in
      writer.element("PrintSpace", [("HPOS", "0"), ("VPOS", "0")] + size) { writer in
        guard let box = page.textBox else { return }
        writer.element("TextBlock", [("ID", "block_1")] + place(box, page)) { writer in
          for (number, line) in page.lines.enumerated() {
            write(line, "line_\(number + 1)", page, &writer)
          }
        }
      }
    }
  }

  private static func write(
    _ line: RecognizedLine, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    var attributes = [("ID", id)] + place(line.box, page)
    if let baseline = line.baseline {
      attributes.append(("BASELINE", PageFormat.points(baseline, on: page)))
    }
    if line.isRightToLeft { attributes.append(("BASEDIRECTION", "rtl")) }
    writer.element("TextLine", attributes) { writer in
      if let polygon = line.polygon {
        writer.element("Shape") {
          $0.element("Polygon", [("POINTS", PageFormat.points(polygon, on: page))])
        }
      }
      // Where no words are known, the whole line is one string.
      let words =
        line.words.isEmpty
        ? [RecognizedWord(text: line.text, confidence: line.confidence, box: line.box)]
        : line.words
      for (number, word) in words.enumerated() {
        if number > 0 { writer.element("SP") }
        write(word, "\(id)_word_\(number + 1)", page, &writer)
      }
    }
  }

  private static func write(
    _ word: RecognizedWord, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    var attributes =
      [("ID", id), ("CONTENT", word.text)] + place(word.box, page)
      + [("WC", "\(word.confidence)")]
    if !word.characters.isEmpty {
      let codes = word.characters.map { "\(Int((9 * (1 - $0.confidence)).rounded()))" }
      attributes.append(("CC", codes.joined(separator: " ")))
    }
    let glyphs = word.characters.map(\.text.precomposedStringWithCanonicalMapping)
    writer.element("String", attributes) { writer in
      guard glyphs.allSatisfy({ $0.unicodeScalars.count == 1 }) else { return }
      for (number, (glyph, character)) in zip(glyphs, word.characters).enumerated() {
        writer.element(
          "Glyph",
          [("ID", "\(id)_glyph_\(number + 1)"), ("CONTENT", glyph)]
            + place(character.box, page) + [("GC", "\(character.confidence)")])
      }
    }
  }

  private static func place(
    _ box: PageBox, _ page: RecognizedPage
  ) -> [MarkupWriter.Attribute] {
    let box = PageFormat.box(box, on: page)
    return [
      ("HPOS", "\(box.x)"), ("VPOS", "\(box.y)"), ("WIDTH", "\(box.width)"),
      ("HEIGHT", "\(box.height)"),
    ]
  }
}

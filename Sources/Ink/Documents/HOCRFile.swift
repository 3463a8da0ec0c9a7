import Markup

/// hOCR, text with places in XHTML, for people with a browser and for programs.
public enum HOCRFile {
  /// Pages as one document, UTF-8.
  ///
  /// Words are `ocrx_word` and characters `ocrx_cinfo`, with their confidences in percent as `x_wconf`
  /// and `x_conf`; where no words are known, the line holds its text. Lines that read from right to left
  /// are marked by `dir`.
  public static func encode(_ pages: [RecognizedPage]) -> [UInt8] {
    var writer = MarkupWriter(
      doctype: "html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
        + "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\"")
    writer.element("html", [("xmlns", "http://www.w3.org/1999/xhtml")]) { writer in
      writer.element("head") { writeHead(pages, &$0) }
      writer.element("body") { writer in
        for (number, page) in pages.enumerated() { write(page, number + 1, &writer) }
      }
    }
    return writer.finish()
  }

  private static func writeHead(_ pages: [RecognizedPage], _ writer: inout MarkupWriter) {
    writer.element("title", text: pages.map(\.image).joined(separator: ", "))
    let meta = [
      ("ocr-system", "scribe"), ("ocr-number-of-pages", "\(pages.count)"),
      ("ocr-capabilities", "ocr_page ocr_line ocrx_word ocrx_cinfo ocrp_dir"),
    ]
    writer.element(
      "meta", [("http-equiv", "Content-Type"), ("content", "text/html; charset=utf-8")])
    for (name, content) in meta {
      writer.element("meta", [("name", name), ("content", content)])
    }
  }

  private static func write(
    _ page: RecognizedPage, _ number: Int, _ writer: inout MarkupWriter
  ) {
    let whole = PageBox(x: 0, y: 0, width: page.width, height: page.height)
    let title = "image \(quoted(page.image)); \(bounds(whole, page)); ppageno \(number - 1)"
    let attributes = [("class", "ocr_page"), ("id", "page_\(number)"), ("title", title)]
    writer.element("div", attributes) { writer in
      for (place, line) in page.lines.enumerated() {
        write(line, "\(number)_\(place + 1)", page, &writer)
      }
    }
  }

  private static func write(
    _ line: RecognizedLine, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    var title = bounds(line.box, page)
    if let polygon = line.polygon {
      title += "; poly " + PageFormat.points(polygon, on: page).replacing(",", with: " ")
    }
    if let baseline = baseline(line, page) { title += "; baseline \(baseline)" }
    title += "; x_conf \(percent(line.confidence))"
    var attributes = [("class", "ocr_line"), ("id", "line_\(id)"), ("title", title)]
    if line.isRightToLeft { attributes.append(("dir", "rtl")) }
    writer.element("span", attributes) { writer in
      guard !line.words.isEmpty else { return writer.text(line.text) }
      for (place, word) in line.words.enumerated() {
        write(word, "\(id)_\(place + 1)", page, &writer)
      }
    }
  }

  private static func write(
    _ word: RecognizedWord, _ id: String, _ page: RecognizedPage, _ writer: inout MarkupWriter
  ) {
    let title = "\(bounds(word.box, page)); x_wconf \(Int((word.confidence * 100).rounded()))"
    let attributes = [("class", "ocrx_word"), ("id", "word_\(id)"), ("title", title)]
    writer.element("span", attributes, isInline: true) { writer in
      guard !word.characters.isEmpty else { return writer.text(word.text) }
      for character in word.characters {
        let title =
          "x_bboxes \(corners(character.box, page)); x_conf "
          + percent(character.confidence)
        writer.element(
          "span", [("class", "ocrx_cinfo"), ("title", title)], text: character.text)
      }
    }
  }

  private static func bounds(_ box: PageBox, _ page: RecognizedPage) -> String {
    "bbox \(corners(box, page))"
  }

  private static func corners(_ box: PageBox, _ page: RecognizedPage) -> String {
    let box = PageFormat.box(box, on: page)
    return "\(box.x) \(box.y) \(box.right) \(box.bottom)"
  }

  /// The slope of a baseline, and its height at the left of the box above the box's bottom.
  private static func baseline(_ line: RecognizedLine, _ page: RecognizedPage) -> String? {
    guard let first = line.baseline?.first, let last = line.baseline?.last, first.x != last.x
    else { return nil }
    let box = PageFormat.box(line.box, on: page)
    let slope = (last.y - first.y) / (last.x - first.x)
    let offset = first.y + slope * (Double(box.x) - first.x) - Double(box.bottom)
    guard abs(slope) < 1000, abs(offset) < PagePoint.limit else { return nil }
    return "\((slope * 1000).rounded() / 1000) \(Int(offset.rounded()))"
  }

  private static func percent(_ confidence: Double) -> String {
    "\((confidence * 10_000).rounded() / 100)"
  }

  /// A string of hOCR's properties, in which `;` does not end the property.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

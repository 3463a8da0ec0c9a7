import Markup

/// Walks through an XML file of a page, element by element, with this module's errors.
final class DocumentReader {
  private let markup: MarkupReader

  init(_ markup: MarkupReader) { self.markup = markup }

  convenience init(path: String) throws(DocumentError) {
    do throws(MarkupError) {
      try self.init(MarkupReader(path: path))
    } catch {
      throw .markup(error)
    }
  }

  /// The file.
  var name: String { markup.name }
  /// The line of the last tag.
  var line: Int { markup.line }

  /// Opens the root element, which has this name and no namespace or one that one of these begins.
  func openRoot(_ name: String, namespaces: [String], kind: String) throws(DocumentError) {
    while let event = try convert({ () throws(MarkupError) in try markup.next() }) {
      guard case .start(let element) = event else { continue }
      let namespace = element.namespace ?? ""
      guard element.name == name,
        namespace.isEmpty || namespaces.contains(where: { namespace.hasPrefix($0) })
      else {
        throw .wrongKind(
          file: self.name, line: line,
          found: "the element '\(element.name)'"
            + (namespace.isEmpty ? "" : " of the namespace '\(namespace)'"),
          expected: "\(kind): '\(name)' of '\(namespaces[0])'")
      }
      return
    }
  }

  /// Calls `body` with each child of the element whose start was read last.
  ///
  /// What `body` leaves unread of a child is passed over.
  func forEachChild(
    _ body: (MarkupElement) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    let parent = markup.depth
    while let child = try convert({ () throws(MarkupError) in
      try markup.nextChild(ofDepth: parent)
    }) {
      try body(child)
    }
  }

  /// The text of the element whose start was read last.
  func text() throws(DocumentError) -> String {
    try convert { () throws(MarkupError) in try markup.elementText() }
  }

  /// Reads to the end of the file, so that a file that is cut off does not pass for a shorter one.
  func finish() throws(DocumentError) {
    while try convert({ () throws(MarkupError) in try markup.next() }) != nil {}
  }

  private func convert<Value>(
    _ body: () throws(MarkupError) -> Value
  ) throws(DocumentError) -> Value {
    do throws(MarkupError) {
      return try body()
    } catch {
      throw .markup(error)
    }
  }
}

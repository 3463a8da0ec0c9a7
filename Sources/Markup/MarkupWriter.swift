/// Writes XML: elements, attributes and text, escaped, indented by two spaces, always well-formed UTF-8.
///
/// Characters that XML 1.0 has no way to write, such as most control characters, become U+FFFD.
public struct MarkupWriter {
  /// An attribute and its value.
  public typealias Attribute = (name: String, value: String)

  private struct Open {
    let name: String
    let isInline: Bool
    var hasChildren = false
    var hasText = false
  }

  private var bytes: [UInt8]
  private var stack: [Open] = []
  private var tagIsOpen = false
  private var hasRoot = false

  /// A document without elements yet.
  ///
  /// - Parameter doctype: What stands between `<!DOCTYPE ` and `>`, if anything.
  public init(doctype: String? = nil) {
    bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
    if let doctype { bytes += Array("<!DOCTYPE \(doctype)>\n".utf8) }
  }

  /// Opens an element inside the one that is open.
  ///
  /// - Parameter isInline: No space is put between the element's children; so it is inside an element
  ///   that has text already.
  public mutating func start(
    _ name: String, _ attributes: [Attribute] = [], isInline: Bool = false
  ) {
    Self.check(name)
    precondition(!stack.isEmpty || !hasRoot, "MarkupWriter: got a second root element '\(name)'")
    hasRoot = true
    closeTag()
    let parent = stack.last
    let isTight = parent.map { $0.isInline || $0.hasText } ?? false
    if parent != nil, !isTight { newLine() }
    if !stack.isEmpty { stack[stack.count - 1].hasChildren = true }
    bytes.append(UInt8(ascii: "<"))
    bytes += name.utf8
    for (name, value) in attributes {
      Self.check(name)
      bytes.append(UInt8(ascii: " "))
      bytes += name.utf8
      bytes += "=\"".utf8
      escape(value, isAttribute: true)
      bytes.append(UInt8(ascii: "\""))
    }
    tagIsOpen = true
    stack.append(Open(name: name, isInline: isInline || isTight))
  }

  /// Appends text to the element that is open.
  public mutating func text(_ text: String) {
    precondition(!stack.isEmpty, "MarkupWriter: got text outside of the root element")
    guard !text.isEmpty else { return }
    closeTag()
    stack[stack.count - 1].hasText = true
    escape(text, isAttribute: false)
  }

  /// Closes the element that was opened last.
  public mutating func end() {
    precondition(!stack.isEmpty, "MarkupWriter: got an end without an open element")
    let element = stack.removeLast()
    guard !tagIsOpen else {
      bytes += "/>".utf8
      tagIsOpen = false
      return
    }
    if element.hasChildren, !element.isInline, !element.hasText { newLine() }
    bytes += "</\(element.name)>".utf8
  }

  /// Writes an element with text, or an empty one.
  public mutating func element(
    _ name: String, _ attributes: [Attribute] = [], text: String = ""
  ) {
    start(name, attributes)
    self.text(text)
    end()
  }

  /// Writes an element whose content is what `body` writes.
  public mutating func element(
    _ name: String, _ attributes: [Attribute] = [], isInline: Bool = false,
    _ body: (inout MarkupWriter) -> Void
  ) {
    start(name, attributes, isInline: isInline)
    body(&self)
    end()
  }

  /// The document; elements that are still open are closed.
  public consuming func finish() -> [UInt8] {
    precondition(hasRoot, "MarkupWriter: got no root element")
    while !stack.isEmpty { end() }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

extension MarkupWriter {
  private mutating func closeTag() {
    if tagIsOpen { bytes.append(UInt8(ascii: ">")) }
    tagIsOpen = false
  }

  private mutating func newLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * stack.count))
  }

  private mutating func escape(_ text: String, isAttribute: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": bytes += "&amp;".utf8
      case "<": bytes += "&lt;".utf8
      case ">": bytes += "&gt;".utf8
      case "\r": bytes += "&#13;".utf8
      case "\"" where isAttribute: bytes += "&quot;".utf8
      // A reader makes spaces of them where they stand as they are.
      case "\n" where isAttribute: bytes += "&#10;".utf8
      case "\t" where isAttribute: bytes += "&#9;".utf8
      case "\n", "\t": bytes.append(UInt8(scalar.value))
      case "\u{0}"..."\u{1F}", "\u{FFFE}"..."\u{FFFF}": bytes += "\u{FFFD}".utf8
      default: bytes += UTF8.encode(scalar)!
      }
    }
  }

  /// Names are the program's own: letters, digits, `_`, `-`, `.` and `:`.
  private static func check(_ name: String) {
    let isName = name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x3A).contains(byte)
        || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
    }
    precondition(
      isName && name.utf8.first.map { $0 >= 0x41 } ?? false,
      "MarkupWriter: got the name '\(name)', expected an XML name of ASCII characters")
  }
}

import CXML

/// libxml2's push parser, whose calls are gathered as events.
///
/// No tree is built. The parser is told to expand no entity, and nothing that it would print or load
/// reaches the outside.
final class EventParser {
  /// An event and the line that it is on.
  struct Located {
    let event: MarkupEvent
    let line: Int
  }

  let limits: MarkupLimits
  private let name: String
  /// What was found since the events were last taken.
  var events: [Located] = []
  /// Why no more events will come.
  private(set) var failure: MarkupError?

  private var context: xmlParserCtxtPtr?
  private var depth = 0
  private var text: [UInt8] = []
  private var textLine = 1

  init(name: String, limits: MarkupLimits) {
    (self.name, self.limits) = (name, limits)
  }

  deinit {
    guard let context else { return }
    // Entities of a document type get a document of their own.
    if let document = context.pointee.myDoc { xmlFreeDoc(document) }
    xmlFreeParserCtxt(context)
  }

  /// Takes the next bytes of the file.
  func parse(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
    withErrorsCaught {
      var start = 0
      if context == nil {
        // The encoding is found in the first four bytes, which the parser wants by themselves.
        start = min(4, bytes.count)
        open(base, start)
      }
      if start < bytes.count {
        xmlParseChunk(context, base + start, Int32(bytes.count - start), 0)
      }
    }
    checkProgress()
  }

  /// Says that the file has no more bytes.
  func finish() {
    guard context != nil else {
      failure = failure ?? .empty(file: name)
      return
    }
    guard failure == nil else { return }
    withErrorsCaught { _ = xmlParseChunk(context, nil, 0, 1) }
    flushText()
    checkProgress()
  }

  private func open(_ head: UnsafePointer<CChar>, _ count: Int) {
    _ = Self.isInitialized
    var handler = Self.handler
    let user = Unmanaged.passUnretained(self).toOpaque()
    context = xmlCreatePushParserCtxt(&handler, user, head, Int32(count), nil)
    // Without NOENT, '&amp;' in an attribute would come as '&#38;'. There is nothing else to expand:
    // `getEntity` has no entity for any name.
    xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue))
  }

  /// Different names in a file, at most; the parser keeps them all, and finds them ever more slowly.
  private static let nameLimit = 1 << 16

  private func checkProgress() {
    guard failure == nil, let context else { return }
    if xmlDictSize(context.pointee.dict) > Self.nameLimit {
      return fail(.tooManyNames(file: name, line: line, limit: Self.nameLimit))
    }
    if context.pointee.wellFormed == 0 {
      fail(.malformed(file: name, line: line, reason: "an unnamed error"))
    } else if let input = context.pointee.input?.pointee, let end = input.end, let cur = input.cur,
      end - cur > limits.tagBytes
    {
      fail(
        .tooLong(
          file: name, line: line, part: "a tag, comment or declaration", limit: limits.tagBytes))
    }
  }

  private static let isInitialized: Bool = {
    xmlInitParser()
    return true
  }()

  private var line: Int { max(1, Int(context?.pointee.input?.pointee.line ?? 1)) }

  /// Keeps the first error; what the parser still calls for the bytes it has is ignored.
  private func fail(_ error: MarkupError) {
    if failure == nil {
      flushText()
      failure = error
    }
  }
}

extension EventParser {
  fileprivate func start(
    _ name: UnsafePointer<xmlChar>?, _ namespace: UnsafePointer<xmlChar>?,
    _ attributeCount: Int, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard failure == nil, let name else { return }
    flushText()
    depth += 1
    guard depth <= limits.depth else {
      return fail(.tooDeep(file: self.name, line: line, limit: limits.depth))
    }
    var (plain, prefixed): ([MarkupAttribute], [MarkupAttribute]) = ([], [])
    var size = 0
    for index in 0..<attributeCount {
      // Local name, prefix, namespace, start and end of the value.
      guard let parts = attributes.map({ $0 + 5 * index }), let name = parts[0],
        let start = parts[3], let end = parts[4]
      else { continue }
      let value = UnsafeBufferPointer(start: start, count: end - start)
      size += value.count
      let attribute = MarkupAttribute(
        name: String(cString: name), value: String(decoding: value, as: UTF8.self))
      if parts[1] == nil { plain.append(attribute) } else { prefixed.append(attribute) }
    }
    guard size <= limits.tagBytes else {
      return fail(
        .tooLong(file: self.name, line: line, part: "attributes", limit: limits.tagBytes))
    }
    let element = MarkupElement(
      name: String(cString: name), namespace: namespace.map { String(cString: $0) },
      attributes: plain + prefixed)
    events.append(Located(event: .start(element), line: line))
  }

  fileprivate func end(_ name: UnsafePointer<xmlChar>?) {
    guard failure == nil, let name else { return }
    flushText()
    depth -= 1
    events.append(Located(event: .end(String(cString: name)), line: line))
  }

  fileprivate func characters(_ start: UnsafePointer<xmlChar>?, _ count: Int32) {
    guard failure == nil, let start else { return }
    let piece = UnsafeBufferPointer(start: start, count: Int(count))
    // The parser has passed the piece already.
    if text.isEmpty { textLine = max(1, line - piece.count { $0 == 0x0A }) }
    text.append(contentsOf: piece)
    if text.count >= limits.pieceBytes { flushText() }
  }

  private func flushText() {
    guard !text.isEmpty else { return }
    var rest = text[...]
    while !rest.isEmpty {
      var count = min(rest.count, limits.pieceBytes)
      if count < rest.count {
        while count > 1, rest[rest.startIndex + count] & 0xC0 == 0x80 { count -= 1 }
      }
      let piece = String(decoding: rest.prefix(count), as: UTF8.self)
      events.append(Located(event: .text(piece), line: textLine))
      textLine += piece.utf8.count { $0 == 0x0A }
      rest = rest.dropFirst(count)
    }
    text.removeAll(keepingCapacity: true)
  }

  fileprivate func entityReference(_ name: UnsafePointer<xmlChar>?) {
    let name = name.map { String(cString: $0) } ?? ""
    fail(.entityReference(file: self.name, line: line, name: name))
  }

  fileprivate func entityDeclaration(_ name: UnsafePointer<xmlChar>?) {
    let name = name.map { String(cString: $0) } ?? ""
    fail(.entityDeclaration(file: self.name, line: line, name: name))
  }

  fileprivate func attributeDefault(
    _ element: UnsafePointer<xmlChar>?, _ attribute: UnsafePointer<xmlChar>?
  ) {
    fail(
      .attributeDefault(
        file: name, line: line, element: element.map { String(cString: $0) } ?? "",
        attribute: attribute.map { String(cString: $0) } ?? ""))
  }

  fileprivate func parserError(_ message: UnsafePointer<CChar>?, line: Int32) {
    let words = message.map { String(cString: $0) } ?? "an unnamed error"
    let reason = words.split(whereSeparator: \.isNewline).joined(separator: " ")
    fail(.malformed(file: name, line: max(1, line > 0 ? Int(line) : self.line), reason: reason))
  }
}

extension EventParser {
  fileprivate static func parser(_ user: UnsafeMutableRawPointer?) -> EventParser? {
    user.map { Unmanaged<EventParser>.fromOpaque($0).takeUnretainedValue() }
  }

  /// What the parser calls; everything that is not here is passed over.
  fileprivate static var handler: xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.startElementNs = { user, name, _, namespace, _, _, count, _, attributes in
      EventParser.parser(user)?.start(name, namespace, Int(count), attributes)
    }
    handler.endElementNs = { user, name, _, _ in EventParser.parser(user)?.end(name) }
    let characters: charactersSAXFunc = { user, text, count in
      EventParser.parser(user)?.characters(text, count)
    }
    handler.characters = characters
    handler.ignorableWhitespace = characters
    handler.cdataBlock = characters
    handler.getEntity = { user, name in
      EventParser.parser(user)?.entityReference(name)
      return nil
    }
    handler.entityDecl = { user, name, _, _, _, _ in
      EventParser.parser(user)?.entityDeclaration(name)
    }
    handler.unparsedEntityDecl = { user, name, _, _, _ in
      EventParser.parser(user)?.entityDeclaration(name)
    }
    handler.attributeDecl = { user, element, attribute, _, _, value, choices in
      xmlFreeEnumeration(choices)
      if value != nil { EventParser.parser(user)?.attributeDefault(element, attribute) }
    }
    handler.serror = { user, error in
      guard let error, error.pointee.level == XML_ERR_FATAL else { return }
      EventParser.parser(user)?.parserError(error.pointee.message, line: error.pointee.line)
    }
    return handler
  }

  /// Catches the errors that libxml2 reports without naming a parser; they would be printed.
  fileprivate func withErrorsCaught(_ body: () -> Void) {
    let (previous, previousUser) = (
      __xmlStructuredError()?.pointee, __xmlStructuredErrorContext()?.pointee
    )
    xmlSetStructuredErrorFunc(Unmanaged.passUnretained(self).toOpaque(), Self.handler.serror)
    body()
    xmlSetStructuredErrorFunc(previousUser, previous)
  }
}

import Files

/// Reads XML from its beginning to its end, event by event, in bounded memory.
///
/// Names come without their namespace prefixes. No entity is expanded but the five of XML itself and
/// character references, and nothing but the file is opened. The encodings are libxml2's: UTF-8,
/// UTF-16, Latin-1 and whatever else the declaration names and the system converts.
///
/// A reader belongs to one task; any number of readers work side by side.
public final class MarkupReader {
  /// The file's name, for errors.
  public let name: String
  /// The line of the last event, from 1: where a tag ends, or where a text starts.
  public private(set) var line = 1
  /// How many elements are open after the last event.
  public private(set) var depth = 0

  private let source: Source
  private let parser: EventParser
  private var events: [EventParser.Located] = []
  private var position = 0
  private var isFinished = false
  private let block: UnsafeMutableRawBufferPointer

  /// Bytes handed to the parser at a time.
  private static let blockSize = 1 << 15

  /// Opens a file.
  public convenience init(
    path: String, limits: MarkupLimits = MarkupLimits()
  ) throws(MarkupError) {
    do throws(FileError) {
      try self.init(FileSource(path), name: path, limits)
    } catch {
      throw .file(error)
    }
  }

  /// Reads bytes that are in memory; errors call them `name`.
  public convenience init(bytes: [UInt8], name: String, limits: MarkupLimits = MarkupLimits()) {
    self.init(MemorySource(bytes), name: name, limits)
  }

  private init(_ source: Source, name: String, _ limits: MarkupLimits) {
    (self.source, self.name) = (source, name)
    parser = EventParser(name: name, limits: limits)
    block = .allocate(byteCount: Self.blockSize, alignment: 1)
  }

  deinit { block.deallocate() }

  /// The next event, or nil at the end of the file.
  ///
  /// What comes before the place of an error is yielded first; after an error, the same again.
  public func next() throws(MarkupError) -> MarkupEvent? {
    while position == events.count {
      if isFinished {
        if let failure = parser.failure { throw failure }
        return nil
      }
      try readBlock()
    }
    let event = events[position]
    position += 1
    line = event.line
    switch event.event {
    case .start: depth += 1
    case .end: depth -= 1
    case .text: break
    }
    return event.event
  }

  private func readBlock() throws(MarkupError) {
    let count: Int
    do throws(FileError) {
      count = try source.read(into: block)
    } catch {
      throw .file(error)
    }
    if count > 0 {
      parser.parse(UnsafeRawBufferPointer(rebasing: block[..<count]))
    } else {
      parser.finish()
    }
    isFinished = count == 0 || parser.failure != nil
    events.removeAll(keepingCapacity: true)
    swap(&events, &parser.events)
    position = 0
  }
}

extension MarkupReader {
  /// The text inside the element whose start was the last event, with that of the elements in it.
  ///
  /// - Throws: `MarkupError.tooLong` beyond ``MarkupLimits/textBytes``, and what ``next()`` throws.
  public func elementText() throws(MarkupError) -> String {
    let outside = depth - 1
    let first = line
    var text = ""
    while depth > outside, let event = try next() {
      guard case .text(let piece) = event else { continue }
      text += piece
      if text.utf8.count > parser.limits.textBytes {
        throw .tooLong(file: name, line: first, part: "a text", limit: parser.limits.textBytes)
      }
    }
    return text
  }

  /// Passes over the rest of the element whose start was the last event.
  public func skipElement() throws(MarkupError) {
    let outside = depth - 1
    while depth > outside, try next() != nil {}
  }

  /// The next start tag among the children of the element that is open at `depth`; nil at its end.
  ///
  /// Text between the children is passed over, and so is what is left of the child before.
  public func nextChild(ofDepth parent: Int) throws(MarkupError) -> MarkupElement? {
    while let event = try next() {
      switch event {
      case .start(let element) where depth == parent + 1: return element
      case .end where depth < parent: return nil
      default: continue
      }
    }
    return nil
  }
}

/// Where the bytes come from.
private class Source {
  /// Fills `block`; fewer bytes only at the end.
  func read(into block: UnsafeMutableRawBufferPointer) throws(FileError) -> Int { 0 }
}

private final class FileSource: Source {
  private let file: InputFile

  init(_ path: String) throws(FileError) { file = try InputFile(path) }

  override func read(into block: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    try file.read(into: block)
  }
}

private final class MemorySource: Source {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  override func read(into block: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(rest.count, block.count)
    block.copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return count
  }
}

import Markup

/// Reads InkML, the W3C's Ink Markup Language (Recommendation of 20 September 2011).
///
/// Taken are traces with all their notations, trace formats, contexts, ink sources and their
/// resolutions, time stamps, continued traces, groups, and annotations of type `truth`, `text`, `label`,
/// `transcription` and `writer`. Traces of the pen in the air are left out; traces inside of definitions
/// are no ink. Mappings, canvas transforms and views are passed over, and nothing outside of the file
/// is looked up.
struct InkMLReader {
  /// Strokes that belong to a text.
  private struct Group {
    var strokes: Range<Int>
    var text: String
  }

  /// A trace that another one may continue.
  struct Begun {
    var stroke: Int
    var states: [InkMLTrace.State]
  }

  let reader: MarkupReader
  var collector: StrokeCollector
  var library = InkMLLibrary()
  var current = InkMLContext()
  var begun: [String: Begun] = [:]
  var lastBegun: Begun?
  private var text: String?
  private var writer: String?

  init(_ reader: MarkupReader, limits: StrokeLimits) {
    self.reader = reader
    collector = StrokeCollector(file: reader.name, limits: limits)
    library.file = reader.name
  }

  /// Reads the rest of the file, whose root's start was the last event.
  mutating func samples() throws(StrokeError) -> [StrokeSample] {
    var groups: [Group] = []
    while let child = try child(of: 1) { groups += try top(child) }
    try drain()
    let strokes = collector.strokes
    guard !strokes.isEmpty else { throw .noStrokes(file: reader.name) }
    groups.removeAll { $0.strokes.isEmpty }
    if text != nil || groups.isEmpty { return [sample(strokes, text)] }
    var rest = Set(strokes.indices)
    for group in groups { rest.subtract(group.strokes) }
    var samples = groups.map { sample(Array(strokes[$0.strokes]), $0.text) }
    if !rest.isEmpty { samples.append(sample(rest.sorted().map { strokes[$0] }, nil)) }
    return samples
  }

  private func sample(_ strokes: [Stroke], _ text: String?) -> StrokeSample {
    StrokeSample(recording: PenRecording(strokes: strokes), text: text, writer: writer)
  }

  private mutating func top(_ element: MarkupElement) throws(StrokeError) -> [Group] {
    switch element.name {
    case "trace": try trace(element, current)
    case "traceGroup": return try group(element, current)
    case "annotation":
      let (type, content) = try annotation(element)
      if type == "writer" { writer = writer ?? content }
      if Self.isText(type) { text = text ?? content }
    case "context": current = try library.context(element, reader, inherited: current)
    case "definitions": try library.definitions(reader)
    // Not of the Recommendation, but common: the format of all traces, directly below the root.
    case "traceFormat": current.format = try library.format(element, reader)
    case "inkSource": current = try library.source(element, reader)
    default: try library.define(element, reader)
    }
    return []
  }

  private mutating func group(
    _ element: MarkupElement, _ outer: InkMLContext
  ) throws(StrokeError) -> [Group] {
    let context = try library.context(named: element["contextRef"], reader.line) ?? outer
    let depth = reader.depth
    let first = collector.strokes.count
    var (own, inner): (String?, [Group]) = (nil, [])
    while let child = try child(of: depth) {
      switch child.name {
      case "trace": try trace(child, context)
      case "traceGroup": inner += try group(child, context)
      case "annotation":
        let (type, content) = try annotation(child)
        if Self.isText(type) { own = own ?? content }
      default: continue
      }
    }
    guard let own else { return inner }
    return [Group(strokes: first..<collector.strokes.count, text: own)]
  }

  private static func isText(_ type: String) -> Bool {
    ["truth", "text", "label", "transcription"].contains(type)
  }

  private func annotation(_ element: MarkupElement) throws(StrokeError) -> (String, String) {
    let type = element["type"]?.lowercased() ?? ""
    do throws(MarkupError) {
      return (type, trimmed(try reader.elementText()))
    } catch {
      throw .markup(error)
    }
  }

  private func child(of depth: Int) throws(StrokeError) -> MarkupElement? {
    try reader.child(of: depth)
  }

  /// Reads what follows the root, which may be malformed.
  private func drain() throws(StrokeError) {
    while try reader.event() != nil {}
  }
}

extension InkMLReader {
  private mutating func trace(
    _ element: MarkupElement, _ outer: InkMLContext
  ) throws(StrokeError) {
    let line = reader.line
    guard element["type"] != "penUp" else { return }
    let context = try library.context(named: element["contextRef"], line) ?? outer
    let (stroke, states) = try place(element, line)
    var trace = InkMLTrace(file: reader.name, format: context.format, states: states)
    let plan = try InkMLPoint(context, library.timestamps, element, file: reader.name, line)
    let depth = reader.depth
    while reader.depth >= depth, let event = try reader.event() {
      guard case .text(let text) = event else { continue }
      trace.line = reader.line
      try trace.feed(text.utf8) { (trace) throws(StrokeError) in
        try plan.add(trace, to: &collector, stroke)
      }
    }
    try trace.finish { (trace) throws(StrokeError) in
      try plan.add(trace, to: &collector, stroke)
    }
    guard !collector.strokes[stroke].points.isEmpty else {
      throw .invalid(
        file: reader.name, line: line, found: "a trace without points", expected: "one or more")
    }
    remember(element, Begun(stroke: stroke, states: trace.states))
  }

  /// The stroke that a trace belongs to: a new one, or the one that it continues.
  private mutating func place(
    _ element: MarkupElement, _ line: Int
  ) throws(StrokeError) -> (Int, [InkMLTrace.State]?) {
    if let word = element["continuation"], word != "begin" {
      guard ["middle", "end"].contains(word) else {
        throw .invalid(
          file: reader.name, line: line, found: "continuation '\(word.prefix(24))'",
          expected: "begin, middle or end")
      }
      let prior = element["priorRef"].map { begun[String($0.drop { $0 == "#" })] } ?? lastBegun
      guard let prior else {
        throw .invalid(
          file: reader.name, line: line, found: "a trace that continues none",
          expected: "a trace before it with continuation begin or middle")
      }
      return (prior.stroke, prior.states)
    }
    try collector.begin(line: line)
    return (collector.last, nil)
  }

  private mutating func remember(_ element: MarkupElement, _ trace: Begun) {
    guard ["begin", "middle"].contains(element["continuation"]) else { return }
    lastBegun = trace
    if let id = element["id"] { begun[id] = trace }
  }
}

/// A text without blanks around it.
func trimmed(_ text: String) -> String {
  var rest = Substring(text)
  while let first = rest.first, first.isWhitespace { rest.removeFirst() }
  while let last = rest.last, last.isWhitespace { rest.removeLast() }
  return String(rest)
}

extension MarkupReader {
  /// The next event, with the error of strokes.
  func event() throws(StrokeError) -> MarkupEvent? {
    do throws(MarkupError) {
      return try next()
    } catch {
      throw .markup(error)
    }
  }

  /// The next child of the element open at a depth, with the error of strokes.
  func child(of depth: Int) throws(StrokeError) -> MarkupElement? {
    do throws(MarkupError) {
      return try nextChild(ofDepth: depth)
    } catch {
      throw .markup(error)
    }
  }
}

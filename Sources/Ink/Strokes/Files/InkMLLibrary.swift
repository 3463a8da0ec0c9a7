import Markup

/// What an InkML file defines by name: formats, sources, contexts and time stamps.
struct InkMLLibrary {
  var file = ""
  private(set) var timestamps: [String: Double] = [:]
  private var formats: [String: InkMLFormat] = [:]
  private var sources: [String: InkMLContext] = [:]
  private var contexts: [String: InkMLContext] = [:]

  /// Names that one file may define.
  private static let limit = 100_000
  private static let channelLimit = 256

  /// The context behind a reference such as `#pen`; nil if there is none.
  func context(named name: String?, _ line: Int) throws(StrokeError) -> InkMLContext? {
    guard let name, name != "#DefaultContext" else { return nil }
    return try find(name, in: contexts, line)
  }

  private func find<Value>(
    _ reference: String, in table: [String: Value], _ line: Int
  ) throws(StrokeError) -> Value {
    guard let value = table[String(reference.drop { $0 == "#" })] else {
      throw .invalid(
        file: file, line: line, found: "a reference to '\(reference.prefix(64))'",
        expected: "the id of an element above, in this file")
    }
    return value
  }

  private func checkRoom(_ line: Int) throws(StrokeError) {
    guard formats.count + sources.count + contexts.count + timestamps.count < Self.limit else {
      throw .tooMany(file: file, line: line, what: "definitions", limit: Self.limit)
    }
  }

  /// Reads the children of `definitions`, whose start was the last event.
  mutating func definitions(_ reader: MarkupReader) throws(StrokeError) {
    let depth = reader.depth
    while let child = try reader.child(of: depth) { try define(child, reader) }
  }

  /// Reads an element that may be defined; others are left to be passed over.
  mutating func define(
    _ element: MarkupElement, _ reader: MarkupReader
  ) throws(StrokeError) {
    try checkRoom(reader.line)
    switch element.name {
    case "context": _ = try context(element, reader, inherited: InkMLContext())
    case "inkSource": _ = try source(element, reader)
    case "traceFormat": _ = try format(element, reader)
    case "timestamp": _ = try timestamp(element, reader.line)
    default: return
    }
  }

  /// Reads a `context`.
  mutating func context(
    _ element: MarkupElement, _ reader: MarkupReader, inherited: InkMLContext
  ) throws(StrokeError) -> InkMLContext {
    let line = reader.line
    try checkRoom(line)
    var context = try context(named: element["contextRef"], line) ?? inherited
    if let name = element["inkSourceRef"], name != "#DefaultInkSource" {
      context = try find(name, in: sources, line)
    }
    if let name = element["traceFormatRef"] {
      context.format =
        name == "#DefaultTraceFormat" ? .plain : try find(name, in: formats, line)
    }
    let depth = reader.depth
    while let child = try reader.child(of: depth) {
      switch child.name {
      case "inkSource": context = try source(child, reader)
      case "traceFormat": context.format = try format(child, reader)
      case "timestamp": _ = try timestamp(child, reader.line)
      default: continue
      }
    }
    if let id = element["id"] { contexts[id] = context }
    return context
  }

  /// Reads an `inkSource`.
  mutating func source(
    _ element: MarkupElement, _ reader: MarkupReader
  ) throws(StrokeError) -> InkMLContext {
    try checkRoom(reader.line)
    var source = InkMLContext()
    let depth = reader.depth
    while let child = try reader.child(of: depth) {
      switch child.name {
      case "traceFormat": source.format = try format(child, reader)
      case "channelProperties":
        let inner = reader.depth
        while let property = try reader.child(of: inner) { resolve(property, &source) }
      default: continue
      }
    }
    if let id = element["id"] { sources[id] = source }
    return source
  }

  private func resolve(_ property: MarkupElement, _ source: inout InkMLContext) {
    guard property["name"] == "resolution", let channel = property["channel"],
      let value = property["value"].flatMap(InkMLTrace.number), let units = property["units"]
    else { return }
    source.resolutions[channel] = InkMLUnit.resolution(value, units)
  }

  private mutating func timestamp(
    _ element: MarkupElement, _ line: Int
  ) throws(StrokeError) -> Double {
    var seconds = 0.0
    if let name = element["timestampRef"] { seconds = try find(name, in: timestamps, line) }
    for attribute in ["time", "timeOffset"] {
      guard let word = element[attribute] else { continue }
      guard let value = InkMLTrace.number(trimmed(word)) else {
        throw .invalid(
          file: file, line: line, found: "\(attribute) '\(word.prefix(24))'",
          expected: "milliseconds")
      }
      seconds += value / 1000
    }
    if let id = element["id"] { timestamps[id] = seconds }
    return seconds
  }

  /// Reads a `traceFormat`.
  mutating func format(
    _ element: MarkupElement, _ reader: MarkupReader
  ) throws(StrokeError) -> InkMLFormat {
    try checkRoom(reader.line)
    var format = InkMLFormat(channels: [], regularCount: 0)
    let (depth, line) = (reader.depth, reader.line)
    while let child = try reader.child(of: depth) {
      if child.name == "channel" {
        try append(try channel(child, reader.line), to: &format, isRegular: true, line)
      } else if child.name == "intermittentChannels" {
        let inner = reader.depth
        while let child = try reader.child(of: inner) {
          guard child.name == "channel" else { continue }
          try append(try channel(child, reader.line), to: &format, isRegular: false, line)
        }
      }
    }
    if format.channels.isEmpty { format = .plain }
    if let id = element["id"] { formats[id] = format }
    return format
  }

  private func append(
    _ channel: InkMLFormat.Channel, to format: inout InkMLFormat, isRegular: Bool, _ line: Int
  ) throws(StrokeError) {
    guard format.channels.count < Self.channelLimit else {
      throw .tooMany(file: file, line: line, what: "channels", limit: Self.channelLimit)
    }
    format.channels.insert(channel, at: isRegular ? format.regularCount : format.channels.count)
    if isRegular { format.regularCount += 1 }
  }

  private func channel(
    _ element: MarkupElement, _ line: Int
  ) throws(StrokeError) -> InkMLFormat.Channel {
    guard let name = element["name"] else {
      throw .invalid(
        file: file, line: line, found: "a channel without a name", expected: "name=\"X\" or another"
      )
    }
    var channel = InkMLFormat.Channel(name: name)
    channel.isBoolean = element["type"] == "boolean"
    channel.fallback = element["default"].flatMap { word in
      word == "T" ? 1 : word == "F" ? 0 : InkMLTrace.number(word)
    }
    channel.minimum = element["min"].flatMap(InkMLTrace.number)
    channel.maximum = element["max"].flatMap(InkMLTrace.number)
    channel.sign = element["orientation"] == "-ve" ? -1 : 1
    channel.units = element["units"]
    channel.respectTo = element["respectTo"]
    return channel
  }
}

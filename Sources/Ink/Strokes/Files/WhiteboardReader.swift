import Markup

/// Reads the XML of the IAM on-line database (Liwicki and Bunke 2005): a whiteboard session whose
/// `StrokeSet` holds `Stroke`s of `Point`s with *x*, *y* downwards and the time in seconds.
///
/// The text is that of the transcription's lines, or of its `Text`; the writer is the form's.
struct WhiteboardReader {
  private let reader: MarkupReader
  private var collector: StrokeCollector
  private var lines: [String] = []
  private var textSize = 0
  private var text: String?
  private var writer: String?
  private let limits: StrokeLimits

  init(_ reader: MarkupReader, limits: StrokeLimits) {
    (self.reader, self.limits) = (reader, limits)
    collector = StrokeCollector(file: reader.name, limits: limits)
  }

  /// Reads the rest of the file, whose root's start was the last event.
  mutating func samples() throws(StrokeError) -> [StrokeSample] {
    var isOpen = false
    while let event = try reader.event() {
      switch event {
      case .start(let element):
        if element.name == "Stroke" {
          isOpen = true
          try collector.begin(line: reader.line)
        } else if element.name == "Point", isOpen {
          try point(element)
        } else {
          try note(element)
        }
      case .end("Stroke"):
        isOpen = false
        try collector.end(line: reader.line)
      case .end, .text: continue
      }
    }
    guard !collector.strokes.isEmpty else { throw .noStrokes(file: reader.name) }
    let text = lines.isEmpty ? text : lines.joined(separator: "\n")
    return [
      StrokeSample(
        recording: PenRecording(strokes: collector.strokes), text: text, writer: writer)
    ]
  }

  private mutating func point(_ element: MarkupElement) throws(StrokeError) {
    guard let x = try number(element, "x"), let y = try number(element, "y") else {
      throw .invalid(
        file: reader.name, line: reader.line, found: "a point without x or y",
        expected: "<Point x=\"1\" y=\"2\" time=\"3\"/>")
    }
    let time = try number(element, "time")
    try collector.add(x: x, y: y, time: time, pressure: nil, line: reader.line)
  }

  private func number(
    _ element: MarkupElement, _ name: String
  ) throws(StrokeError) -> Double? {
    guard let word = element[name] else { return nil }
    guard let value = InkMLTrace.number(word), !word.contains("#") else {
      throw .invalid(
        file: reader.name, line: reader.line, found: "\(name)=\"\(word.prefix(24))\"",
        expected: "a finite number")
    }
    return value
  }

  private mutating func note(_ element: MarkupElement) throws(StrokeError) {
    switch element.name {
    case "TextLine":
      guard let line = element["text"] else { return }
      textSize += line.utf8.count
      guard textSize <= limits.textBytes else {
        throw .tooMany(
          file: reader.name, line: reader.line, what: "bytes of text", limit: limits.textBytes)
      }
      lines.append(line)
    case "Text" where text == nil:
      do throws(MarkupError) {
        text = trimmed(try reader.elementText())
      } catch {
        throw .markup(error)
      }
    case "Form" where writer == nil: writer = element["writerID"]
    default: return
    }
  }
}

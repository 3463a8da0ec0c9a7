import Files
import Markup

extension StrokeFile {
  /// A format that can be written.
  public enum WritableFormat: String, Sendable, CaseIterable {
    /// The W3C's Ink Markup Language.
    case inkML
    /// One JSON object on a line for each recording.
    case json
  }

  /// Writes recordings as JSON, or as InkML, each in a group with its text where there are several.
  ///
  /// The numbers come back as they were. Times are written in milliseconds, if every point has one,
  /// and so is pressure.
  ///
  /// - Throws: `StrokeError.file`; the file is then what it was before.
  public static func write(
    _ samples: [StrokeSample], to path: String, as format: WritableFormat
  ) throws(StrokeError) {
    let bytes: [UInt8] =
      switch format {
      case .inkML: inkML(samples)
      case .json: samples.flatMap { json($0) + [0x0A] }
      }
    do throws(FileError) {
      try AtomicFile.writeThrough(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// A recording as a JSON object without line ends.
  public static func json(_ sample: StrokeSample) -> [UInt8] {
    var text = "{"
    if let words = sample.text { text += "\"text\":\(quoted(words))," }
    if let writer = sample.writer { text += "\"writer\":\(quoted(writer))," }
    let columns = Columns(sample.recording)
    let strokes = sample.recording.strokes.map { stroke in
      "["
        + stroke.points.map { "[\(columns.values($0, "null").joined(separator: ","))]" }
        .joined(separator: ",") + "]"
    }
    return Array((text + "\"strokes\":[" + strokes.joined(separator: ",") + "]}").utf8)
  }

  /// Recordings as an InkML document.
  public static func inkML(_ samples: [StrokeSample]) -> [UInt8] {
    var document = MarkupWriter()
    let columns = Columns(samples.map(\.recording))
    document.start("ink", [("xmlns", "http://www.w3.org/2003/InkML")])
    document.element("context", [("xml:id", "pen")]) { context in
      context.element("traceFormat") { format in
        for attributes in columns.channels { format.element("channel", attributes) }
      }
    }
    for sample in samples {
      if samples.count > 1 { document.start("traceGroup", [("contextRef", "#pen")]) }
      if let text = sample.text {
        document.element("annotation", [("type", "truth")], text: text)
      }
      if let writer = sample.writer {
        document.element("annotation", [("type", "writer")], text: writer)
      }
      for stroke in sample.recording.strokes {
        let points = stroke.points.map { columns.values($0, "?").joined(separator: " ") }
        document.element("trace", [("contextRef", "#pen")], text: points.joined(separator: ", "))
      }
      if samples.count > 1 { document.end() }
    }
    return document.finish()
  }

  /// Which numbers all points have.
  private struct Columns {
    let hasTimes: Bool
    let hasPressure: Bool

    init(_ recording: PenRecording) { self.init([recording]) }

    init(_ recordings: [PenRecording]) {
      func all(_ holds: (StrokePoint) -> Bool) -> Bool {
        recordings.allSatisfy { $0.strokes.allSatisfy { $0.points.allSatisfy(holds) } }
      }
      hasTimes = all { $0.time != nil }
      hasPressure = all { $0.pressure != nil }
    }

    var channels: [[MarkupWriter.Attribute]] {
      var channels: [[MarkupWriter.Attribute]] = [
        [("name", "X"), ("type", "decimal")], [("name", "Y"), ("type", "decimal")],
      ]
      if hasTimes || hasPressure {
        channels.append([("name", "T"), ("type", "decimal"), ("units", "ms")])
      }
      if hasPressure {
        channels.append([("name", "F"), ("type", "decimal"), ("min", "0"), ("max", "1")])
      }
      return channels
    }

    /// The numbers of a point; `none` stands for a time that is not known.
    func values(_ point: StrokePoint, _ none: String) -> [String] {
      var values = [StrokeFile.number(point.x), StrokeFile.number(point.y)]
      if hasTimes || hasPressure {
        let time = hasTimes ? point.time : nil
        values.append(time.map(StrokeFile.milliseconds) ?? none)
      }
      if hasPressure, let pressure = point.pressure {
        values.append(StrokeFile.number(pressure))
      }
      return values
    }
  }

  private static func number(_ value: some CustomStringConvertible) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A time in milliseconds, as short as it may be to give the same seconds when it is read.
  private static func milliseconds(_ seconds: Float) -> String {
    let short = Float(Double(seconds) * 1000).description
    let isExact = Double(short).map { Float($0 / 1000) == seconds } ?? false
    return number(isExact ? short : (Double(seconds) * 1000).description)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

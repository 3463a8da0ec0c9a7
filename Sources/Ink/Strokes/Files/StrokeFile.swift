import Files
import Markup

/// Reads and writes files of pen strokes, whatever their format.
public enum StrokeFile {
  /// What a file may be.
  enum Format {
    case xml
    case json
    case unipen
  }

  /// Reads all recordings of a file; its format is known by its content.
  ///
  /// InkML, UNIPEN, the XML of the IAM on-line database, and JSON: an object or a line for each
  /// recording, `{"strokes": [[[x, y, milliseconds, pressure], ...], ...], "text": "...",
  /// "writer": "..."}`, in which time and pressure may be left out.
  ///
  /// - Returns: One recording or more. An InkML file without a text of its own gives one for each
  ///   group that has one.
  /// - Throws: ``StrokeError`` naming the file, the line, what was found and what was expected.
  public static func read(
    _ path: String, limits: StrokeLimits = StrokeLimits()
  ) throws(StrokeError) -> [StrokeSample] {
    var samples: [StrokeSample] = []
    var pointCount = 0
    try forEach(in: path, limits: limits) { (sample) throws(StrokeError) in
      pointCount += sample.recording.pointCount
      guard pointCount <= 8 * limits.points else {
        throw .tooMany(
          file: path, line: 1, what: "points in all recordings", limit: 8 * limits.points)
      }
      samples.append(sample)
    }
    return samples
  }

  /// Calls `body` with each recording of a file; of JSON no more than one is held at a time.
  public static func forEach(
    in path: String, limits: StrokeLimits = StrokeLimits(),
    _ body: (StrokeSample) throws(StrokeError) -> Void
  ) throws(StrokeError) {
    switch try format(of: path) {
    case .json:
      var reader = try JSONStrokes(path, limits: limits)
      var count = 0
      while let sample = try reader.next() {
        try body(sample)
        count += 1
      }
      if count == 0 { throw .noStrokes(file: path) }
    case .unipen:
      var reader = try UnipenReader(path, limits: limits)
      for sample in try reader.samples() { try body(sample) }
    case .xml:
      for sample in try xml(path, limits) { try body(sample) }
    }
  }

  private static func xml(
    _ path: String, _ limits: StrokeLimits
  ) throws(StrokeError) -> [StrokeSample] {
    let reader: MarkupReader
    do throws(MarkupError) {
      reader = try MarkupReader(path: path, limits: MarkupLimits(textBytes: limits.textBytes))
    } catch {
      throw .markup(error)
    }
    while let event = try reader.event() {
      guard case .start(let root) = event else { continue }
      switch root.name {
      case "ink":
        var ink = InkMLReader(reader, limits: limits)
        return try ink.samples()
      case "WhiteboardCaptureSession", "StrokeSet":
        var whiteboard = WhiteboardReader(reader, limits: limits)
        return try whiteboard.samples()
      default:
        throw .notStrokes(file: path, found: "XML whose root is '\(root.name.prefix(64))'")
      }
    }
    throw .noStrokes(file: path)
  }

  private static func format(of path: String) throws(StrokeError) -> Format {
    var scanner = try ByteScanner(path)
    guard let first = try scanner.peek() else { throw .empty(file: path) }
    // XML says its encoding itself; UTF-16 begins with a mark or with a zero beside its first sign.
    if first == 0xFF || first == 0xFE || first == 0 { return .xml }
    try scanner.skipByteOrderMark()
    try scanner.skipSpace()
    switch try scanner.peek() {
    case UInt8(ascii: "<"): return .xml
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    case UInt8(ascii: "."): return .unipen
    case .none: throw .noStrokes(file: path)
    case .some:
      throw .notStrokes(file: path, found: "a file beginning with \(try scanner.found())")
    }
  }
}

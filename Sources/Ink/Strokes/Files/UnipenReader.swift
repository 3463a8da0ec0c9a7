/// Reads UNIPEN 1.0 (Guyon, Schomaker, Plamondon, Liberman, Janet 1994).
///
/// The file is a series of statements whose keyword begins with a dot in front of the line. Taken are
/// the coordinates of `.PEN_DOWN` in the order of `.COORD`, resolutions, `.POINTS_PER_SECOND`, `.DT`,
/// `.SEGMENT` labels and the writer; *y* is turned to grow downwards, and unequal resolutions are
/// evened out. The text is made of the labels of the level with the fewest segments. `.INCLUDE` is
/// refused; other statements are passed over.
struct UnipenReader: ~Copyable {
  private var scanner: ByteScanner
  private let limits: StrokeLimits
  private var collector: StrokeCollector
  private var channels: [String] = ["X", "Y"]
  private var resolution = (x: 0.0, y: 0.0)
  private var pointsPerSecond = 0.0
  private var clock = 0.0
  private var labels: [(level: String, texts: [String])] = []
  private var labelSize = 0
  private var writer: String?

  init(_ path: String, limits: StrokeLimits) throws(StrokeError) {
    var scanner = try ByteScanner(path)
    try scanner.skipByteOrderMark()
    collector = StrokeCollector(file: path, limits: limits)
    self.scanner = scanner
    self.limits = limits
  }

  /// Reads the whole file.
  mutating func samples() throws(StrokeError) -> [StrokeSample] {
    try scanner.skipSpace()
    while try scanner.peek() != nil {
      guard try scanner.peek() == UInt8(ascii: ".") else {
        throw .invalid(
          file: scanner.file, line: scanner.line, found: try scanner.found(),
          expected: "a keyword such as .PEN_DOWN")
      }
      try statement()
    }
    guard !collector.strokes.isEmpty else { throw .noStrokes(file: scanner.file) }
    let recording = PenRecording(strokes: evened(collector.strokes))
    let texts = labels.min { $0.texts.count < $1.texts.count }?.texts
    return [
      StrokeSample(
        recording: recording, text: texts?.joined(separator: " "), writer: writer)
    ]
  }

  private mutating func statement() throws(StrokeError) {
    let line = scanner.line
    scanner.advance()
    let keyword = try scanner.word(limit: 64) { $0 > 0x20 }
    switch keyword {
    case "COORD": try coordinates(line)
    case "PEN_DOWN": try points(isInk: true)
    case "PEN_UP": try points(isInk: false)
    case "DT": clock += try value(line) / 1000
    case "POINTS_PER_SECOND": pointsPerSecond = try positive(line)
    case "X_POINTS_PER_INCH": resolution.x = try positive(line) / 25.4
    case "Y_POINTS_PER_INCH": resolution.y = try positive(line) / 25.4
    case "X_POINTS_PER_MM": resolution.x = try positive(line)
    case "Y_POINTS_PER_MM": resolution.y = try positive(line)
    case "SEGMENT": try segment()
    case "WRITER_ID": writer = try restOfLine()
    case "INCLUDE":
      throw .invalid(
        file: scanner.file, line: line, found: ".INCLUDE of another file",
        expected: "all strokes in one file")
    default: break
    }
    try skipStatement()
  }

  /// Passes over text until a line that begins with a dot.
  private mutating func skipStatement() throws(StrokeError) {
    var startsLine = false
    while let byte = try scanner.peek() {
      if startsLine, byte == UInt8(ascii: ".") { return }
      startsLine = byte == 0x0A || byte == 0x0D || (startsLine && (byte == 0x20 || byte == 0x09))
      scanner.advance()
    }
  }

  private mutating func restOfLine() throws(StrokeError) -> String {
    let limit = limits.textBytes
    let line = scanner.line
    let word = try scanner.word(limit: limit) { $0 != 0x0A && $0 != 0x0D }
    guard word.utf8.count < limit else {
      throw .tooMany(file: scanner.file, line: line, what: "bytes of text", limit: limit)
    }
    return trimmed(word)
  }

  private mutating func coordinates(_ line: Int) throws(StrokeError) {
    let names = try restOfLine().split(whereSeparator: \.isWhitespace).map { $0.uppercased() }
    guard names.contains("X"), names.contains("Y"), names.count <= 64 else {
      throw .invalid(
        file: scanner.file, line: line,
        found: ".COORD \(names.prefix(8).joined(separator: " "))",
        expected: "names of up to 64 coordinates with X and Y")
    }
    channels = names
  }

  private mutating func value(_ line: Int) throws(StrokeError) -> Double {
    while let byte = try scanner.peek(), byte == 0x20 || byte == 0x09 { scanner.advance() }
    return try number(line)
  }

  private mutating func positive(_ line: Int) throws(StrokeError) -> Double {
    let value = try value(line)
    guard value > 0 else {
      throw .invalid(
        file: scanner.file, line: line, found: "\(value)", expected: "a number above 0")
    }
    return value
  }

  private mutating func number(_ line: Int) throws(StrokeError) -> Double {
    let word = try scanner.word(limit: 64) { $0 > 0x20 }
    guard let value = InkMLTrace.number(word), !word.contains("#") else {
      throw .invalid(
        file: scanner.file, line: line, found: word.isEmpty ? "no number" : "'\(word.prefix(24))'",
        expected: "a finite number")
    }
    return value
  }
}

extension UnipenReader {
  private mutating func points(isInk: Bool) throws(StrokeError) {
    if isInk { try collector.begin(line: scanner.line) }
    var values: [Double] = []
    try scanner.skipSpace()
    // A dot begins a keyword; numbers have a digit before their point.
    while let byte = try scanner.peek(), byte != UInt8(ascii: ".") {
      values.append(try number(scanner.line))
      if values.count == channels.count {
        try add(values, isInk)
        values.removeAll(keepingCapacity: true)
      }
      try scanner.skipSpace()
    }
    guard values.isEmpty else {
      throw .invalid(
        file: scanner.file, line: scanner.line, found: "a point of \(values.count) values",
        expected: "\(channels.count), as .COORD says")
    }
    if isInk { try collector.end(line: scanner.line) }
  }

  private mutating func add(_ values: [Double], _ isInk: Bool) throws(StrokeError) {
    func coordinate(_ name: String) -> Double? {
      channels.firstIndex(of: name).map { values[$0] }
    }
    var time = coordinate("T").map { $0 / 1000 }
    if time == nil, pointsPerSecond > 0 {
      time = clock
      clock += 1 / pointsPerSecond
    }
    guard isInk, let x = coordinate("X"), let y = coordinate("Y") else { return }
    // The unit of pressure differs from tablet to tablet and is not said.
    try collector.add(x: x, y: -y, time: time, pressure: nil, line: scanner.line)
  }

  /// `.SEGMENT LEVEL DELINEATION [QUALITY] "LABEL"`.
  private mutating func segment() throws(StrokeError) {
    let line = scanner.line
    let statement = try restOfLine()
    guard let level = statement.split(whereSeparator: \.isWhitespace).first,
      let start = statement.firstIndex(of: "\""), let end = statement.lastIndex(of: "\""),
      start < end
    else { return }
    let label = String(statement[statement.index(after: start)..<end])
    labelSize += label.utf8.count + 1
    guard labelSize <= limits.textBytes else {
      throw .tooMany(
        file: scanner.file, line: line, what: "bytes of text", limit: limits.textBytes)
    }
    if let index = labels.firstIndex(where: { $0.level == level }) {
      labels[index].texts.append(label)
    } else if labels.count < 16 {
      labels.append((String(level), [label]))
    }
  }

  private func evened(_ strokes: [Stroke]) -> [Stroke] {
    guard resolution.x > 0, resolution.y > 0, resolution.x != resolution.y else { return strokes }
    let factor = Float(resolution.x / resolution.y)
    return PenRecording(strokes: strokes).mapPoints { point in
      var point = point
      point.y *= factor
      return point
    }.strokes
  }
}

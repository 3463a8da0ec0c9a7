/// Reads strokes from JSON, one recording at a time.
///
/// A file holds one or more values, usually one on a line: an object whose `strokes` are the recording
/// and whose `text` and `writer` belong to it, or the bare list of strokes. A stroke is a list of
/// points, and a point is `[x, y]`, `[x, y, time]` or `[x, y, time, pressure]`, the same for the whole
/// recording, with the time in milliseconds, or null where there is only pressure. Other keys are
/// passed over. Nothing but strict JSON is taken, and nothing is held but the recording.
struct JSONStrokes: ~Copyable {
  var scanner: ByteScanner
  let limits: StrokeLimits
  /// Values inside each other, at most, in parts that are passed over.
  private static let depthLimit = 64
  private static let numberLimit = 400

  init(_ path: String, limits: StrokeLimits) throws(StrokeError) {
    var scanner = try ByteScanner(path)
    try scanner.skipByteOrderMark()
    self.scanner = scanner
    self.limits = limits
  }

  /// The next recording, nil at the end of the file.
  mutating func next() throws(StrokeError) -> StrokeSample? {
    try scanner.skipSpace()
    guard let byte = try scanner.peek() else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return StrokeSample(recording: try recording())
    default: throw try wrong("a JSON object or list")
    }
  }

  private mutating func object() throws(StrokeError) -> StrokeSample {
    let line = scanner.line
    var strokes: PenRecording?
    var (text, writer): (String?, String?)
    try each("{", "}") { (reader) throws(StrokeError) in
      let key = try reader.string()
      try reader.scanner.skipSpace()
      try reader.expect(":")
      try reader.scanner.skipSpace()
      switch key {
      case "strokes" where strokes == nil: strokes = try reader.recording()
      case "strokes": throw reader.invalid("'strokes' twice", "one of them")
      case "text": text = try reader.string()
      case "writer": writer = try reader.string()
      default: try reader.skip(depth: 0)
      }
    }
    guard let strokes else {
      throw .invalid(
        file: scanner.file, line: line, found: "an object without 'strokes'",
        expected: "{\"strokes\": [[[x, y], ...], ...]}")
    }
    return StrokeSample(recording: strokes, text: text, writer: writer)
  }

  private mutating func recording() throws(StrokeError) -> PenRecording {
    var collector = StrokeCollector(file: scanner.file, limits: limits)
    var width = 0
    try each("[", "]", "a list of strokes") { (reader) throws(StrokeError) in
      try collector.begin(line: reader.scanner.line)
      try reader.each("[", "]", "a list of points") { (reader) throws(StrokeError) in
        try reader.point(&collector, &width)
      }
      try collector.end(line: reader.scanner.line)
    }
    guard !collector.strokes.isEmpty else {
      throw invalid("a recording without strokes", "one stroke or more")
    }
    return PenRecording(strokes: collector.strokes)
  }

  private mutating func point(
    _ collector: inout StrokeCollector, _ width: inout Int
  ) throws(StrokeError) {
    let line = scanner.line
    var values: [Double?] = []
    try each("[", "]", "a point [x, y], [x, y, time] or [x, y, time, pressure]") {
      (reader) throws(StrokeError) in
      guard values.count < 4 else {
        throw reader.invalid("more than 4 values", "a point of 2 to 4")
      }
      let isNull = try reader.scanner.peek() == UInt8(ascii: "n")
      if isNull, values.count == 2 {
        try reader.skip(depth: 0)
        values.append(nil)
      } else {
        values.append(try reader.number())
      }
    }
    guard values.count >= 2, values.count == width || width == 0,
      let x = values[0], let y = values[1], values.count == 4 || !values.contains(nil)
    else {
      throw .invalid(
        file: scanner.file, line: line,
        found: "a point of \(values.compactMap(\.self).count) values",
        expected: width == 0 ? "a point of 2 to 4 values" : "\(width), as the first point has")
    }
    width = values.count
    let pressure = values.count > 3 ? values[3] : nil
    if let pressure, !(0...1).contains(pressure) {
      throw .invalid(
        file: scanner.file, line: line, found: "the pressure \(pressure)", expected: "0 to 1")
    }
    let time = values.count > 2 ? values[2].map { $0 / 1000 } : nil
    try collector.add(x: x, y: y, time: time, pressure: pressure, line: line)
  }
}

extension JSONStrokes {
  /// Reads a list or an object and calls `body` where each of its entries begins.
  private mutating func each(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ what: String = "",
    _ body: (inout JSONStrokes) throws(StrokeError) -> Void
  ) throws(StrokeError) {
    try expect(open, what)
    try scanner.skipSpace()
    if try scanner.peek() == UInt8(ascii: close) { return scanner.advance() }
    while true {
      try body(&self)
      try scanner.skipSpace()
      if try scanner.peek() == UInt8(ascii: close) { return scanner.advance() }
      guard try scanner.peek() == UInt8(ascii: ",") else { throw try wrong("',' or '\(close)'") }
      scanner.advance()
      try scanner.skipSpace()
    }
  }

  mutating func expect(
    _ sign: Unicode.Scalar, _ what: String = ""
  ) throws(StrokeError) {
    guard try scanner.peek() == UInt8(ascii: sign) else {
      throw try wrong(what.isEmpty ? "'\(sign)'" : what)
    }
    scanner.advance()
  }

  mutating func wrong(_ expected: String) throws(StrokeError) -> StrokeError {
    let line = scanner.line
    guard try scanner.peek() != nil else {
      return .truncated(file: scanner.file, line: line, missing: expected)
    }
    return .invalid(
      file: scanner.file, line: line, found: try scanner.found(), expected: expected)
  }

  func invalid(_ found: String, _ expected: String) -> StrokeError {
    .invalid(file: scanner.file, line: scanner.line, found: found, expected: expected)
  }

  private mutating func number() throws(StrokeError) -> Double {
    guard let first = try scanner.peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else {
      throw try wrong("a number")
    }
    let word = try scanner.word(limit: Self.numberLimit) { ByteScanner.isWord($0) }
    guard Self.isNumber(word), let value = Double(word) else {
      throw invalid("'\(word.prefix(24))'", "a number as JSON writes it")
    }
    guard value.isFinite else { throw invalid("'\(word.prefix(24))'", "a finite number") }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Whether a word is of JSON's form, which leaves out `+1`, `01`, `.5`, `1.`, `0x1` and names.
  private static func isNumber(_ word: String) -> Bool {
    var rest = Substring(word).utf8
    func takeDigits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ signs: String) -> Bool {
      guard let first = rest.first, signs.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = take("-")
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole > 0, whole == 1 || !startsWithZero else { return false }
    if take("."), takeDigits() == 0 { return false }
    if take("eE") {
      _ = take("+-")
      if takeDigits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private mutating func skip(depth: Int) throws(StrokeError) {
    guard depth < Self.depthLimit else {
      throw .tooMany(
        file: scanner.file, line: scanner.line, what: "values inside each other",
        limit: Self.depthLimit)
    }
    switch try scanner.peek() {
    case UInt8(ascii: "{"):
      try each("{", "}") { (reader) throws(StrokeError) in
        _ = try reader.string()
        try reader.scanner.skipSpace()
        try reader.expect(":")
        try reader.scanner.skipSpace()
        try reader.skip(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try each("[", "]") { (reader) throws(StrokeError) in try reader.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      let word = try scanner.word(limit: 24) { ByteScanner.isWord($0) }
      guard ["true", "false", "null"].contains(word) else {
        throw invalid("'\(word)'", "true, false or null")
      }
    default: _ = try number()
    }
  }
}

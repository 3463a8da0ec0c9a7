/// Decodes the numbers of an InkML trace, byte by byte, so that a trace of any length needs no memory.
///
/// A value is a number, `#` and hexadecimal digits, `T`, `F`, `*` for no change or `?` for nothing known.
/// In front of it `!` means the value itself, `'` its change from point to point and `"` the change of
/// that change; the mark holds for its channel until the next one.
struct InkMLTrace {
  /// What is known of a channel after a point.
  struct State {
    var order = 0
    var value: Double?
    var velocity = 0.0
    var acceleration = 0.0
  }

  let file: String
  /// The line of the bytes that are fed next.
  var line = 1
  let format: InkMLFormat
  private(set) var states: [State]
  /// The number that is being read.
  private var token: [UInt8] = []
  /// The mark in front of it.
  private var mark: UInt8?
  /// How many channels of the point are read.
  private var filled = 0

  private static let tokenLimit = 64

  /// A trace that begins anew, or goes on after another one.
  init(file: String, format: InkMLFormat, states: [State]? = nil) {
    (self.file, self.format) = (file, format)
    let fresh = [State](repeating: State(), count: format.channels.count)
    self.states = states.flatMap { $0.count == fresh.count ? $0 : nil } ?? fresh
  }

  /// Takes bytes and calls `point` after each complete point.
  mutating func feed(
    _ text: some Sequence<UInt8>, _ point: (borrowing InkMLTrace) throws(StrokeError) -> Void
  ) throws(StrokeError) {
    for byte in text {
      try take(byte, point)
      if byte == 0x0A { line += 1 }
    }
  }

  /// Takes the end of the text.
  mutating func finish(_ point: (borrowing InkMLTrace) throws(StrokeError) -> Void)
    throws(StrokeError)
  {
    try closeToken()
    if filled > 0 || mark != nil { try closePoint(point) }
  }

  private mutating func take(
    _ byte: UInt8, _ point: (borrowing InkMLTrace) throws(StrokeError) -> Void
  ) throws(StrokeError) {
    switch byte {
    case UInt8(ascii: ","):
      try closeToken()
      try closePoint(point)
    case 0x20, 0x09...0x0D: try closeToken()
    case UInt8(ascii: "!"), UInt8(ascii: "'"), UInt8(ascii: "\""):
      try closeToken()
      guard mark == nil else { throw fault(found: "two marks in a row", expected: "a value") }
      mark = byte
    case UInt8(ascii: "-"):
      // An exponent's sign belongs to the number, any other one begins the next.
      if let last = token.last, last | 0x20 != UInt8(ascii: "e") || token.first == 0x23 {
        try closeToken()
      }
      try append(byte)
    case UInt8(ascii: "#"):
      if token != [UInt8(ascii: "-")] { try closeToken() }
      try append(byte)
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "T"):
      try closeToken()
      try place(byte)
    case UInt8(ascii: "F") where !token.contains(UInt8(ascii: "#")):
      try closeToken()
      try place(byte)
    default: try append(byte)
    }
  }

  private mutating func append(_ byte: UInt8) throws(StrokeError) {
    guard token.count < Self.tokenLimit else {
      throw fault(found: "a number of more than \(Self.tokenLimit) digits", expected: "less")
    }
    token.append(byte)
  }

  private mutating func closeToken() throws(StrokeError) {
    // A sign may stand apart from its number.
    guard !token.isEmpty, token != [UInt8(ascii: "-")] else { return }
    let word = String(decoding: token, as: UTF8.self)
    token.removeAll(keepingCapacity: true)
    guard let number = Self.number(word) else {
      throw fault(found: "'\(word.prefix(24))'", expected: "a number, T, F, * or ?")
    }
    try place(number)
  }

  /// The value of a decimal or hexadecimal number.
  static func number(_ word: String) -> Double? {
    let isNegative = word.hasPrefix("-")
    let body = isNegative ? word.dropFirst() : Substring(word)
    if body.hasPrefix("#") {
      let digits = body.dropFirst()
      guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit), let value = UInt64(digits, radix: 16)
      else { return nil }
      return isNegative ? -Double(value) : Double(value)
    }
    let isDecimal = body.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2E, 0x65, 0x45, 0x2D, 0x2B].contains(byte)
    }
    guard isDecimal, let first = body.utf8.first, (0x30...0x39).contains(first) || first == 0x2E,
      let value = Double(body), value.isFinite
    else { return nil }
    return isNegative ? -value : value
  }
}

extension InkMLTrace {
  private func fault(found: String, expected: String) -> StrokeError {
    .invalid(file: file, line: line, found: found, expected: expected)
  }

  private func channel() throws(StrokeError) -> Int {
    guard filled < format.channels.count else {
      throw fault(
        found: "a point of more than \(format.channels.count) values",
        expected: "\(format.channels.count), as the trace format says")
    }
    return filled
  }

  private mutating func place(_ number: Double) throws(StrokeError) {
    let index = try channel()
    switch mark {
    case UInt8(ascii: "!"): states[index].order = 0
    case UInt8(ascii: "'"): states[index].order = 1
    case UInt8(ascii: "\""): states[index].order = 2
    default: break
    }
    var state = states[index]
    switch state.order {
    case 0:
      state.velocity = state.value.map { number - $0 } ?? 0
      state.value = number
    case 1: state.velocity = number
    default:
      state.acceleration = number
      state.velocity += number
    }
    if state.order > 0 { state.value = try moved(state) }
    states[index] = state
    close()
  }

  private mutating func place(_ sign: UInt8) throws(StrokeError) {
    let index = try channel()
    guard mark == nil, token.isEmpty else {
      throw fault(found: "a mark before '\(Character(Unicode.Scalar(sign)))'", expected: "a number")
    }
    switch sign {
    case UInt8(ascii: "*"):
      guard states[index].value != nil || index >= format.regularCount else {
        throw fault(found: "'*' before any value", expected: "a value")
      }
      if states[index].order == 2 { states[index].velocity += states[index].acceleration }
      if states[index].order > 0 { states[index].value = try moved(states[index]) }
    case UInt8(ascii: "?"): break
    default:
      guard format.channels[index].isBoolean else {
        throw fault(
          found: "'\(Character(Unicode.Scalar(sign)))' for \(format.channels[index].name)",
          expected: "a number")
      }
      states[index].value = sign == UInt8(ascii: "T") ? 1 : 0
    }
    close()
  }

  private func moved(_ state: State) throws(StrokeError) -> Double {
    guard let value = state.value else {
      throw fault(found: "a difference before any value", expected: "a value to add it to")
    }
    return value + state.velocity
  }

  private mutating func close() {
    filled += 1
    mark = nil
  }

  private mutating func closePoint(_ point: (borrowing InkMLTrace) throws(StrokeError) -> Void)
    throws(StrokeError)
  {
    guard mark == nil, token.isEmpty else {
      throw fault(found: "a mark or sign without a number", expected: "a number")
    }
    guard filled >= format.regularCount else {
      throw fault(
        found: filled == 0 ? "no point between commas" : "a point of \(filled) values",
        expected: "\(format.regularCount), as the trace format says")
    }
    for index in filled..<states.count { states[index].value = format.channels[index].fallback }
    filled = 0
    try point(self)
  }
}

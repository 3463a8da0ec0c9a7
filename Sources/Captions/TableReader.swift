import Files

/// Rows of fields parted by white space, as NIST's tools read them.
struct TableReader {
  let file: String
  private var lastStart: [String: (value: Double, text: Substring)] = [:]

  init(file: String) { self.file = file }

  static func text(of path: String) throws(CaptionError) -> String {
    do throws(TextFile.Failure) {
      return try TextFile.read(path)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
  }

  /// The lines that are neither empty nor comments, with their numbers from 1.
  static func rows(_ text: String) -> [(line: Int, text: Substring)] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { (line: $0 + 1, text: $1) }
      .filter { row in
        !row.text.unicodeScalars.starts(with: ";;".unicodeScalars)
          && !row.text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
      }
  }

  /// The fields of a row, at most so many; the last one is the rest.
  static func fields(_ row: Substring, most: Int = .max) -> [Substring] {
    // By scalars: to graphemes, a space and a combining mark behind it are one thing, and no space.
    let scalars = row.unicodeScalars.drop(while: \.properties.isWhitespace)
    return scalars.split(
      maxSplits: most == .max ? .max : most - 1, omittingEmptySubsequences: true,
      whereSeparator: \.properties.isWhitespace
    ).map { Substring($0) }
  }

  /// A number of seconds, 0 or more.
  func seconds(_ field: Substring, _ what: String, line: Int) throws(CaptionError) -> Double {
    try number(field, in: 0...1e9, "\(what) in seconds, 0 or more", line: line)
  }

  /// A number in digits, inside a range.
  func number(
    _ field: Substring, in range: ClosedRange<Double>, _ expected: String, line: Int
  ) throws(CaptionError) -> Double {
    let isDecimal = field.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
    guard isDecimal, let value = Double(field), range.contains(value) else {
      throw .row(file: file, line: line, found: "'\(field)'", expected: expected)
    }
    return value
  }

  /// Notes the start of a row, and refuses one before the last of the same place.
  mutating func checkOrder(
    _ start: Double, _ field: Substring, of place: String, line: Int
  ) throws(CaptionError) {
    if let last = lastStart[place], start < last.value {
      throw .order(
        file: file, line: line, start: String(field), previous: String(last.text))
    }
    lastStart[place] = (start, field)
  }
}

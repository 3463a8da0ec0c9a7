import SwiftCSV

/// Rows of fields out of CSV text, by SwiftCSV.
///
/// SwiftCSV is lenient: it fills up short rows, takes an open quote for one that ends with the file,
/// drops a last empty field that no line end follows, and does not say where an error is. So its
/// row-by-row interface is used, which hands out rows as they are; quotes are counted; a line end is
/// added; and lines are counted from the line ends in what it hands out.
enum TableParser {
  /// The rows of a text, header included, of whatever number of fields.
  static func rows(
    of text: String, name: String, format: TableFormat
  ) throws(TableError) -> TableRows {
    var text = text
    let quoteCount = terminate(&text)
    let collector = RowCollector(byteCount: text.utf8.count)
    do {
      let delimiter = delimiter(of: text, format)
      let csv = try CSV<RowsAsTheyCome>(string: text, delimiter: delimiter, loadColumns: false)
      try csv.enumerateAsArray(rowLimit: nil) { collector.append($0) }
    } catch {
      throw .quotation(file: name, line: collector.nextLine, reason: "a quote inside a field")
    }
    if !quoteCount.isMultiple(of: 2) {
      throw .quotation(
        file: name, line: collector.rows.lines.last ?? 1, reason: "a quote that is never closed")
    }
    collector.dropBlankEnd()
    return collector.rows
  }

  /// Sees to it that the text ends with a line end, and counts its quotes.
  private static func terminate(_ text: inout String) -> Int {
    let isTerminated = text.withUTF8 { bytes in
      bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r")
    }
    if !isTerminated { text.append("\n") }
    return text.withUTF8 { bytes in
      var count = 0
      for byte in bytes where byte == UInt8(ascii: "\"") { count += 1 }
      return count
    }
  }

  private static func delimiter(of text: String, _ format: TableFormat) -> CSVDelimiter {
    switch format.delimiter {
    case .comma: return .comma
    case .semicolon: return .semicolon
    case .tab: return .tab
    case .automatic:
      // The whole text would be copied to look at its first line.
      let start = text.drop { $0.isNewline }.prefix { !$0.isNewline }
      let guess = CSVDelimiter.guessed(string: String(start))
      return format.decimalComma && guess == .comma ? .semicolon : guess
    }
  }
}

/// A view that keeps nothing, since the rows are taken one by one.
private struct RowsAsTheyCome: CSVView {
  var rows: [[String]] { [] }
  var columns: [String]? { nil }

  init(
    header: [String], text: String, delimiter: CSVDelimiter, loadColumns: Bool, rowLimit: Int?
  ) {}

  func serialize(header: [String], delimiter: CSVDelimiter) -> String { "" }
}

/// Rows of any number of fields, as bytes.
struct TableRows {
  /// All fields, one after the other.
  var bytes: [UInt8] = []
  /// Where each field ends.
  var ends: [Int] = []
  /// The number of fields of each row.
  var counts: [Int] = []
  /// The line on which each row begins, from 1.
  var lines: [Int] = []
  /// The line of the header.
  private(set) var firstLine = 1

  /// Takes the first row off.
  mutating func removeFirst() -> [String] {
    firstLine = lines.removeFirst()
    let count = counts.removeFirst()
    var start = 0
    let fields = ends[..<count].map { end in
      defer { start = end }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
    bytes.removeFirst(start)
    ends.removeFirst(count)
    for index in ends.indices { ends[index] -= start }
    return fields
  }
}

/// Collects rows and counts lines.
private final class RowCollector {
  var rows = TableRows()
  /// The line on which the next row begins.
  private(set) var nextLine = 1

  init(byteCount: Int) { rows.bytes.reserveCapacity(byteCount) }

  func append(_ fields: [String]) {
    let start = rows.bytes.count
    for var field in fields {
      field.withUTF8 { rows.bytes.append(contentsOf: $0) }
      rows.ends.append(rows.bytes.count)
    }
    let isBlank = fields.count == 1 && rows.bytes.count == start
    if isBlank, rows.counts.first != 1 {
      rows.ends.removeLast()
    } else {
      rows.counts.append(fields.count)
      rows.lines.append(nextLine)
    }
    nextLine += 1 + lineEndCount(from: start)
  }

  /// Removes blank lines at the end of a table of one column.
  func dropBlankEnd() {
    while rows.counts.last == 1, let end = rows.ends.last, rows.ends.dropLast().last ?? 0 == end {
      rows.counts.removeLast()
      rows.lines.removeLast()
      rows.ends.removeLast()
    }
  }

  private func lineEndCount(from start: Int) -> Int {
    rows.bytes.withUnsafeBufferPointer { bytes in
      var (count, previous) = (0, UInt8(0))
      for byte in bytes[start...] {
        if byte == UInt8(ascii: "\r")
          || byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r")
        {
          count += 1
        }
        previous = byte
      }
      return count
    }
  }
}

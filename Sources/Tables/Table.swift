import Files

/// A table of named columns, read from a CSV file.
///
/// Fields are kept as the bytes of the file, one after the other, so that a table takes little more
/// memory than its file. Every row has as many fields as there are columns.
public struct Table: Sendable {
  /// The name of the file, for errors.
  public let path: String
  /// The names of the columns from left to right.
  public let columnNames: [String]
  /// The line of the file on which each row begins, counted from 1.
  public let lineNumbers: [Int]
  /// What stands for a missing number, and how decimals are written.
  public let format: TableFormat

  let bytes: [UInt8]
  /// Where each field ends; a field begins where the one before it ends.
  let ends: [Int]
  private let indices: [String: Int]

  /// Reads a UTF-8 file, or standard input or a pipe if `path` names one.
  ///
  /// A byte-order mark is skipped; lines may end with LF, CRLF or CR; a field in quotes may hold
  /// delimiters, line ends and doubled quotes. Blank lines are skipped, except that in a table of
  /// one column a blank line between others is an empty field.
  ///
  /// - Parameter name: What errors call the file, if not by its path.
  /// - Throws: ``TableError`` naming file, line, what was found and what was expected.
  public init(
    reading path: String, format: TableFormat = TableFormat(), name: String? = nil
  ) throws(TableError) {
    try self.init(text: TableText.read(path), name: name ?? path, format: format)
  }

  /// Reads a text that is in memory already; `name` is what errors call it.
  public init(
    text: String, name: String, format: TableFormat = TableFormat()
  ) throws(TableError) {
    var rows = try TableParser.rows(of: text, name: name, format: format)
    guard let width = rows.counts.first else { throw .empty(file: name) }
    let header: [String]
    if format.hasHeader {
      header = rows.removeFirst()
      guard !rows.counts.isEmpty else { throw .noRows(file: name) }
    } else {
      header = (1...width).map(String.init)
    }
    for (count, line) in zip(rows.counts, rows.lines) where count != width {
      throw .raggedRow(file: name, line: line, found: count, expected: width)
    }
    var indices: [String: Int] = [:]
    for (index, column) in header.enumerated() {
      guard indices.updateValue(index, forKey: column) == nil else {
        throw .duplicateColumn(file: name, line: rows.firstLine, column: column)
      }
    }
    (path, columnNames, lineNumbers, self.format) = (name, header, rows.lines, format)
    (bytes, ends, self.indices) = (rows.bytes, rows.ends, indices)
  }

  /// The number of rows, without the header.
  public var rowCount: Int { lineNumbers.count }

  /// Whether there is a column of this name.
  public func hasColumn(_ name: String) -> Bool { indices[name] != nil }

  /// The fields of a column, without surrounding quotes.
  public func strings(_ column: String) throws(TableError) -> [String] {
    let index = try index(of: column)
    return (0..<rowCount).map { string(row: $0, column: index) }
  }

  /// The numbers of a column in which none may be missing.
  ///
  /// - Throws: ``TableError`` naming the line and the text that is no finite number.
  public func numbers(_ column: String) throws(TableError) -> [Double] {
    let index = try index(of: column)
    var numbers: [Double] = []
    numbers.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      guard let number = try number(row: row, column: index) else {
        throw .missingValue(
          file: path, line: lineNumbers[row], column: column,
          found: string(row: row, column: index))
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The numbers of a column, nil where the field is one of the format's `missingValues`.
  ///
  /// - Throws: ``TableError`` naming the line and the text that is no finite number.
  public func optionalNumbers(_ column: String) throws(TableError) -> [Double?] {
    let index = try index(of: column)
    var numbers: [Double?] = []
    numbers.reserveCapacity(rowCount)
    for row in 0..<rowCount { numbers.append(try number(row: row, column: index)) }
    return numbers
  }

  private func index(of column: String) throws(TableError) -> Int {
    guard let index = indices[column] else {
      throw .missingColumn(file: path, column: column, known: columnNames)
    }
    return index
  }

  private func string(row: Int, column: Int) -> String {
    let field = row * columnNames.count + column
    return String(decoding: bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]], as: UTF8.self)
  }

  private func number(row: Int, column: Int) throws(TableError) -> Double? {
    let text = string(row: row, column: column)
    if let number = format.number(text), number.isFinite { return number }
    if format.missingValues.contains(text) { return nil }
    let (line, name) = (lineNumbers[row], columnNames[column])
    throw format.number(text) == nil
      ? .notANumber(file: path, line: line, column: name, found: text)
      : .notFinite(file: path, line: line, column: name, found: text)
  }
}

extension TableFormat {
  /// The number that a field holds, infinite or not a number if it says so; spaces around it are
  /// no part of it.
  func number(_ text: String) -> Double? {
    // The common case first; only a field that is none is looked at again.
    if !decimalComma, let number = Double(text) { return number }
    var bytes = Array(text.utf8)
    while bytes.last == UInt8(ascii: " ") || bytes.last == UInt8(ascii: "\t") { bytes.removeLast() }
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    if decimalComma {
      guard !bytes.contains(UInt8(ascii: ".")) else { return nil }
      if let comma = bytes.firstIndex(of: UInt8(ascii: ",")) { bytes[comma] = UInt8(ascii: ".") }
    }
    return Double(String(decoding: bytes, as: UTF8.self))
  }
}

import Files

/// What can be wrong with a table, in words that name the file, the line, what was found, what was
/// expected, and what to do.
public enum TableError: Error, Equatable {
  /// The system did not open or read the file.
  case file(FileError)
  /// The bytes are not UTF-8 text.
  case notText(file: String, reason: String)
  /// The file holds nothing, or nothing but blank lines.
  case empty(file: String)
  /// There is a header, but no row below it.
  case noRows(file: String)
  /// The quotes of a field do not match.
  case quotation(file: String, line: Int, reason: String)
  /// A row has more or fewer fields than there are columns.
  case raggedRow(file: String, line: Int, found: Int, expected: Int)
  /// Two columns have the same name.
  case duplicateColumn(file: String, line: Int, column: String)
  /// There is no such column.
  case missingColumn(file: String, column: String, known: [String])
  /// A text stands where a number is needed.
  case notANumber(file: String, line: Int, column: String, found: String)
  /// A number is infinite, not a number, or beyond what 64 bits can hold.
  case notFinite(file: String, line: Int, column: String, found: String)
  /// A number is missing where none may be.
  case missingValue(file: String, line: Int, column: String, found: String)
}

extension TableError: CustomStringConvertible {
  /// One line: the file, the line, what was found, what was expected, what to do.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notText(let file, let reason): "\(file): \(reason)"
    case .empty(let file): "\(file): is empty, expected a header and rows of fields"
    case .noRows(let file):
      "\(file): has a header but no rows; if it has no header, say hasHeader: false"
    case .quotation(let file, let line, let reason):
      "\(file): line \(line): \(reason); put a field with quotes into quotes and double the inner ones"
    case .raggedRow(let file, let line, let found, let expected):
      "\(file): line \(line): found \(Self.fields(found)), expected \(expected); "
        + "repair the row, or put fields that hold the delimiter into quotes"
    case .duplicateColumn(let file, let line, let column):
      "\(file): line \(line): two columns are called '\(column)'; rename one"
    case .missingColumn(let file, let column, let known):
      "\(file): no column '\(column)'; there are \(Self.list(known))"
    case .notANumber(let file, let line, let column, let found):
      "\(file): line \(line), column '\(column)': found \(Self.quoted(found)), expected a number"
    case .notFinite(let file, let line, let column, let found):
      "\(file): line \(line), column '\(column)': found \(Self.quoted(found)), expected a finite "
        + "number; if it stands for a missing one, list it in missingValues"
    case .missingValue(let file, let line, let column, let found):
      "\(file): line \(line), column '\(column)': the number is missing "
        + "(\(Self.quoted(found))) where none may be; fill it in or leave out the row"
    }
  }

  private static func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }

  private static func quoted(_ text: String) -> String {
    guard !text.isEmpty else { return "nothing" }
    return text.count > 40 ? "'\(text.prefix(40))…'" : "'\(text)'"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
  }
}

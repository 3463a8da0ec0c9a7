extension Double {
  /// The number with so many digits after the point.
  func fixed(_ digits: Int) -> String {
    guard isFinite, abs(self) < 1e15 else { return "\(self)" }
    let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    let rounded = Int64((abs(self) * scale).rounded())
    let sign = self < 0 && rounded > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(rounded)" }
    let (whole, rest) = rounded.quotientAndRemainder(dividingBy: Int64(scale))
    let fraction = "\(rest)"
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole).\(zeros)\(fraction)"
  }

  /// The share as a percentage: `1.25 %`.
  var percent: String { "\((self * 100).fixed(2)) %" }
}

extension Int {
  /// So many bytes: `1.25 MB`.
  var megabytes: String { "\((Double(self) / 1e6).fixed(2)) MB" }
}

extension String {
  /// The text in a column of a table.
  func padded(_ width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - count))
    return right ? spaces + self : self + spaces
  }

  /// The text on one line that no terminal takes for a command: control characters are escaped.
  var printable: String {
    guard unicodeScalars.contains(where: Self.isControl) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Self.isControl(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}

/// Lines whose columns are as wide as their widest cell, two spaces between them.
struct Table {
  private var rows: [[String]] = []
  private let numeric: Set<Int>

  /// A table with a heading; columns in `numeric` are aligned at their right.
  init(_ heading: [String], numeric: Set<Int> = []) {
    rows = [heading]
    self.numeric = numeric
  }

  /// Appends a row.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, each ended.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row.enumerated().map { column, cell in
        cell.padded(widths[column], right: numeric.contains(column))
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

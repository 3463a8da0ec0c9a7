/// Why results could not be read or a report could not be written.
package enum BenchmarkError: Error, Equatable, CustomStringConvertible, Sendable {
  /// A file cannot be read or written.
  case file(reason: String)
  /// A line of a file of results is not a record.
  case invalidLine(file: String, line: Int, reason: String)
  /// A file of results holds no record.
  case empty(file: String)
  /// A page lacks the lines between which the results belong.
  case noPlace(page: String)
  /// A picture cannot be drawn or written.
  case picture(reason: String)

  /// One line with the file, what was found and what to do.
  package var description: String {
    switch self {
    case .file(let reason), .picture(let reason): reason
    case .invalidLine(let file, let line, let reason):
      "\(file), line \(line): \(reason); expected one JSON object a line, as scribe-bench --json "
        + "prints it"
    case .empty(let file):
      "\(file): no results; run bench/run.sh, or scribe-bench with --json"
    case .noPlace(let page):
      "\(page): no lines '\(ReportPage.begin)' and, after it, '\(ReportPage.end)'; put them where "
        + "the results belong"
    }
  }
}

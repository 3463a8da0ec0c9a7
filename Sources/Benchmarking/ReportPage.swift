import Files
import Foundation
import Pictures

/// A page of documentation, part of which is made from results.
package enum ReportPage {
  /// The line before the results.
  package static let begin = "<!-- results: begin -->"
  /// The line after the results.
  package static let end = "<!-- results: end -->"

  /// The page with other results between its marks.
  ///
  /// - Throws: `BenchmarkError.noPlace` if the marks are not there, each on a line of its own.
  package static func replacing(
    in page: String, named name: String, with results: String
  ) throws(BenchmarkError) -> String {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(of: begin[...]),
      let last = lines[first...].firstIndex(of: end[...])
    else { throw .noPlace(page: name) }
    let body = results.split(separator: "\n", omittingEmptySubsequences: false)
    let parts = [lines[...first], [""], body[...], lines[last...]]
    return parts.joined().joined(separator: "\n")
  }

  /// Writes the charts of a report into a folder, which is made if it is missing, and its tables
  /// between the marks of the page.
  ///
  /// The page is checked before anything is written.
  package static func write(
    _ report: Report, charts folder: String, page: String
  ) throws(BenchmarkError) {
    let text: String
    do {
      text = try TextFile.read(page)
    } catch {
      throw .file(reason: "\(page): \(error.reason)")
    }
    let markdown = report.markdown(chartFolder: relative(folder, to: page))
    let changed = try replacing(in: text, named: page, with: markdown)
    try writeCharts(report, folder)
    do {
      try AtomicFile.write(Array(changed.utf8), to: page)
    } catch {
      throw .file(reason: error.description)
    }
  }

  private static func writeCharts(_ report: Report, _ folder: String) throws(BenchmarkError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(reason: "\(folder): cannot be made: \(error.localizedDescription)")
    }
    for (name, chart) in report.charts {
      do {
        try chart.write(to: "\(folder)/\(name).png")
      } catch {
        throw .picture(reason: error.description)
      }
    }
  }

  /// The path of a folder, seen from a page.
  package static func relative(_ folder: String, to page: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(filePath: path).standardizedFileURL.pathComponents.filter { $0 != "/" }
    }
    let (target, base) = (parts(folder), Array(parts(page).dropLast()))
    let common = zip(target, base).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: base.count - common) + target[common...]
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}

import ArgumentParser
import Benchmarking

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make tables and charts of results.",
    discussion: """
      Reads the lines that scribe-bench prints with --json and that the programs under bench/ print. \
      Without --output it prints the tables. With it, it writes the charts into that folder as PNG \
      and the tables into the page, between the lines that mark the place.
      """)

  @Argument(help: "A file of results.", completion: .file(extensions: ["jsonl"]))
  var results: String

  @Option(name: .shortAndLong, help: "The folder for the charts.", completion: .directory)
  var output: String?

  @Option(help: "The page for the tables.", completion: .file(extensions: ["md"]))
  var page = "docs/Benchmarks.md"

  func run() throws {
    let report = Report(try ResultsFile(contentsOf: results))
    guard let output else { return print(report.markdown(chartFolder: nil), terminator: "") }
    try ReportPage.write(report, charts: output, page: page)
  }
}

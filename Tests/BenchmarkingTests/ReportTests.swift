import Benchmarking
import Foundation
import Testing

@Suite struct ReportTests {
  @Test func ratiosPairTheRounds() throws {
    // The medians of the rounds differ by 2, but in each round the peer takes 3 times as long.
    let records = [10.0, 1].flatMap {
      [record("ctc", $0), record("ctc", 3 * $0, library: "PyTorch")]
    }
    let comparison = try #require(Comparison.all(of: records).first)
    #expect(comparison.timings.count == 2)
    #expect(comparison.peers[0].ratio(to: comparison.scribe[0]) == 3)
    #expect(comparison.scribe[0].median == 5.5)
    #expect(comparison.scribe[0].spread == 0.9...11)
  }

  @Test func roundsThatDoNotPairGiveTheRatioOfMedians() throws {
    let records = [record("ctc", 2), record("ctc", 4), record("ctc", 6, library: "PyTorch")]
    let comparison = try #require(Comparison.all(of: records).first)
    #expect(comparison.peers[0].ratio(to: comparison.scribe[0]) == 2)
  }

  @Test func scribeComesFirstAndThreadsAndModesStayApart() {
    let comparisons = Comparison.all(of: [
      record("ctc", 9, library: "PyTorch"), record("ctc", 1), record("ctc", 2, mode: "bfloat16"),
      record("ctc", 1, threads: 1),
    ])
    #expect(comparisons.map(\.threads) == [2, 1])
    #expect(
      comparisons[0].timings.map(\.name)
        == ["Scribe float32", "Scribe bfloat16", "PyTorch 1.2 float32"])
  }

  @Test func tablesSayWhatWasMeasured() throws {
    let markdown = Report(try results()).markdown(chartFolder: "benchmarks")
    let training = """
      ### Training step

      ![Training step](benchmarks/training.png)

      | network | threads | library | mode | median ms | quartiles ms | GFLOP/s | of fp32 peak | ÷ Scribe float32 |
      | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |
      | blstm256 | 2 | Scribe | float32 | 150 | 90.0–220 | 160 | 80 % | 1.00 |
      | blstm256 | 2 | PyTorch 1.2 | float32 | 300 | 180–440 | 80 | 40 % | 2.00 |
      | blstm256 | 2 | PyTorch 1.2 | autocast | 225 | 135–330 | – | – | 1.50 |
      """
    #expect(markdown.contains(training))
    #expect(
      markdown.hasPrefix(
        "Measured on 2026-01-31: Model 7, 2 cores, 16 GiB of memory, Linux, avx2 kernels. Peak of "
          + "fused multiply-adds in registers: 100 GFLOP/s on 1 thread, 200 GFLOP/s on 2 threads."))
  }

  @Test func whatIsSlowerIsSaid() throws {
    let markdown = Report(try results()).markdown(chartFolder: nil)
    #expect(
      markdown.contains(
        "In 1 of 2 comparisons the fastest of the others is faster than Scribe's fastest mode:\n\n"
          + "- Matrix products, 16x256x1024, 1 thread: PyTorch 1.2 float32 takes 0.50 times as long "
          + "as Scribe float32."))
    #expect(!markdown.contains("!["), "no charts were asked for")
  }

  @Test func whereNothingIsSlowerThatIsSaid() throws {
    let lines = try [record("ctc", 1), record("ctc", 2, library: "PyTorch")].map(ResultsFile.line)
    let results = try ResultsFile(lines.joined(separator: "\n"), name: "r")
    #expect(Report(results).markdown(chartFolder: nil).hasPrefix("In each of the 1 comparisons"))
  }

  @Test func chartsCompareTimesAndScaling() throws {
    var scaled = record("scaling step crnn", 5, threads: 2)
    scaled.speedup = 1.9
    let lines = try [scaled, record("lstm 256 forth", 1)].map(ResultsFile.line)
    let scaling = Report(try ResultsFile(lines.joined(separator: "\n"), name: "r"))
    #expect(scaling.sections.map(\.topic) == [.scaling, .kernels])
    #expect(scaling.charts.map(\.name) == ["scaling"], "kernels are compared with nothing")
    #expect(scaling.charts[0].chart.groups[0].bars.map(\.value) == [1.9])

    let charts = Report(try results()).charts
    #expect(charts.map(\.name) == ["training", "products"])
    let bars = charts[0].chart.groups[0].bars
    #expect(bars.map(\.value) == [1, 2, 1.5])
    #expect(bars.map(\.note) == ["150 ms", "300 ms", "225 ms"])
    #expect(bars.map(\.color) == [0, 1, 1], "a library keeps its colour")
  }
}

@Suite struct ReportPageTests {
  private let page = "# Page\n\n\(ReportPage.begin)\nold\n\(ReportPage.end)\n\nafter\n"

  @Test func onlyWhatIsBetweenTheMarksChanges() throws {
    let changed = try ReportPage.replacing(in: page, named: "p", with: "new\n")
    #expect(
      changed == "# Page\n\n\(ReportPage.begin)\n\nnew\n\n\(ReportPage.end)\n\nafter\n")
    #expect(try ReportPage.replacing(in: changed, named: "p", with: "new\n") == changed)
  }

  @Test(arguments: ["", "text", ReportPage.begin, "\(ReportPage.end)\n\(ReportPage.begin)"])
  func pagesWithoutAPlaceAreRefused(page: String) {
    #expect(throws: BenchmarkError.noPlace(page: "p.md")) {
      try ReportPage.replacing(in: page, named: "p.md", with: "x")
    }
  }

  @Test func pageAndChartsAreWritten() throws {
    let folder = try Folder()
    let path = folder.path + "/Benchmarks.md"
    try page.write(toFile: path, atomically: true, encoding: .utf8)
    try ReportPage.write(
      Report(try results()), charts: folder.path + "/charts/new", page: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("![Training step](charts/new/training.png)") && !text.contains("old"))
    for name in ["training", "products"] {
      let picture = try #require(
        FileManager.default.contents(atPath: folder.path + "/charts/new/\(name).png"))
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test func aPageWithoutAPlaceLeavesNothingBehind() throws {
    let folder = try Folder()
    let path = folder.path + "/page.md"
    try "nothing".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: BenchmarkError.noPlace(page: path)) {
      try ReportPage.write(Report(try results()), charts: folder.path + "/charts", page: path)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/charts"))
  }

  @Test(arguments: [
    ("docs/benchmarks", "docs/Benchmarks.md", "benchmarks"),
    ("docs/benchmarks/", "docs/Benchmarks.md", "benchmarks"),
    ("charts", "docs/a/p.md", "../../charts"), ("docs", "docs/p.md", "."),
    ("/x/y", "/x/z/p.md", "../y"),
  ])
  func foldersAreNamedFromThePage(folder: String, page: String, expected: String) {
    #expect(ReportPage.relative(folder, to: page) == expected)
  }
}

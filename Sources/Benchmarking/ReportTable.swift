import Pictures

/// A section of the report as a table in Markdown; columns without a figure are left out.
struct ReportTable {
  private struct Column {
    let title: String
    let isText: Bool
    let cell: (Comparison, Timing) -> String?
  }

  private let section: Report.Section

  init(_ section: Report.Section) { self.section = section }

  var markdown: String {
    let rows = section.comparisons.flatMap { comparison in
      comparison.timings.map { (comparison, $0) }
    }
    let columns = (Self.columns(section.topic) + ratioColumns).compactMap { column in
      let cells = rows.map { column.cell($0.0, $0.1) }
      return cells.contains { $0 != nil } ? (column, cells) : nil
    }
    let head = columns.map(\.0.title)
    let rules = columns.map { $0.0.isText ? "---" : "---:" }
    let body = rows.indices.map { row in columns.map { $0.1[row] ?? "–" } }
    return ([head, rules] + body).map { "| \($0.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }

  private static func columns(_ topic: Topic) -> [Column] {
    func figure(
      _ title: String, _ path: KeyPath<BenchmarkRecord, Double?>, decimals: Int = 0,
      scale: Double = 1
    ) -> Column {
      Column(title: title, isText: false) { _, timing in
        timing.figure(path).map { NumberText.fixed($0 * scale, decimals: decimals) }
      }
    }
    return [
      Column(title: topic.subject, isText: true) { comparison, _ in
        topic.label(comparison.benchmark)
      },
      Column(title: "threads", isText: false) { comparison, _ in "\(comparison.threads)" },
      Column(title: "library", isText: true) { _, timing in timing.library },
      Column(title: "mode", isText: true) { _, timing in timing.mode },
      Column(title: "median ms", isText: false) { _, timing in milliseconds(timing.median) },
      Column(title: "quartiles ms", isText: false) { _, timing in
        "\(milliseconds(timing.spread.lowerBound))–\(milliseconds(timing.spread.upperBound))"
      },
      figure("GFLOP/s", \.gigaflopsPerSecond),
      Column(title: "of fp32 peak", isText: false) { comparison, timing in
        comparison.shareOfPeak(timing).map { NumberText.fixed(100 * $0, decimals: 0) + " %" }
      },
      figure("GB/s", \.gigabytesPerSecond, decimals: 1),
      figure("s of sound per s", \.audioSecondsPerSecond),
      figure("tokens per s", \.tokensPerSecond),
      figure("peak MiB", \.peakMemoryMebibytes),
      figure("speed-up", \.speedup, decimals: 2),
    ]
  }

  /// For each mode of Scribe, how many times as long everything takes.
  private var ratioColumns: [Column] {
    guard section.comparisons.contains(where: { !$0.peers.isEmpty }) else { return [] }
    var modes: [String] = []
    for mode in section.comparisons.flatMap(\.scribe).map(\.mode) where !modes.contains(mode) {
      modes.append(mode)
    }
    return modes.map { mode in
      Column(title: "÷ Scribe \(mode)", isText: false) { comparison, timing in
        comparison.scribe.first { $0.mode == mode }.map {
          NumberText.fixed(timing.ratio(to: $0), decimals: 2)
        }
      }
    }
  }
}

/// Milliseconds with three digits or more.
func milliseconds(_ value: Double) -> String {
  NumberText.fixed(
    value, decimals: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4)
}

import Pictures

/// Tables and charts of a file of results.
package struct Report: Sendable {
  /// A section: what was compared, in the order of the results.
  package struct Section: Sendable {
    /// What it is about.
    package let topic: Topic
    /// The work of the section, by number of threads.
    package let comparisons: [Comparison]
  }

  /// The machine, where the results name it.
  package let machine: MachineRecord?
  /// The sections that have results, in the order of ``Topic``.
  package let sections: [Section]

  /// A report of these results.
  package init(_ results: ResultsFile) {
    machine = results.machine
    let comparisons = Comparison.all(of: results.records)
    sections = Topic.allCases.compactMap { topic in
      let own = comparisons.filter { Topic(of: $0.benchmark) == topic }
      return own.isEmpty ? nil : Section(topic: topic, comparisons: own)
    }
  }

  /// The charts by the name of their file, without its ending.
  package var charts: [(name: String, chart: BarChart)] {
    sections.compactMap { section in section.chart.map { (section.topic.rawValue, $0) } }
  }

  /// The report as Markdown.
  ///
  /// - Parameter chartFolder: Where the charts lie, seen from the page; nil leaves them out.
  package func markdown(chartFolder: String?) -> String {
    var blocks: [String] = []
    if let machine { blocks.append(machine.sentence) }
    if let balance { blocks.append(balance) }
    let drawn = Set(charts.map(\.name))
    for section in sections {
      blocks.append("### \(section.topic.title)")
      if let chartFolder, drawn.contains(section.topic.rawValue) {
        blocks.append("![\(section.topic.title)](\(chartFolder)/\(section.topic.rawValue).png)")
      }
      blocks.append(ReportTable(section).markdown)
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// Where Scribe's fastest mode is slower than the fastest peer, or that it is nowhere.
  private var balance: String? {
    let rows = sections.flatMap { section in
      section.comparisons.map { (section.topic, $0) }
    }
    let compared = rows.compactMap { topic, comparison in
      comparison.best.map { (topic, comparison, $0) }
    }
    guard !compared.isEmpty else { return nil }
    let slower = compared.filter { $0.2.ratio < 1 }
    guard !slower.isEmpty else {
      return "In each of the \(compared.count) comparisons below, Scribe's fastest mode is faster "
        + "than the fastest of the others."
    }
    let lines = slower.map { topic, comparison, best in
      let work = "\(topic.title), \(topic.label(comparison.benchmark)), "
      let share = NumberText.fixed(best.ratio, decimals: 2)
      return "- \(work)\(threads(comparison.threads)): \(best.peer.name) takes \(share) times as "
        + "long as \(best.scribe.name)."
    }
    return "In \(slower.count) of \(compared.count) comparisons the fastest of the others is "
      + "faster than Scribe's fastest mode:\n\n" + lines.joined(separator: "\n")
  }
}

/// A number of threads in words.
func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }

extension MachineRecord {
  /// One paragraph on the machine.
  fileprivate var sentence: String {
    let peaks = peakGigaflopsPerSecond.compactMap { key, value in Int(key).map { ($0, value) } }
      .sorted { $0.0 < $1.0 }
      .map { "\(NumberText.fixed($0.1, decimals: 0)) GFLOP/s on \(threads($0.0))" }
    let memory = NumberText.fixed(memoryGibibytes, decimals: 0)
    return "Measured on \(date): \(machine), \(cores) \(cores == 1 ? "core" : "cores"), "
      + "\(memory) GiB of memory, \(system), \(instructionSet) kernels. "
      + "Peak of fused multiply-adds in registers: \(peaks.joined(separator: ", "))."
  }
}

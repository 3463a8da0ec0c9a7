import Pictures

extension Report.Section {
  /// The section as bars: of a comparison, times as multiples of Scribe's first mode; of scaling,
  /// speed-ups. Nil where nothing is compared.
  var chart: BarChart? {
    topic == .scaling ? scalingChart : comparisonChart
  }

  private var comparisonChart: BarChart? {
    let compared = comparisons.filter { !$0.peers.isEmpty && !$0.scribe.isEmpty }
    guard !compared.isEmpty else { return nil }
    var libraries = [BenchmarkRecord.scribe]
    let groups = compared.map { comparison in
      let unit = comparison.scribe[0].median
      return BarChart.Group(
        "\(topic.label(comparison.benchmark)), \(threads(comparison.threads))",
        comparison.timings.map { timing in
          let library = timing.records[0].library
          if !libraries.contains(library) { libraries.append(library) }
          let spread = timing.spread
          return BarChart.Bar(
            timing.name, timing.median / unit,
            spread: spread.lowerBound / unit...spread.upperBound / unit,
            note: milliseconds(timing.median) + " ms",
            color: libraries.firstIndex(of: library) ?? 0)
        })
    }
    return BarChart(
      title: topic.title,
      axisTitle: "time as a multiple of Scribe's \(compared[0].scribe[0].mode); shorter is faster",
      groups: groups, reference: 1)
  }

  private var scalingChart: BarChart? {
    var groups: [BarChart.Group] = []
    for comparison in comparisons {
      guard let timing = comparison.scribe.first, let speedup = timing.figure(\.speedup) else {
        continue
      }
      let name = topic.label(comparison.benchmark)
      let bar = BarChart.Bar(
        threads(comparison.threads), speedup,
        note: "\(NumberText.fixed(speedup, decimals: 2)) × (\(milliseconds(timing.median)) ms)")
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].bars.append(bar)
      } else {
        groups.append(BarChart.Group(name, [bar]))
      }
    }
    guard !groups.isEmpty else { return nil }
    return BarChart(
      title: topic.title, axisTitle: "times as fast as one thread; longer is faster",
      groups: groups, reference: 1)
  }
}

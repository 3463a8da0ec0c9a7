/// Records of the same work by the same library in the same mode, from one round or several.
package struct Timing: Equatable, Sendable {
  /// The records in the order of the rounds, never empty.
  package var records: [BenchmarkRecord]

  /// The library, with its release where it is known.
  package var library: String {
    [records[0].library, records[0].version].compactMap(\.self).joined(separator: " ")
  }
  /// The precision or another setting.
  package var mode: String { records[0].mode }
  /// Whether this is Scribe.
  package var isScribe: Bool { records[0].library == BenchmarkRecord.scribe }
  /// Library and mode.
  package var name: String { "\(library) \(mode)" }

  /// The median of the rounds' medians, in milliseconds.
  package var median: Double { Self.median(records.map(\.medianMilliseconds)) }

  /// From the lowest first quartile of a round to the highest third.
  package var spread: ClosedRange<Double> {
    let low = records.map(\.lowerQuartileMilliseconds).min() ?? median
    let high = records.map(\.upperQuartileMilliseconds).max() ?? median
    return min(low, median)...max(high, median)
  }

  /// The median over the rounds of a figure that not every record has.
  package func figure(_ path: KeyPath<BenchmarkRecord, Double?>) -> Double? {
    let values = records.compactMap { $0[keyPath: path] }
    return values.isEmpty ? nil : Self.median(values)
  }

  /// How many times as long this takes as `other`: the median over rounds run in turn, or the ratio
  /// of the medians where the rounds do not pair.
  package func ratio(to other: Timing) -> Double {
    guard records.count == other.records.count else { return median / other.median }
    return Self.median(
      zip(records, other.records).map { $0.medianMilliseconds / $1.medianMilliseconds })
  }

  private static func median(_ values: [Double]) -> Double { Measurement(values).median }
}

/// The same work on the same number of threads, by every library and mode.
package struct Comparison: Equatable, Sendable {
  /// What was timed.
  package var benchmark: String
  /// The threads that worked.
  package var threads: Int
  /// Scribe first, then the others as they came.
  package var timings: [Timing]

  /// Scribe's modes.
  package var scribe: [Timing] { timings.filter(\.isScribe) }
  /// The other libraries.
  package var peers: [Timing] { timings.filter { !$0.isScribe } }

  /// The rate of the peak that Scribe's records name.
  package var peak: Double? { scribe.lazy.compactMap { $0.figure(\.peakGigaflopsPerSecond) }.first }

  /// The share of the peak that a timing reaches.
  package func shareOfPeak(_ timing: Timing) -> Double? {
    if let share = timing.figure(\.shareOfPeak) { return share }
    guard let rate = timing.figure(\.gigaflopsPerSecond), let peak else { return nil }
    return rate / peak
  }

  /// The fastest peer, and how many times as long it takes as the fastest of Scribe.
  package var best: (scribe: Timing, peer: Timing, ratio: Double)? {
    guard let ours = scribe.min(by: { $0.median < $1.median }),
      let theirs = peers.min(by: { $0.median < $1.median })
    else { return nil }
    return (ours, theirs, theirs.ratio(to: ours))
  }

  /// Sorts records into comparisons, in the order in which each first appears.
  package static func all(of records: [BenchmarkRecord]) -> [Comparison] {
    var comparisons: [Comparison] = []
    for record in records {
      let index =
        comparisons.firstIndex {
          $0.benchmark == record.benchmark && $0.threads == record.threads
        } ?? comparisons.endIndex
      if index == comparisons.endIndex {
        comparisons.append(
          Comparison(benchmark: record.benchmark, threads: record.threads, timings: []))
      }
      comparisons[index].add(record)
    }
    return comparisons
  }

  private mutating func add(_ record: BenchmarkRecord) {
    let isSame = { (timing: Timing) in
      let first = timing.records[0]
      return first.library == record.library && first.version == record.version
        && first.mode == record.mode
    }
    if let index = timings.firstIndex(where: isSame) {
      timings[index].records.append(record)
    } else {
      let timing = Timing(records: [record])
      timings.insert(timing, at: timing.isScribe ? scribe.count : timings.endIndex)
    }
  }
}

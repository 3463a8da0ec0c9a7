#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The readings that a beam holds.
struct BeamReadings {
  private struct Reading {
    var slot: Int
    var labels: [Int]
    var score: Double
    var signal: Double
    var language: Double
  }

  /// The readings, best first, as many as were asked for.
  let best: [Hypothesis]

  /// - Parameter isWhole: Whether the signal ends here.
  init(_ beam: Beam, _ scorer: PrefixScorer, isWhole: Bool) {
    var readings = isWhole ? Self.readings(beam, scorer, isWhole: true) : []
    let isCut = isWhole && readings.isEmpty
    if readings.isEmpty { readings = Self.readings(beam, scorer, isWhole: false) }
    let delimiter = scorer.delimiter.map(Int.init)
    var merged = Self.merge(readings, delimiter: delimiter)
    merged.sort {
      ($1.score, $0.labels.count) != ($0.score, $1.labels.count)
        ? ($1.score, $0.labels.count) < ($0.score, $1.labels.count)
        : $0.labels.lexicographicallyPrecedes($1.labels)
    }
    let total = Self.logSum(merged.map(\.score))
    best = merged.prefix(scorer.configuration.hypothesisCount).map { reading in
      var hypothesis = Self.hypothesis(reading, beam, delimiter: delimiter)
      hypothesis.confidence = Float(min(1, exp(reading.score - total)))
      if isCut { Self.dropLastWord(&hypothesis, delimiter) }
      return hypothesis
    }
  }

  private static func readings(
    _ beam: Beam, _ scorer: PrefixScorer, isWhole: Bool
  ) -> [Reading] {
    beam.entries.indices.compactMap { slot in
      let entry = beam.entries[slot]
      let labels = beam.arena.labels(of: entry.node)
      // A delimiter at the end of the text is not part of it.
      let isSpaced = isWhole && !labels.isEmpty && entry.last == scorer.delimiter
      var worth = beam.arena.worth(
        of: isSpaced ? beam.arena.parent(of: entry.node) : entry.node)
      if isWhole {
        guard let end = scorer.finish(worth, states: beam.arena.states) else { return nil }
        worth = end
      }
      let language = Double(worth.language)
      return Reading(
        slot: slot, labels: labels,
        score: entry.total + language + Double(worth.bonus) + Double(worth.lent),
        signal: entry.total, language: language)
    }
  }

  /// Joins what differs only in a delimiter at the end.
  private static func merge(_ readings: [Reading], delimiter: Int?) -> [Reading] {
    guard let delimiter else { return readings }
    var places: [[Int]: Int] = [:]
    var merged: [Reading] = []
    for reading in readings {
      let key = reading.labels.last == delimiter ? reading.labels.dropLast() : reading.labels
      guard let place = places[key] else {
        places[key] = merged.count
        merged.append(reading)
        continue
      }
      let other = merged[place]
      if reading.score > other.score { merged[place] = reading }
      merged[place].score = logSum([reading.score, other.score])
      merged[place].signal = logSum([reading.signal, other.signal])
    }
    return merged
  }

  private static func hypothesis(
    _ reading: Reading, _ beam: Beam, delimiter: Int?
  ) -> Hypothesis {
    let entry = beam.entries[reading.slot]
    var alignment = entry.blankAlignment
    if entry.labelAlignment.score > alignment.score {
      alignment = entry.labelAlignment
      alignment.end = Int32(beam.frameCount)
    }
    var spans = beam.chains.spans(alignment, labels: reading.labels)
    if let last = spans.last, last.label == delimiter { spans.removeLast() }
    return Hypothesis(
      spans: spans, score: reading.score, confidence: 0, signalScore: reading.signal,
      languageScore: reading.language)
  }

  private static func dropLastWord(_ hypothesis: inout Hypothesis, _ delimiter: Int?) {
    while let last = hypothesis.spans.last, last.label != delimiter {
      hypothesis.spans.removeLast()
    }
    if !hypothesis.spans.isEmpty { hypothesis.spans.removeLast() }
  }

  private static func logSum(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest > -.infinity else { return -.infinity }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
